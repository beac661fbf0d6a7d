"""The people uPay serves and employs, how to reach them, and what they prove themselves with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class Role(StrEnum):
    """What a person is to uPay; agents, supervisors and admins use the desk and hold no wallets."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"

    @property
    def is_desk(self) -> bool:
        return self in {Role.AGENT, Role.SUPERVISOR, Role.ADMIN}


class Person(Model):
    """Anybody who can sign in.

    `account_name` is the folded form in which names are compared; `freeze_level` is the strongest
    open freeze (see `models.freezes`), 0 for none, and is written with the person's row locked.
    `level` is how far they have proved who they are, 0 to 3; it decides their limits.
    `password_set_at` is null while the password is the first one, as old as the account;
    `password_compromised_at` is since when somebody else may know it.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    account_name = fields.CharField(max_length=32, unique=True)
    display_name = fields.CharField(max_length=64)
    role = fields.CharEnumField(Role, max_length=16)
    locale = fields.CharField(max_length=16)
    time_zone = fields.CharField(max_length=64)
    password_hash = fields.CharField(max_length=256)
    password_set_at: datetime | None = fields.DatetimeField(null=True)
    password_compromised_at: datetime | None = fields.DatetimeField(null=True)
    freeze_level: int = fields.SmallIntField(default=0)
    level: int = fields.SmallIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "people"


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class Contact(Model):
    """An e-mail address or a telephone number (E.164) somebody named as theirs.

    Until `verified_at` is set it is nobody: neither unique, nor a payee, nor a sign-in name. From
    `usable_at` on it may let its owner in. At `leaves_at` it will be removed; a removed one is
    nobody again, and its row stays for the letter about it and for counting codes.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    kind = fields.CharEnumField(ContactKind, max_length=8)
    value = fields.CharField(max_length=254)
    created_at: datetime = fields.DatetimeField()
    verified_at: datetime | None = fields.DatetimeField(null=True)
    usable_at: datetime | None = fields.DatetimeField(null=True)
    leaves_at: datetime | None = fields.DatetimeField(null=True)
    removed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "contacts"


class CodePurpose(StrEnum):
    """What a code that was sent to a contact proves."""

    VERIFY = "verify"  # that the contact is somebody's
    PROVE = "prove"  # in a session, that it is still its owner (the subject is the session)
    PAY = "pay"  # for a challenge, beside the PIN (the subject is the challenge)
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose; the subject is the reset
    REPORT_LOSS = "report_loss"  # that whoever lost their second factors has their letters still


class ContactCode(Model):
    """One code sent to one contact; the digits themselves are derived from `id`, never stored.

    `subject_id` is what the code was asked for; null when it verifies the contact itself.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    contact_id: UUID = fields.UUIDField()
    purpose = fields.CharEnumField(CodePurpose, max_length=16, default=CodePurpose.VERIFY)
    subject_id: UUID | None = fields.UUIDField(null=True)
    wrong_tries: int = fields.SmallIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "contact_codes"


class Pin(Model):
    """A person's payment PIN as a keyed digest, and how often it was guessed wrong.

    For a day after `reset_at` it is not enough alone: see `domain.pin_resets`.
    """

    person_id: UUID = fields.UUIDField(primary_key=True)
    mac: bytes = fields.BinaryField()
    key_id = fields.CharField(max_length=16)
    wrong_tries: int = fields.SmallIntField(default=0)
    lockouts: int = fields.SmallIntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)
    set_at: datetime = fields.DatetimeField()
    reset_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "pins"


class Totp(Model):
    """A person's second factor; `last_counter` is the newest 30-second step that was accepted."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    sealed_secret: bytes = fields.BinaryField()
    last_counter: int = fields.BigIntField(default=0)
    created_at: datetime = fields.DatetimeField()

    class Meta:
        table = "totps"


class GuardedFactor(StrEnum):
    """What is guessed at."""

    PASSWORD = "password"  # noqa: S105 - a kind
    CODE = "code"  # of a second factor


class SignInGuard(Model):
    """How often a password or a code was guessed wrong.

    The subject is the person, one of their devices, or a number that the names of nobody share;
    `person_id` is whose guard it is where the subject does not say so.
    """

    subject_id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID | None = fields.UUIDField(null=True)
    factor = fields.CharEnumField(GuardedFactor, max_length=8, default=GuardedFactor.PASSWORD)
    wrong_tries: int = fields.SmallIntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in_guards"


class AddressGuard(Model):
    """How often anybody's password was guessed wrong from the network addresses of one slot."""

    slot: int = fields.IntField(primary_key=True)
    wrong_tries: int = fields.SmallIntField()
    began_at: datetime = fields.DatetimeField()

    class Meta:
        table = "address_guards"

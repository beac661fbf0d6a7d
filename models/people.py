"""The people uPay serves and employs, how to reach them, and what they prove themselves with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class Role(StrEnum):
    """What a person is to uPay; agents, supervisors and admins use the desk and hold no wallets."""

    CUSTOMER = "customer"
    MERCHANT = "merchant"
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
    """

    id: UUID = fields.UUIDField(primary_key=True)
    account_name = fields.CharField(max_length=32, unique=True)
    display_name = fields.CharField(max_length=64)
    role = fields.CharEnumField(Role, max_length=16)
    locale = fields.CharField(max_length=16)
    time_zone = fields.CharField(max_length=64)
    password_hash = fields.CharField(max_length=256)
    freeze_level: int = fields.SmallIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    closed_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "people"


class ContactKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"


class Contact(Model):
    """An e-mail address or a telephone number (E.164) somebody named as theirs.

    Until `verified_at` is set it is nobody: neither unique, nor a payee, nor a sign-in name.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    kind = fields.CharEnumField(ContactKind, max_length=8)
    value = fields.CharField(max_length=254)
    created_at: datetime = fields.DatetimeField()
    verified_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "contacts"


class ContactCode(Model):
    """One code sent to one contact; the digits themselves are derived from `id`, never stored."""

    id: UUID = fields.UUIDField(primary_key=True)
    contact_id: UUID = fields.UUIDField()
    wrong_tries: int = fields.SmallIntField(default=0)
    created_at: datetime = fields.DatetimeField()
    expires_at: datetime = fields.DatetimeField()
    used_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "contact_codes"


class Pin(Model):
    """A person's payment PIN as a keyed digest, and how often it was guessed wrong."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    mac: bytes = fields.BinaryField()
    key_id = fields.CharField(max_length=16)
    wrong_tries: int = fields.SmallIntField(default=0)
    lockouts: int = fields.SmallIntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)
    set_at: datetime = fields.DatetimeField()

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


class SignInGuard(Model):
    """How often a password or second factor was guessed wrong.

    The subject is the person, or a number that the names of nobody share.
    """

    subject_id: UUID = fields.UUIDField(primary_key=True)
    wrong_tries: int = fields.SmallIntField(default=0)
    locked_until: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "sign_in_guards"

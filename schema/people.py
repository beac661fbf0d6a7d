"""People as they see themselves: how to reach them, their wallets, what protects them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from models import people as rows
from models.wallets import Account, AccountKind
from schema import ids
from schema.context import Info
from schema.nodes import Node
from schema.problems import people as problems
from schema.texts import Language
from schema.wallets import Wallet


@strawberry.enum(description="What a person is to uPay.")
class Role(Enum):
    CUSTOMER = rows.Role.CUSTOMER
    MERCHANT = rows.Role.MERCHANT
    AGENT = rows.Role.AGENT
    SUPERVISOR = rows.Role.SUPERVISOR
    ADMIN = rows.Role.ADMIN


@strawberry.enum(description="How somebody can be reached.")
class ContactKind(Enum):
    EMAIL = rows.ContactKind.EMAIL
    PHONE = rows.ContactKind.PHONE


@strawberry.type(description="An e-mail address or a telephone number.")
class Contact:
    id: strawberry.ID
    kind: ContactKind
    value: str
    is_verified: bool = strawberry.field(
        description="Until its code came back a contact is nobody: no payee and no sign-in name."
    )

    @classmethod
    def of(cls, row: rows.Contact) -> Contact:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.CONTACT, row.id)),
            kind=ContactKind(row.kind),
            value=row.value,
            is_verified=row.verified_at is not None,
        )


@strawberry.type(description="The payment PIN: six digits that confirm payments.")
class PinState:
    is_set: bool
    locked_until: datetime | None = strawberry.field(
        description="When it opens again after too many wrong tries; null when it is open."
    )


@strawberry.type(description="A person, as only they see themselves.")
class Person(Node):
    account_name: str
    display_name: str
    role: Role
    locale: Language
    time_zone: str = strawberry.field(description="IANA name; where this person's day begins.")
    is_frozen: bool = strawberry.field(description="Whether nothing may leave their wallets.")
    created_at: datetime
    row: strawberry.Private[rows.Person]

    @strawberry.field(description="Every contact they named, verified or not.")
    async def contacts(self) -> list[Contact]:
        found = await rows.Contact.filter(person_id=self.row.id).order_by("id")
        return [Contact.of(row) for row in found]

    @strawberry.field(description="Their wallets, one for each currency.")
    async def wallets(self, info: Info) -> list[Wallet]:
        found = await Account.filter(owner_id=self.row.id, kind=AccountKind.WALLET).order_by("id")
        return [Wallet.of(row, info) for row in found]

    @strawberry.field
    async def pin(self, info: Info) -> PinState:
        row = await rows.Pin.get_or_none(person_id=self.row.id)
        locked_until = row.locked_until if row else None
        is_locked = locked_until is not None and locked_until > info.context.now
        return PinState(is_set=row is not None, locked_until=locked_until if is_locked else None)

    @classmethod
    def of(cls, row: rows.Person) -> Person:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PERSON, row.id)),
            account_name=row.account_name,
            display_name=row.display_name,
            role=Role(row.role),
            locale=Language(row.locale),
            time_zone=row.time_zone,
            is_frozen=row.freeze_level > 0,
            created_at=row.created_at,
            row=row,
        )


@strawberry.input
class RegisterInput:
    account_name: str = strawberry.field(
        description="3 to 32 Latin letters, digits, dots, dashes or underscores; a letter first."
    )
    display_name: str = strawberry.field(description="1 to 64 characters.")
    email: str
    phone: str | None = strawberry.field(
        default=None, description="International form, such as +86 138 0000 0000."
    )
    password: str = strawberry.field(
        description="At least 12 characters with letters, digits and symbols."
    )
    locale: Language = Language.ZH_CN
    time_zone: str = "Asia/Shanghai"


@strawberry.type(description="The person is there; a code is on its way to each contact.")
class Registered:
    person: Person


RegisterResult = Annotated[
    Registered
    | problems.AccountNameInvalid
    | problems.AccountNameTaken
    | problems.DisplayNameInvalid
    | problems.EmailInvalid
    | problems.PhoneInvalid
    | problems.TimeZoneInvalid
    | problems.PasswordTooWeak,
    strawberry.union("RegisterResult"),
]


@strawberry.input
class SendContactCodeInput:
    contact_id: strawberry.ID


@strawberry.type(description="A code is on its way.")
class ContactCodeSent:
    contact: Contact


SendContactCodeResult = Annotated[
    ContactCodeSent | problems.TooManyCodes, strawberry.union("SendContactCodeResult")
]


@strawberry.input
class VerifyContactInput:
    contact_id: strawberry.ID
    code: str = strawberry.field(description="The six digits that were sent.")


@strawberry.type(description="The contact is proved to be yours.")
class ContactVerified:
    contact: Contact


VerifyContactResult = Annotated[
    ContactVerified | problems.CodeWrong | problems.CodeExpired | problems.ContactTaken,
    strawberry.union("VerifyContactResult"),
]


@strawberry.input
class SetPinInput:
    pin: str = strawberry.field(description="Six digits, neither a row nor all alike.")


@strawberry.input
class ChangePinInput:
    current_pin: str
    new_pin: str = strawberry.field(description="Six digits, neither a row nor all alike.")


@strawberry.type(description="The payment PIN is what you said.")
class PinSaved:
    pin: PinState


SetPinResult = Annotated[
    PinSaved | problems.PinTooSimple | problems.PinAlreadySet, strawberry.union("SetPinResult")
]
ChangePinResult = Annotated[
    PinSaved | problems.PinTooSimple | problems.PinNotSet | problems.WrongPin | problems.PinLocked,
    strawberry.union("ChangePinResult"),
]

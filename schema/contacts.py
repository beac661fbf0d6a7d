"""Contacts as their owner sees them: e-mail addresses and telephone numbers."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import contacts
from models import people as rows
from schema import ids
from schema.problems import contacts as problems
from schema.problems.people import EmailInvalid, PhoneInvalid
from schema.problems.sessions import ProofNeeded


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
    usable_at: datetime | None = strawberry.field(
        description="From when on it may let you in: reset a password, or be sent a code that "
        "proves that it is you. A day after its code came back for all but the first; null until "
        "then."
    )
    leaves_at: datetime | None = strawberry.field(
        description="When it will be removed, which `keepContact` undoes; null when it stays."
    )

    @classmethod
    def of(cls, row: rows.Contact) -> Contact:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.CONTACT, row.id)),
            kind=ContactKind(row.kind),
            value=row.value,
            is_verified=row.verified_at is not None,
            usable_at=contacts.usable_from(row),
            leaves_at=row.leaves_at,
        )


@strawberry.input(description="A contact, in one of the ways there are.", one_of=True)
class AddContactInput:
    email: strawberry.Maybe[str] = strawberry.field(description="An e-mail address.")
    phone: strawberry.Maybe[str] = strawberry.field(
        description="International form, such as +86 138 0000 0000."
    )


@strawberry.type(
    description="The contact is noted and a code is on its way to it, unless it was proved before."
)
class ContactAdded:
    contact: Contact


AddContactResult = Annotated[
    ContactAdded
    | EmailInvalid
    | PhoneInvalid
    | ProofNeeded
    | problems.TooManyContacts
    | problems.TooManyCodes,
    strawberry.union("AddContactResult"),
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
class RemoveContactInput:
    contact_id: strawberry.ID


@strawberry.type(description="It is gone if it was never proved, and else goes in a day.")
class ContactRemoved:
    contact: Contact


RemoveContactResult = Annotated[
    ContactRemoved | ProofNeeded | problems.LastContact, strawberry.union("RemoveContactResult")
]


@strawberry.input
class KeepContactInput:
    contact_id: strawberry.ID


@strawberry.type(description="The contact stays.")
class ContactKept:
    contact: Contact


KeepContactResult = Annotated[ContactKept | ProofNeeded, strawberry.union("KeepContactResult")]

"""Problems around contacts: adding, proving and removing them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain import contacts
from schema.problems.base import Problem, names


@names(contacts.CodeWrong, code="CODE_WRONG", field="code")
@strawberry.type(description="The code is wrong.")
class CodeWrong(Problem):
    tries_left: int = strawberry.field(description="Tries before the code is void.")


@names(contacts.CodeExpired, code="CODE_EXPIRED", field="code")
@strawberry.type(description="The code is too old, was used, or was guessed wrong too often.")
class CodeExpired(Problem):
    pass


@names(contacts.TooManyCodes, code="TOO_MANY_CODES")
@strawberry.type(
    description="Too many codes were sent to this contact within the hour, or to all contacts of "
    "this person within the minute or the hour."
)
class TooManyCodes(Problem):
    again_at: datetime = strawberry.field(description="When another one can be sent.")


@names(contacts.NoUsableContact, code="NO_USABLE_CONTACT")
@strawberry.type(description="No contact has been proved for long enough to be believed.")
class NoUsableContact(Problem):
    pass


@names(contacts.ContactTaken, code="CONTACT_TAKEN")
@strawberry.type(description="Another account has proved to own this contact.")
class ContactTaken(Problem):
    pass


@names(contacts.TooManyContacts, code="TOO_MANY_CONTACTS")
@strawberry.type(description="There are five contacts of this kind already: remove one first.")
class TooManyContacts(Problem):
    pass


@names(contacts.LastContact, code="LAST_CONTACT", field="contactId")
@strawberry.type(
    description="No other contact that stays could let you in: add one, and wait a day."
)
class LastContact(Problem):
    pass

"""Problems around people: registering, signing in, contacts, the PIN."""

from __future__ import annotations

import strawberry

from domain import names as rules
from domain import people, pins
from schema.problems.base import Problem, names
from schema.problems.contacts import CodeExpired, CodeWrong, ContactTaken, TooManyCodes
from schema.problems.money import PinLocked, PinNotSet, WrongPin
from schema.problems.passwords import PasswordTooWeak

__all__ = [
    "CodeExpired",
    "CodeWrong",
    "ContactTaken",
    "PasswordTooWeak",
    "PinLocked",
    "PinNotSet",
    "TooManyCodes",
    "WrongPin",
]


@names(rules.AccountNameInvalid, code="ACCOUNT_NAME_INVALID", field="accountName")
@strawberry.type(description="Not a name an account can have.")
class AccountNameInvalid(Problem):
    pass


@names(people.AccountNameTaken, code="ACCOUNT_NAME_TAKEN", field="accountName")
@strawberry.type(description="Somebody else has this account name.")
class AccountNameTaken(Problem):
    pass


@names(rules.DisplayNameInvalid, code="DISPLAY_NAME_INVALID", field="displayName")
@strawberry.type(description="Empty, too long, or with characters that cannot be seen.")
class DisplayNameInvalid(Problem):
    pass


@names(rules.EmailInvalid, code="EMAIL_INVALID", field="email")
@strawberry.type(description="Not an e-mail address.")
class EmailInvalid(Problem):
    pass


@names(rules.PhoneInvalid, code="PHONE_INVALID", field="phone")
@strawberry.type(description="Not a telephone number in international form.")
class PhoneInvalid(Problem):
    pass


@names(rules.TimeZoneInvalid, code="TIME_ZONE_INVALID", field="timeZone")
@strawberry.type(description="Not an IANA time zone.")
class TimeZoneInvalid(Problem):
    pass


@names(pins.PinTooSimple, code="PIN_TOO_SIMPLE", field="pin")
@strawberry.type(description="Not six digits, or six that everybody guesses first.")
class PinTooSimple(Problem):
    pass


@names(pins.PinAlreadySet, code="PIN_ALREADY_SET")
@strawberry.type(description="A payment PIN is set already: see `changePin`.")
class PinAlreadySet(Problem):
    pass

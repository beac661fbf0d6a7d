"""Problems around people: registering, signing in, contacts, the PIN."""

from __future__ import annotations

from datetime import datetime

import strawberry

from domain import contacts, guards, passwords, people, pins, sessions
from domain import names as rules
from schema.problems.base import Problem, names
from schema.problems.money import PinLocked, PinNotSet, WrongPin

__all__ = ["PinLocked", "PinNotSet", "WrongPin"]


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


@names(passwords.PasswordTooWeak, code="PASSWORD_TOO_WEAK", field="password")
@strawberry.type(description="The password breaks a rule.")
class PasswordTooWeak(Problem):
    reasons: list[str] = strawberry.field(description="Which rules, as codes.")


@names(contacts.CodeWrong, code="CODE_WRONG", field="code")
@strawberry.type(description="The code is wrong.")
class CodeWrong(Problem):
    tries_left: int = strawberry.field(description="Tries before the code is void.")


@names(contacts.CodeExpired, code="CODE_EXPIRED", field="code")
@strawberry.type(description="The code is too old, was used, or was guessed wrong too often.")
class CodeExpired(Problem):
    pass


@names(contacts.TooManyCodes, code="TOO_MANY_CODES")
@strawberry.type(description="Too many codes were sent to this contact.")
class TooManyCodes(Problem):
    again_at: datetime = strawberry.field(description="When another one can be sent.")


@names(contacts.ContactTaken, code="CONTACT_TAKEN")
@strawberry.type(description="Another account has proved to own this contact.")
class ContactTaken(Problem):
    pass


@names(sessions.SignInRefused, code="SIGN_IN_REFUSED")
@strawberry.type(description="Name, password or code is wrong; which one is not said.")
class SignInRefused(Problem):
    pass


@names(guards.SignInLocked, code="SIGN_IN_LOCKED")
@strawberry.type(description="The password was guessed wrong too often.")
class SignInLocked(Problem):
    until: datetime = strawberry.field(description="When it can be tried again.")


@names(sessions.SecondFactorRequired, code="SECOND_FACTOR_REQUIRED", field="code")
@strawberry.type(description="A code from the authenticator app is needed as well.")
class SecondFactorRequired(Problem):
    pass


@names(sessions.SessionEnded, code="SESSION_ENDED", field="refreshToken")
@strawberry.type(description="The refresh token is unknown, too old, or was used before.")
class SessionEnded(Problem):
    pass


@names(pins.PinTooSimple, code="PIN_TOO_SIMPLE", field="pin")
@strawberry.type(description="Not six digits, or six that everybody guesses first.")
class PinTooSimple(Problem):
    pass


@names(pins.PinAlreadySet, code="PIN_ALREADY_SET")
@strawberry.type(description="A payment PIN is set already: see `changePin`.")
class PinAlreadySet(Problem):
    pass

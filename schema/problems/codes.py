"""The codes of problems; a code enters with the feature that raises it."""

from __future__ import annotations

from enum import Enum

import strawberry


@strawberry.enum(description="What a problem is, for programs; never translated.")
class ProblemCode(Enum):
    KEY_INVALID = strawberry.enum_value(
        "KEY_INVALID", description="The idempotency key is not 1 to 64 visible ASCII characters."
    )
    KEY_REUSED = strawberry.enum_value(
        "KEY_REUSED", description="The idempotency key was given before for something else."
    )
    BUSY = strawberry.enum_value("BUSY", description="Too much is waiting; nothing was recorded.")
    OUTCOME_UNKNOWN = strawberry.enum_value(
        "OUTCOME_UNKNOWN",
        description="The database did not answer in time; it may have been recorded.",
    )
    AMOUNT_INVALID = strawberry.enum_value(
        "AMOUNT_INVALID", description="The amount is zero, negative or too large."
    )
    CURRENCY_MISMATCH = strawberry.enum_value(
        "CURRENCY_MISMATCH", description="The amount is in another currency than the wallet."
    )
    CURRENCY_NOT_OFFERED = strawberry.enum_value(
        "CURRENCY_NOT_OFFERED", description="uPay keeps no wallets in this currency."
    )
    NOTE_INVALID = strawberry.enum_value(
        "NOTE_INVALID",
        description="The note is longer than 140 characters or has characters that cannot be seen.",
    )
    TOP_UPS_UNAVAILABLE = strawberry.enum_value(
        "TOP_UPS_UNAVAILABLE", description="No payment provider is connected."
    )
    PAYEE_NOT_FOUND = strawberry.enum_value(
        "PAYEE_NOT_FOUND", description="Nobody who can be paid goes by that."
    )
    PAYEE_CANNOT_RECEIVE = strawberry.enum_value(
        "PAYEE_CANNOT_RECEIVE", description="The payee cannot be paid like this now."
    )
    SELF_PAYMENT = strawberry.enum_value(
        "SELF_PAYMENT", description="Payer and payee are one person."
    )
    WALLET_CLOSED = strawberry.enum_value("WALLET_CLOSED", description="The wallet is closed.")
    ACCOUNT_FROZEN_BY_USER = strawberry.enum_value(
        "ACCOUNT_FROZEN_BY_USER", description="The person froze their own payments."
    )
    ACCOUNT_RESTRICTED = strawberry.enum_value(
        "ACCOUNT_RESTRICTED", description="uPay froze payments from this account."
    )
    INSUFFICIENT_FUNDS = strawberry.enum_value(
        "INSUFFICIENT_FUNDS", description="The wallet holds less than the payment needs."
    )
    PIN_NOT_SET = strawberry.enum_value("PIN_NOT_SET", description="There is no payment PIN yet.")
    PIN_WRONG = strawberry.enum_value("PIN_WRONG", description="The payment PIN is wrong.")
    PIN_LOCKED = strawberry.enum_value(
        "PIN_LOCKED", description="The payment PIN was guessed wrong too often."
    )
    PIN_TOO_SIMPLE = strawberry.enum_value(
        "PIN_TOO_SIMPLE",
        description="The PIN is not six digits, or is one everybody guesses first.",
    )
    PIN_ALREADY_SET = strawberry.enum_value(
        "PIN_ALREADY_SET", description="A payment PIN is set already."
    )
    QUOTE_EXPIRED = strawberry.enum_value(
        "QUOTE_EXPIRED", description="The quote is older than five minutes."
    )
    CHALLENGE_SPENT = strawberry.enum_value(
        "CHALLENGE_SPENT", description="The challenge was used before, or has expired."
    )
    CANNOT_CANCEL = strawberry.enum_value(
        "CANNOT_CANCEL", description="The transfer is no longer waiting."
    )
    ACCOUNT_NAME_INVALID = strawberry.enum_value(
        "ACCOUNT_NAME_INVALID",
        description="Not 3 to 32 letters, digits, dots, dashes or underscores that begin with a letter.",
    )
    ACCOUNT_NAME_TAKEN = strawberry.enum_value(
        "ACCOUNT_NAME_TAKEN", description="Somebody else has this account name."
    )
    DISPLAY_NAME_INVALID = strawberry.enum_value(
        "DISPLAY_NAME_INVALID",
        description="The display name is empty, too long, or has characters that cannot be seen.",
    )
    EMAIL_INVALID = strawberry.enum_value("EMAIL_INVALID", description="Not an e-mail address.")
    PHONE_INVALID = strawberry.enum_value(
        "PHONE_INVALID", description="Not a telephone number in international form."
    )
    TIME_ZONE_INVALID = strawberry.enum_value(
        "TIME_ZONE_INVALID", description="Not an IANA time zone."
    )
    PASSWORD_TOO_WEAK = strawberry.enum_value(
        "PASSWORD_TOO_WEAK", description="The password breaks the rules named in reasons."
    )
    CODE_WRONG = strawberry.enum_value("CODE_WRONG", description="The code is wrong.")
    CODE_EXPIRED = strawberry.enum_value(
        "CODE_EXPIRED", description="The code is too old, was used, or was guessed wrong too often."
    )
    TOO_MANY_CODES = strawberry.enum_value(
        "TOO_MANY_CODES", description="Too many codes were sent to this contact."
    )
    CONTACT_TAKEN = strawberry.enum_value(
        "CONTACT_TAKEN", description="Another account has proved to own this contact."
    )
    SIGN_IN_REFUSED = strawberry.enum_value(
        "SIGN_IN_REFUSED",
        description="The name, the password or the code is wrong; which one is not said.",
    )
    SIGN_IN_LOCKED = strawberry.enum_value(
        "SIGN_IN_LOCKED", description="The password was guessed wrong too often."
    )
    SECOND_FACTOR_REQUIRED = strawberry.enum_value(
        "SECOND_FACTOR_REQUIRED", description="A code from the authenticator app is needed as well."
    )
    SESSION_ENDED = strawberry.enum_value(
        "SESSION_ENDED", description="The refresh token is unknown, too old, or was used before."
    )
    ALREADY_FROZEN = strawberry.enum_value("ALREADY_FROZEN", description="It is frozen already.")
    NOT_FROZEN = strawberry.enum_value("NOT_FROZEN", description="It is not frozen.")
    FREEZE_IS_STRONGER = strawberry.enum_value(
        "FREEZE_IS_STRONGER", description="Somebody stronger froze it."
    )
    REASON_REQUIRED = strawberry.enum_value(
        "REASON_REQUIRED", description="Agents give a reason of 3 to 500 characters."
    )

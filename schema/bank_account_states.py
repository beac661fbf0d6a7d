"""How far a bank account was checked, and why one was refused."""

from __future__ import annotations

from enum import Enum

import strawberry

from models import bank_accounts as rows


@strawberry.enum(description="What stands behind it.")
class BankAccountKind(Enum):
    BANK_ACCOUNT = rows.BankAccountKind.BANK_ACCOUNT.value
    CARD = rows.BankAccountKind.CARD.value


@strawberry.enum(description="How far a bank account or card was checked.")
class BankAccountStatus(Enum):
    PENDING = strawberry.enum_value("pending", description="The provider has yet to say.")
    AMOUNT_SENT = strawberry.enum_value(
        "amount_sent",
        description="A small amount went there: say which one with `verifyBankAccount`.",
    )
    VERIFIED = strawberry.enum_value(
        "verified", description="Top-ups from it, and after a day withdrawals to it, are possible."
    )
    REFUSED = strawberry.enum_value("refused", description="`refusedFor` says why.")
    REMOVED = "removed"


@strawberry.enum(description="Why a bank account or card was refused.")
class BankAccountRefusal(Enum):
    HOLDER_DIFFERS = strawberry.enum_value(
        "holder_differs", description="The bank knows its holder by another name."
    )
    NOT_FOUND = strawberry.enum_value(
        "account_invalid", description="The bank has no such account or card."
    )
    CLOSED = strawberry.enum_value("account_closed", description="It is closed at the bank.")
    GUESSED = strawberry.enum_value(
        "too_many_tries", description="The amount was said wrong three times."
    )
    OTHER = strawberry.enum_value("other", description="The bank said no and not why.")


def refusal(word: str | None) -> BankAccountRefusal:
    """The provider's word in ours; one that nobody knows is OTHER."""
    try:
        return BankAccountRefusal(word)
    except ValueError:
        return BankAccountRefusal.OTHER

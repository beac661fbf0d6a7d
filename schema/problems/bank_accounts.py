"""Problems around bank accounts and cards."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import strawberry

from domain import bank_accounts
from schema.bank_account_states import BankAccountStatus
from schema.problems.base import Problem, names

if TYPE_CHECKING:
    from domain.bank_accounts import BankAccountUnusable as Unusable


@names(bank_accounts.BankAccountUnusable, code="BANK_ACCOUNT_UNUSABLE", field="bankAccountId")
@strawberry.type(description="Nothing can be taken from this bank account or paid to it.")
class BankAccountUnusable(Problem):
    status: BankAccountStatus = strawberry.field(
        description="VERIFIED of a card that has expired since."
    )

    @classmethod
    def facts(cls, refusal: Unusable) -> dict[str, Any]:
        return {"status": BankAccountStatus(refusal.status.value)}


@names(bank_accounts.BankAccountCooling, code="BANK_ACCOUNT_COOLING", field="bankAccountId")
@strawberry.type(description="It was added within the last day: nothing is paid out to it yet.")
class BankAccountCooling(Problem):
    until: datetime = strawberry.field(description="When money can be withdrawn to it.")


@names(bank_accounts.BankAccountsUnavailable, code="BANK_ACCOUNTS_UNAVAILABLE")
@strawberry.type(description="No payment provider is connected that could look at one.")
class BankAccountsUnavailable(Problem):
    pass


@names(bank_accounts.NumberInvalid, code="BANK_NUMBER_INVALID", field="details.bankAccount.number")
@strawberry.type(description="No bank of that country has an account with such a number.")
class BankNumberInvalid(Problem):
    pass


@names(
    bank_accounts.BankNameInvalid, code="BANK_NAME_INVALID", field="details.bankAccount.bankName"
)
@strawberry.type(description="The name of the bank is empty, too long, or cannot be seen.")
class BankNameInvalid(Problem):
    pass


@names(bank_accounts.CardNumberShown, code="CARD_NUMBER_SHOWN")
@strawberry.type(
    description="Some text looks like the number of a card, which is never to be sent here. It was "
    "neither kept nor logged."
)
class CardNumberShown(Problem):
    pass


@names(bank_accounts.CardInvalid, code="CARD_INVALID", field="details.card")
@strawberry.type(description="The token, last digits or last month of the card make no sense.")
class CardInvalid(Problem):
    pass


@names(bank_accounts.CardExpired, code="CARD_EXPIRED", field="details.card.expiresYear")
@strawberry.type(description="The card's last month is over.")
class CardExpired(Problem):
    pass


@names(bank_accounts.HolderInvalid, code="HOLDER_INVALID", field="holder")
@strawberry.type(description="The holder's name is empty, too long, or cannot be seen.")
class HolderInvalid(Problem):
    pass


@names(bank_accounts.HolderDiffers, code="HOLDER_DIFFERS", field="holder")
@strawberry.type(description="Your name was proved by papers, and the holder has another one.")
class HolderDiffers(Problem):
    pass


@names(bank_accounts.AlreadyAdded, code="BANK_ACCOUNT_THERE")
@strawberry.type(description="The same bank account or card is there already.")
class BankAccountThere(Problem):
    pass


@names(bank_accounts.TooManyBankAccounts, code="TOO_MANY_BANK_ACCOUNTS")
@strawberry.type(description="There are ten already, or ten were added within a day.")
class TooManyBankAccounts(Problem):
    pass


@names(bank_accounts.GuessedTooOften, code="BANK_ACCOUNT_GUESSED")
@strawberry.type(description="The amount sent to it was guessed wrong before.")
class BankAccountGuessed(Problem):
    again_at: datetime = strawberry.field(description="When it can be added again.")


@names(bank_accounts.NothingToVerify, code="NOTHING_TO_VERIFY", field="bankAccountId")
@strawberry.type(description="No amount is awaited for it, or another is being asked about.")
class NothingToVerify(Problem):
    pass


@names(bank_accounts.InUse, code="BANK_ACCOUNT_IN_USE", field="bankAccountId")
@strawberry.type(description="A withdrawal, payout or top-up of it has not ended.")
class BankAccountInUse(Problem):
    pass

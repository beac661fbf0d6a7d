"""Problems around money that comes in from a bank, or goes out to one."""

from __future__ import annotations

import strawberry

from domain import bank_ends, withdrawals
from schema.problems.base import Problem, names


@names(withdrawals.WithdrawalsUnavailable, code="WITHDRAWALS_UNAVAILABLE")
@strawberry.type(description="No payment provider is connected.")
class WithdrawalsUnavailable(Problem):
    pass


@names(withdrawals.CannotCancelWithdrawal, code="CANNOT_CANCEL_WITHDRAWAL", field="withdrawalId")
@strawberry.type(description="The withdrawal was handed to the bank, or has ended.")
class CannotCancelWithdrawal(Problem):
    pass


@names(bank_ends.BankCurrencyDiffers, code="BANK_CURRENCY_DIFFERS", field="bankAccountId")
@strawberry.type(description="The bank account is in another currency than the wallet.")
class BankCurrencyDiffers(Problem):
    currency: str = strawberry.field(description="The bank account's.")
    wallet_currency: str

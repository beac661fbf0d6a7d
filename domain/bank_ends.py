"""The other end of money that comes in or goes out: a card or bank account of the same currency."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import bank_accounts
from domain.bank_accounts import BankAccountUnusable, Use
from domain.refusals import Refusal
from models.bank_accounts import BankAccount


class BankCurrencyDiffers(Refusal):
    """The bank account is in one currency and the wallet in another; uPay exchanges none."""

    def __init__(self, currency: str, wallet_currency: str) -> None:
        super().__init__("The bank account is in another currency than the wallet.")
        self.currency = currency
        self.wallet_currency = wallet_currency


NOT_CHARGED: Final = (BankAccountUnusable, BankCurrencyDiffers)
NOT_PAID_OUT: Final = (*bank_accounts.UNUSABLE, BankCurrencyDiffers)


async def usable(
    account_id: UUID, *, owner: UUID, for_: Use, currency: str, now: datetime
) -> BankAccount:
    """The owner's card or bank account, if money in `currency` can go this way now.

    Raises:
        NotFound, BankAccountUnusable, BankAccountCooling: see `domain.bank_accounts`.
        BankCurrencyDiffers: it is in another currency.
    """
    account = await bank_accounts.usable(account_id, owner=owner, for_=for_, now=now)
    if account.currency != currency:
        raise BankCurrencyDiffers(account.currency, currency)
    return account

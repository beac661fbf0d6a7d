"""Preparing a withdrawal: what it would do, whether it could, and what must be proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, bank_ends, preparing, provider_orders
from domain.bank_accounts import Use
from domain.chart import house_account
from domain.preparing import Beneficiary, Draft, Shown
from domain.refusals import Refusal
from domain.sessions import Identity
from models.bank_accounts import BankAccount
from models.providers import ProviderOrder
from models.quotes import QuoteKind
from models.wallets import AccountKind


class WithdrawalsUnavailable(Refusal):
    """No payment provider is connected."""

    def __init__(self) -> None:
        super().__init__("No payment provider is connected.")


PREPARE_REFUSALS: Final = (
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    *bank_ends.NOT_PAID_OUT,
    WithdrawalsUnavailable,
    *preparing.NOT_PREPARED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to take out; `amount` is in minor units of `currency`."""

    wallet_id: UUID
    bank_account_id: UUID
    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the owner is shown; `is_new_account`: nothing was withdrawn to it before."""

    shown: Shown
    account: BankAccount
    is_new_account: bool


async def prepare(wish: Wish, *, by: Identity, address: str, now: datetime) -> Prepared:
    """Finds out what the withdrawal would do and cost, and whether it could be done now.

    Nothing is promised: see `preparing.show`, which also says what `address` is for.

    Raises:
        NotFound: the wallet or the bank account is not theirs.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        One of `bank_ends.NOT_PAID_OUT`: nothing can be paid to the bank account now.
        WithdrawalsUnavailable: no provider is connected.
        One of `preparing.NOT_PREPARED`.
    """
    wallet = await preparing.wallet_of(by, wish.wallet_id)
    amount = amounts.checked(wish.amount, wish.currency, wallet_currency=wallet.currency)
    account = await bank_ends.usable(
        wish.bank_account_id,
        owner=by.person_id,
        for_=Use.WITHDRAWAL,
        currency=wallet.currency,
        now=now,
    )
    if provider_orders.connected() is None:
        raise WithdrawalsUnavailable
    is_new = not await ProviderOrder.exists(bank_account_id=account.id, told_at__isnull=False)
    draft = Draft(
        kind=QuoteKind.WITHDRAWAL,
        wallet=wallet,
        target_id=house_account(AccountKind.PROVIDER_CLEARING, wallet.currency),
        beneficiary=Beneficiary(account.id, account.masked),
        is_new_beneficiary=is_new,
        amount=amount,
        subject_id=account.id,
    )
    shown = await preparing.show(draft, by=by, address=address, now=now)
    return Prepared(shown, account, is_new)

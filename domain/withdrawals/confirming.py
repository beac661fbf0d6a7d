"""Confirming a withdrawal: the money is set aside, and a job hands it to the provider."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain import bank_ends, confirming, provider_orders, settlements
from domain.bank_accounts import Use
from domain.confirming import Confirmation, Terms
from domain.sessions import Identity
from domain.withdrawals.preparing import WithdrawalsUnavailable
from models.bank_accounts import BankAccount
from models.movements import Movement
from models.quotes import Quote, QuoteKind

SUBMIT_JOB: Final = settlements.SUBMIT_JOB

WAITS_FOR: Final = timedelta(days=30)
"""How long money is set aside for a bank that says nothing. What it did counts even later."""

CONFIRM_REFUSALS: Final = (
    *confirming.NOT_CONFIRMED,
    *bank_ends.NOT_PAID_OUT,
    WithdrawalsUnavailable,
)


async def confirm(wish: Confirmation, *, by: Identity, now: datetime) -> Movement:
    """Sets the money aside, once: see `confirming.confirm`.

    Raises besides, with nothing recorded and the key unused:
        NotFound, or one of `bank_ends.NOT_PAID_OUT`: the bank account is not as it was shown.
        WithdrawalsUnavailable: the provider is gone.
    """

    def terms(quote: Quote, now: datetime) -> Terms:
        async def named(movement: Movement) -> None:
            await _name_account(movement, quote, now)

        return Terms(job=(SUBMIT_JOB, now), waits=WAITS_FOR, beside=named)

    return await confirming.confirm(wish, kind=QuoteKind.WITHDRAWAL, terms=terms, by=by, now=now)


async def _name_account(movement: Movement, quote: Quote, now: datetime) -> None:
    """Notes where the money is to go, if it still may go there."""
    assert quote.subject_id is not None
    # Nobody removes it between this look and the note.
    await BankAccount.filter(id=quote.subject_id).select_for_update(no_key=True)
    account = await bank_ends.usable(
        quote.subject_id,
        owner=quote.person_id,
        for_=Use.WITHDRAWAL,
        currency=quote.currency,
        now=now,
    )
    provider = provider_orders.connected()
    if provider is None:
        raise WithdrawalsUnavailable
    await provider_orders.name_account(
        movement.id, account.id, account.token, provider=provider, now=now
    )

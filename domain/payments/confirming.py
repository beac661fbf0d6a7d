"""Confirming a payment: the merchant's at once, or authorised until it captures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain import confirming, settlements
from domain.confirming import AT_ONCE, Confirmation, Terms
from domain.sessions import Identity
from models.movements import Movement
from models.quotes import Capture, Quote, QuoteKind

AUTHORIZED_FOR: Final = timedelta(days=7)
"""How long a merchant can capture what was authorised; then it is the payer's again."""

VOID_JOB: Final = settlements.VOID_JOB

CONFIRM_REFUSALS: Final = confirming.NOT_CONFIRMED


async def confirm(wish: Confirmation, *, by: Identity, now: datetime) -> Movement:
    """Pays the order as it was shown, once: see `confirming.confirm`.

    An order that was paid, closed or too old meanwhile is a payment that FAILED and says so.
    """
    return await confirming.confirm(
        wish, kind=QuoteKind.MERCHANT_PAYMENT, terms=_terms, by=by, now=now
    )


def _terms(quote: Quote, now: datetime) -> Terms:
    if quote.capture is Capture.NOW:
        return AT_ONCE
    ends_at = now + AUTHORIZED_FOR
    return Terms(job=(VOID_JOB, ends_at), capture_before=ends_at, waits=AUTHORIZED_FOR)

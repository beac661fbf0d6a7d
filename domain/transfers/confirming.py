"""Confirming a transfer: done at once, or set aside until it arrives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import confirming, money_requests, unclaimed
from domain.arrivals import Arrival
from domain.confirming import Confirmation, Terms
from domain.sessions import Identity
from domain.settlements import SETTLE_JOB
from models.movements import Movement
from models.quotes import Quote, QuoteKind

CONFIRM_REFUSALS: Final = (*confirming.NOT_CONFIRMED, money_requests.RequestClosed)


async def confirm(wish: Confirmation, *, by: Identity, now: datetime) -> Movement:
    """Does what the quote says, once: see `confirming.confirm`.

    Raises besides, with nothing recorded and the key unused:
        RequestClosed: it answers a request for money that is over by now.
    """
    return await confirming.confirm(wish, kind=QuoteKind.TRANSFER, terms=_terms, by=by, now=now)


def _terms(quote: Quote, now: datetime) -> Terms:
    delay = Arrival(quote.arrival).delay
    if quote.target_id == unclaimed.place(quote.currency):
        return _until_claimed(quote, delay or timedelta(), now)
    beside = None if quote.subject_id is None else _paying(quote.subject_id, now)
    if delay is None:
        return Terms(beside=beside)
    return Terms(job=(SETTLE_JOB, now + delay), arrives_at=now + delay, waits=delay, beside=beside)


def _paying(request_id: UUID, now: datetime) -> Callable[[Movement], Awaitable[None]]:
    """Marks the request that a transfer answers as paid by it."""

    async def take(movement: Movement) -> None:
        await money_requests.take_in(request_id, movement, now)

    return take


def _until_claimed(quote: Quote, delay: timedelta, now: datetime) -> Terms:
    """Nobody has proved the number yet: the money waits until somebody does, and claims it."""

    async def begin(movement: Movement) -> None:
        assert quote.subject_id is not None, "to a telephone number"
        await unclaimed.begin(quote.subject_id, movement, now + delay)

    return Terms(waits=delay + unclaimed.LIVES, beside=begin)

"""Giving back what was authorised and not captured: as its merchant wants it, or as time is up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import keys, ledger, payment_releases, settlements
from domain.decisions import Announce, decision, retrying
from domain.ledger import Outcome, Posted
from domain.payments.refusals import NothingToVoid
from domain.payments.states import Action, actions, state
from domain.refusals import Busy, KeyReused, NotFound
from models.movements import Movement, MovementStatus
from models.payments import Payment

VOID_REFUSALS: Final = (keys.KeyInvalid, KeyReused, NothingToVoid, Busy)

_TRIES: Final = 8


async def void(payment_id: UUID, *, merchant_id: UUID, key: str, now: datetime) -> Movement:
    """Gives what was authorised and not captured back to the payer; `key` is the merchant's.

    When nothing was captured the order is closed, and nobody can pay it any more.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is not a payment to this merchant.
        NothingToVoid: nothing waits; `refunds` give back what was captured.
        Busy: others change the payment all the time.
    """
    given = ledger.Key(
        owner_id=merchant_id, key=keys.checked(key), digest=keys.digest("void_payment", payment_id)
    )
    answered = await keys.replay(merchant_id, given.key, given.digest)
    if answered is not None:
        return answered
    payment = await Payment.get_or_none(movement_id=payment_id, merchant_id=merchant_id)
    if payment is None:
        raise NotFound
    posted = await settled(lambda: _given_back(payment, given, now))
    assert posted.movement is not None
    return posted.movement


async def expire(payment_id: UUID, now: datetime) -> None:
    """Gives back what was not captured in time; done again, or too early, it changes nothing."""
    payment = await Payment.get(movement_id=payment_id)
    if payment.capture_before is None or now < payment.capture_before:
        return
    key = settlements.own_key(payment_id, "expire")
    try:
        await settled(lambda: _given_back(payment, key, now))
    except NothingToVoid:
        return


async def settled(post: Callable[[], Awaitable[Posted]]) -> Posted:
    """What the ledger answered, once the payment stayed as it was read.

    Raises:
        KeyReused: the key came before, for something else.
        Busy: somebody else was faster every time.
    """
    for _ in range(_TRIES):
        posted = await post()
        if posted.outcome is Outcome.KEY_REUSED:
            raise KeyReused
        if posted.outcome is not Outcome.STALE:
            return posted
    raise Busy


async def _given_back(payment: Payment, key: ledger.Key, now: datetime) -> Posted:
    async def given_back() -> Posted:
        async with decision() as announce:
            return await give_back_in(announce, payment, key, now)

    return await retrying(given_back)


async def give_back_in(
    announce: Announce, payment: Payment, key: ledger.Key, now: datetime
) -> Posted:
    """Gives back what waits of a payment, in the caller's decision, which has locked nothing yet.

    Closes its order unless something was captured. STALE when somebody else was faster.

    Raises:
        NothingToVoid: nothing waits.
    """
    movement = await Movement.get(id=payment.movement_id)
    payment = await Payment.get(movement_id=payment.movement_id)
    if Action.VOID not in actions(movement, payment, now):
        raise NothingToVoid(state(movement, payment))
    return await payment_releases.end_in(
        announce, movement, key=key, to=MovementStatus.CANCELLED, now=now
    )

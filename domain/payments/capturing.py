"""Capturing: a merchant takes what was authorised, at once or in parts."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, keys, ledger
from domain.ledger import Outcome, Posted
from domain.money import MinorUnits
from domain.payments.ending import settled
from domain.payments.refusals import CaptureBlocked, CaptureExceeds, NothingToCapture
from domain.payments.states import Action, actions, state
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown
from models.movements import Hold, Movement
from models.payments import Payment

CAPTURE_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    NothingToCapture,
    CaptureExceeds,
    CaptureBlocked,
    Busy,
    OutcomeUnknown,
)


async def capture(
    payment_id: UUID,
    *,
    merchant_id: UUID,
    amount: int | None = None,
    currency: str | None = None,
    is_final: bool = True,
    key: str,
    now: datetime,
) -> Movement:
    """Takes `amount` minor units of what was authorised, or all that is left.

    `key` is the merchant's. When it is final, and when nothing is left, the rest goes back and the
    payment has ended. Nothing leaves a frozen wallet, also not what was promised before: it can be
    captured once the freeze is lifted, if that is in time. A merchant that is paused may still
    capture.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is not a payment to this merchant.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        NothingToCapture: it is captured, given back, failed, too old, or not yet authorised.
        CaptureExceeds: less is left.
        CaptureBlocked: a freeze keeps the money where it is.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    given = ledger.Key(
        owner_id=merchant_id,
        key=keys.checked(key),
        digest=keys.digest("capture_payment", payment_id, amount, currency, is_final),
    )
    answered = await keys.replay(merchant_id, given.key, given.digest)
    if answered is not None:
        return answered

    async def captured() -> Posted:
        movement = await _capturable(payment_id, merchant_id, now)
        held = await Hold.get(movement_id=movement.id)
        wanted = _wanted(movement, held, amount, currency)
        command = ledger.capture(
            movement,
            held,
            key=given,
            at=now,
            amount=None if wanted == held.remaining else wanted,
            is_final=is_final or wanted == held.remaining,
        )
        return await ledger.post(command)

    posted = await settled(captured)
    if posted.outcome is Outcome.REFUSED:
        raise CaptureBlocked
    assert posted.movement is not None
    return posted.movement


async def _capturable(payment_id: UUID, merchant_id: UUID, now: datetime) -> Movement:
    payment = await Payment.get_or_none(movement_id=payment_id, merchant_id=merchant_id)
    if payment is None:
        raise NotFound
    movement = await payment.movement()
    if Action.CAPTURE not in actions(movement, payment, now):
        raise NothingToCapture(state(movement, payment))
    return movement


def _wanted(movement: Movement, held: Hold, amount: int | None, currency: str | None) -> MinorUnits:
    if amount is None:
        return MinorUnits(held.remaining)
    wanted = amounts.checked(amount, str(currency), wallet_currency=movement.currency)
    if wanted > held.remaining:
        raise CaptureExceeds(MinorUnits(held.remaining), movement.currency)
    return wanted

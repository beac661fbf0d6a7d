"""How a payment stands, told from its movement and its counters, and what may be done with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from models.movements import Movement, MovementStatus
from models.payments import Payment


class State(StrEnum):
    """How a payment stands. It is not kept anywhere, so it cannot disagree with the money."""

    PENDING = "pending"  # somebody looks at it; the merchant can count on nothing yet
    AUTHORIZED = "authorized"
    PARTIALLY_CAPTURED = "partially_captured"  # the rest can still be captured
    CAPTURED = "captured"  # final, as far as it was not given back before
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    VOIDED = "voided"
    EXPIRED = "expired"
    FAILED = "failed"


class Action(StrEnum):
    """What may be done with a payment as it stands; who may do it is another question."""

    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


_WITHOUT_MONEY: Final = {
    MovementStatus.IN_REVIEW: State.PENDING,
    MovementStatus.UNKNOWN: State.PENDING,
    MovementStatus.FAILED: State.FAILED,
}


def state(movement: Movement, payment: Payment) -> State:
    """How the payment stands, from its rows as they were read together."""
    without_money = _WITHOUT_MONEY.get(movement.status)
    if without_money is not None:
        return without_money
    if movement.status is MovementStatus.CANCELLED:
        return State.EXPIRED if _is_past(payment, movement.settled_at) else State.VOIDED
    if movement.status is MovementStatus.PENDING:
        return State.PARTIALLY_CAPTURED if payment.captured else State.AUTHORIZED
    if not payment.refunded:
        return State.CAPTURED
    is_whole = payment.refunded == payment.captured
    return State.REFUNDED if is_whole else State.PARTIALLY_REFUNDED


def actions(movement: Movement, payment: Payment, now: datetime) -> frozenset[Action]:
    """What may be done with the payment at this moment."""
    found = set()
    if movement.status is MovementStatus.PENDING:
        found.add(Action.VOID)
        if not _is_past(payment, now):
            found.add(Action.CAPTURE)
    if payment.refundable > 0:
        found.add(Action.REFUND)
    return frozenset(found)


def _is_past(payment: Payment, at: datetime | None) -> bool:
    """Whether what was authorised had to be captured before that."""
    before = payment.capture_before
    return before is not None and at is not None and before <= at

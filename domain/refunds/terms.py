"""What may go back of a payment: how much, and for how long."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import amounts, texts
from domain.money import MinorUnits
from domain.refunds.refusals import PaymentNotCaptured, RefundExceeds, RefundWindowClosed
from domain.refusals import NotFound
from models.movements import Movement
from models.payments import Payment

WINDOW: Final = timedelta(days=180)
"""As long as goods are commonly complained about; later, the wallet that paid may be gone."""

NOT_GRANTED: Final = (
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    texts.NoteInvalid,
    PaymentNotCaptured,
    RefundWindowClosed,
    RefundExceeds,
)
"""Why a refund is not begun."""


async def paid(
    payment_id: UUID, *, merchant_id: UUID | None = None, person_id: UUID | None = None
) -> tuple[Payment, Movement]:
    """A payment of this merchant, or of this payer, with its movement; as they are now.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    payment = await Payment.get_or_none(movement_id=payment_id)
    if payment is None or merchant_id not in {None, payment.merchant_id}:
        raise NotFound
    movement = await payment.movement()
    if person_id not in {None, movement.person_id}:
        raise NotFound
    return payment, movement


def granted(
    payment: Payment,
    movement: Movement,
    *,
    amount: int | None,
    currency: str | None,
    now: datetime,
) -> MinorUnits:
    """How much would go back, in minor units: what was asked for, or all that is left.

    A hint for people: under the payment's lock it is looked at again.

    Raises:
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        PaymentNotCaptured, RefundWindowClosed, RefundExceeds: see there.
    """
    asked = None
    if amount is not None:
        given = movement.currency if currency is None else currency
        asked = amounts.checked(amount, given, wallet_currency=movement.currency)
    if not payment.captured:
        raise PaymentNotCaptured
    if payment.created_at + WINDOW <= now:
        raise RefundWindowClosed(payment.created_at + WINDOW)
    wanted = asked or MinorUnits(max(payment.refundable, 1))
    check_refundable(payment, wanted, movement.currency)
    return wanted


def check_refundable(payment: Payment, amount: int, currency: str) -> None:
    """Raises:
    RefundExceeds: less than `amount` is left.
    """
    if amount > payment.refundable:
        raise RefundExceeds(MinorUnits(payment.refundable), currency)

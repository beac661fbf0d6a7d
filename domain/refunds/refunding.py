"""What a merchant does about refunds: gives one, agrees to one, tries one again, says no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import keys, ledger, texts
from domain.decisions import decision
from domain.merchants import Actor
from domain.refunds import giving, steps, terms
from domain.refunds.giving import Gift
from domain.refunds.refusals import CannotRetry, RefundDecided, RefundExceeds
from domain.refunds.steps import Author
from domain.refusals import KeyReused, NotFound, Refusal
from models.ids import new_id
from models.movements import Movement
from models.payments import Payment
from models.refunds import Refund, RefundOrigin, RefundReason, RefundStatus

_NOT_DONE: Final = (keys.KeyInvalid, KeyReused)
REFUND_REFUSALS: Final = (*_NOT_DONE, *terms.NOT_GRANTED)
APPROVE_REFUSALS: Final = (*_NOT_DONE, RefundExceeds, RefundDecided)
RETRY_REFUSALS: Final = (*_NOT_DONE, RefundExceeds, CannotRetry)
REJECT_REFUSALS: Final = (texts.NoteInvalid, RefundDecided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to go back: without an `amount` (minor units of `currency`) all that is left."""

    payment_id: UUID
    reason: RefundReason
    amount: int | None = None
    currency: str | None = None
    note: str = ""

    def begun(
        self,
        payment: Payment,
        paid: Movement,
        *,
        origin: RefundOrigin,
        status: RefundStatus,
        now: datetime,
    ) -> Refund:
        """The refund as it begins, of a payment and its movement; not kept yet.

        Raises:
            NoteInvalid: see `domain.texts`.
            One of `terms.NOT_GRANTED`: so much cannot go back, or nothing of this payment.
        """
        return Refund(
            id=new_id(),
            payment_id=paid.id,
            merchant_id=payment.merchant_id,
            note=texts.note(self.note),
            amount=terms.granted(
                payment, paid, amount=self.amount, currency=self.currency, now=now
            ),
            currency=paid.currency,
            reason=self.reason,
            origin=origin,
            status=status,
            created_at=now,
        )


async def refund(wish: Wish, *, by: Actor, key: str, now: datetime) -> Refund:
    """Gives money of a payment back, at once: SUCCEEDED, or PENDING or FAILED with its reason.

    The same key from the same merchant gives the same refund, as it is by then.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is no payment of this merchant.
        One of `terms.NOT_GRANTED`: so much cannot go back, or nothing of this payment.
    """
    words = (wish.payment_id, wish.amount, wish.currency, wish.reason, wish.note)
    given = _key(by, key, "refund_payment", *words)
    before = await giving.answered(given)
    if before is not None:
        return before
    payment, paid = await terms.paid(wish.payment_id, merchant_id=by.merchant_id)
    refund = wish.begun(
        payment, paid, origin=RefundOrigin.MERCHANT, status=RefundStatus.SUCCEEDED, now=now
    )
    return await giving.give(
        Gift(refund=refund, paid=paid, key=given, by=Author.of(by), is_new=True), now
    )


async def approve(*, by: Actor, refund_id: UUID, key: str, now: datetime) -> Refund:
    """Gives what a payer asked for, as `refund` does.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is no refund of this merchant.
        RefundDecided: it was answered or withdrawn before.
        RefundExceeds: less is left of the payment by now.
    """
    given = _key(by, key, "approve_refund", refund_id)
    return await _given(refund_id, RefundStatus.REQUESTED, RefundDecided, given, by, now)


async def retry(*, by: Actor, refund_id: UUID, key: str, now: datetime) -> Refund:
    """Tries a refund again that failed; it stays the same refund.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is no refund of this merchant.
        CannotRetry: it has not failed, or somebody tries it at this moment.
        RefundExceeds: less is left of the payment by now.
    """
    given = _key(by, key, "retry_refund", refund_id)
    return await _given(refund_id, RefundStatus.FAILED, CannotRetry, given, by, now)


async def reject(*, by: Actor, refund_id: UUID, answer: str, now: datetime) -> Refund:
    """Says no to what a payer asked for; they read the answer. Done again, it changes nothing.

    Raises:
        NoteInvalid: see `domain.texts`.
        NotFound: it is no refund of this merchant.
        RefundDecided: it was given, or withdrawn, before.
    """
    said = texts.note(answer)
    asked = await _of(by, refund_id)
    if asked.status is RefundStatus.REJECTED:
        return asked
    if asked.status is not RefundStatus.REQUESTED:
        raise RefundDecided(asked)
    try:
        async with decision() as announce:
            return await steps.take(
                announce,
                asked,
                await steps.locked(asked.payment_id),
                by=Author.of(by),
                now=now,
                status=RefundStatus.REJECTED,
                answer=said,
                settled_at=now,
            )
    except steps.Outrun as outrun:
        raise RefundDecided(outrun.refund) from None


def _key(by: Actor, key: str, operation: str, *words: object) -> ledger.Key:
    digest = keys.digest(operation, *words)
    return ledger.Key(owner_id=by.merchant_id, key=keys.checked(key), digest=digest)


async def _of(by: Actor, refund_id: UUID) -> Refund:
    refund = await Refund.get_or_none(id=refund_id, merchant_id=by.merchant_id)
    if refund is None:
        raise NotFound
    return refund


async def _given(
    refund_id: UUID,
    standing: RefundStatus,
    refusal: Callable[[Refund], Refusal],
    key: ledger.Key,
    by: Actor,
    now: datetime,
) -> Refund:
    """Gives a refund that stands so, and is refused once it stands otherwise."""
    before = await giving.answered(key)
    if before is not None:
        return before
    refund = await _of(by, refund_id)
    if refund.status is not standing:
        raise refusal(refund)
    _, paid = await terms.paid(refund.payment_id, merchant_id=by.merchant_id)
    try:
        return await giving.give(Gift(refund=refund, paid=paid, key=key, by=Author.of(by)), now)
    except steps.Outrun as outrun:
        raise refusal(outrun.refund) from None

"""Giving money of a payment back: the one posting that every way to a refund ends in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import cases, jobs, keys, ledger, settlements
from domain.chart import house_account
from domain.decisions import Announce, decision, retrying
from domain.ledger import Outcome
from domain.money import MinorUnits
from domain.refunds import steps, terms
from domain.refunds.steps import Author
from domain.refusals import KeyReused
from models.cases import CaseKind
from models.movements import Movement, MovementKind
from models.payments import Payment
from models.refunds import Refund, RefundStatus, RefundStep
from models.wallets import Account, AccountKind

DELIVER_JOB: Final = "deliver_refund"
"""Subject: a refund that waits with uPay; it arrives if the wallet that paid is open again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A refund about to be posted under `key`; `paid` is the movement that paid.

    `is_new`: the refund was never written, and is written with what becomes of it.
    """

    refund: Refund
    paid: Movement
    key: ledger.Key
    by: Author
    is_new: bool = False


class _WalletTurned(Exception):
    """The wallet was opened or closed after it was looked at: look again."""


async def give(gift: Gift, now: datetime) -> Refund:
    """Gives back what the refund says, in a decision of its own, and returns it as it is then.

    Whatever the merchant's funds do not cover is a fact: the refund is FAILED. Where the wallet
    that paid is closed the money waits with uPay. The same key gives the same refund.

    Raises:
        KeyReused: see `domain.keys`.
        RefundExceeds: others were faster, and less is left than that; nothing is recorded.
        Outrun: the refund has taken another step since it was read; nothing is recorded.
    """

    async def given() -> Refund:
        async with decision() as announce:
            return await give_in(announce, gift, now)

    while True:
        try:
            return await retrying(given)
        except _WalletTurned:
            continue


async def give_in(announce: Announce, gift: Gift, now: datetime) -> Refund:
    """The same in the caller's decision, which has locked nothing of it but orders and accounts."""
    wallet_id = gift.paid.source_id
    is_open = await Account.exists(id=wallet_id, closed_at__isnull=True)
    suspense = house_account(AccountKind.SUSPENSE, gift.paid.currency)
    posted = await ledger.post_in(
        announce, _posting(gift, wallet_id if is_open else suspense, gift.key, now)
    )
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    assert posted.movement is not None
    if posted.outcome is Outcome.REPLAYED:
        return await of_movement(posted.movement.id)
    # The posting has locked the wallet, so that it is now as it will be.
    if is_open and not await Account.exists(id=wallet_id, closed_at__isnull=True):
        raise _WalletTurned
    payment = await steps.locked(gift.paid.id)
    terms.check_refundable(payment, gift.refund.amount, gift.paid.currency)
    if posted.outcome is Outcome.FAILED:
        return await _write(announce, gift, payment, _failed(posted), now)
    if is_open:
        payment.refunded += gift.refund.amount
        return await _write(announce, gift, payment, _succeeded(posted.movement, now), now)
    payment.refund_pending += gift.refund.amount
    refund = await _write(announce, gift, payment, _pending(posted.movement), now)
    await _keep_in(announce, refund, now)
    return refund


async def deliver(refund_id: UUID, now: datetime) -> None:
    """Lets a refund that waits with uPay arrive; changes nothing while the wallet is closed."""
    refund = await Refund.get(id=refund_id)
    paid = await Movement.get(id=refund.payment_id)
    if refund.status is not RefundStatus.PENDING:
        return
    gift = Gift(
        refund=refund, paid=paid, key=settlements.own_key(refund.id, "deliver"), by=steps.UPAY
    )

    async def delivered() -> None:
        async with decision() as announce:
            await _deliver_in(announce, gift, now)

    try:
        await retrying(delivered)
    except (_WalletTurned, steps.Outrun):
        return


async def of_movement(movement_id: UUID) -> Refund:
    """The refund that a movement was a try of."""
    step = await RefundStep.get(movement_id=movement_id)
    return await Refund.get(id=step.refund_id)


async def answered(key: ledger.Key) -> Refund | None:
    """What this key was answered with before, or None when it is unused.

    Raises:
        KeyReused: it was given for something else.
    """
    movement = await keys.replay(key.owner_id, key.key, key.digest)
    return None if movement is None else await of_movement(movement.id)


async def _deliver_in(announce: Announce, gift: Gift, now: datetime) -> None:
    suspense = house_account(AccountKind.SUSPENSE, gift.paid.currency)
    wallet_id = gift.paid.source_id
    posted = await ledger.post_in(
        announce, _posting(gift, wallet_id, gift.key, now, source_id=suspense)
    )
    if posted.outcome is not Outcome.DONE or posted.movement is None:
        return
    if not await Account.exists(id=wallet_id, closed_at__isnull=True):
        raise _WalletTurned
    payment = await steps.locked(gift.paid.id)
    payment.refund_pending -= gift.refund.amount
    payment.refunded += gift.refund.amount
    await _write(announce, gift, payment, _succeeded(posted.movement, now), now)


async def _keep_in(announce: Announce, refund: Refund, now: datetime) -> None:
    """Somebody must know of money that nobody has; and the wallet may have opened just now."""
    await jobs.enqueue(announce, DELIVER_JOB, subject_id=refund.id, due_at=now)
    await cases.open_in(
        announce,
        CaseKind.REFUND_UNCLAIMED,
        subject_id=refund.id,
        now=now,
        amount=refund.amount,
        currency=refund.currency,
    )


def _posting(
    gift: Gift,
    target_id: UUID,
    key: ledger.Key,
    now: datetime,
    *,
    source_id: UUID | None = None,
) -> ledger.Command:
    """No guard: money that goes back arrives in a frozen wallet, and leaves a paused merchant."""
    order = ledger.Order(
        kind=MovementKind.REFUND,
        person_id=gift.paid.person_id,
        source_id=gift.paid.target_id if source_id is None else source_id,
        target_id=target_id,
        amount=MinorUnits(gift.refund.amount),
        currency=gift.paid.currency,
        guard_source=False,
        guard_target=False,
        origin_id=gift.paid.id,
    )
    return ledger.pay(order, key=key, at=now)


def _failed(posted: ledger.Posted) -> dict[str, Any]:
    assert posted.movement is not None
    return {
        "status": RefundStatus.FAILED,
        "movement_id": posted.movement.id,
        "failure_code": posted.movement.failed_for,
        "failure_missing": posted.missing,
    }


def _pending(movement: Movement) -> dict[str, Any]:
    return {**_NO_FAILURE, "status": RefundStatus.PENDING, "movement_id": movement.id}


def _succeeded(movement: Movement, now: datetime) -> dict[str, Any]:
    return {
        **_NO_FAILURE,
        "status": RefundStatus.SUCCEEDED,
        "movement_id": movement.id,
        "settled_at": now,
    }


_NO_FAILURE: Final = {"failure_code": None, "failure_missing": None}


async def _write(
    announce: Announce, gift: Gift, payment: Payment, changes: dict[str, Any], now: datetime
) -> Refund:
    if not gift.is_new:
        return await steps.take(announce, gift.refund, payment, by=gift.by, now=now, **changes)
    # A copy, because a decision that is tried again begins anew.
    begun = gift.refund.clone(pk=gift.refund.id).update_from_dict(changes)
    return await steps.begin(announce, begun, payment, by=gift.by, now=now)

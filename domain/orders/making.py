"""Making an order: what a merchant wants to be paid, under a reference of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import amounts, jobs, merchants, texts, wallets
from domain.decisions import Announce, decision
from domain.money import EXPONENTS
from domain.orders import numbers
from domain.orders.refusals import (
    DescriptionInvalid,
    ExpiryInvalid,
    MerchantUnavailable,
    ReferenceInvalid,
    ReferenceReused,
)
from models.ids import new_id
from models.merchants import Merchant, MerchantStatus
from models.orders import Order, OrderOrigin, OrderStatus
from models.quotes import Capture

EXPIRE_JOB: Final = "expire_order"
"""Closes one order that nobody has paid in time."""

LASTS: Final = timedelta(minutes=15)
"""How long an order can be paid when its merchant says nothing."""

LASTS_LEAST: Final = timedelta(minutes=1)
LASTS_MOST: Final = timedelta(days=30)

CREATE_REFUSALS: Final = (
    ReferenceInvalid,
    ReferenceReused,
    DescriptionInvalid,
    ExpiryInvalid,
    amounts.AmountInvalid,
    wallets.CurrencyNotOffered,
    MerchantUnavailable,
)

_REFERENCE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:/#@|*+-]{0,63}")
# What is longer is too long in every spelling, and not looked at.
_SPELLING_MAX: Final = 4 * texts.NOTE_MAX


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a merchant wants to be paid; `amount` is in minor units of `currency`.

    `reference` is the merchant's own, and it has one order of that name. `lasts` is for how long
    it can be paid.
    """

    amount: int
    currency: str
    reference: str
    description: str = ""
    lasts: timedelta = LASTS
    capture: Capture = Capture.NOW
    origin: OrderOrigin = OrderOrigin.API


async def create(wish: Wish, *, merchant_id: UUID, now: datetime) -> Order:
    """The merchant's order; the same reference with the same words is the same order again.

    Joins the caller's decision, or opens its own. Also when it is paid or closed by now, the order
    that has this reference is the answer.

    Raises:
        ReferenceInvalid, DescriptionInvalid, ExpiryInvalid: see there.
        AmountInvalid: see `domain.amounts`.
        CurrencyNotOffered: uPay keeps no money in it.
        ReferenceReused: the reference was given with other words.
        MerchantUnavailable: the merchant is not accepting payments.
    """
    wish = _checked(wish)
    made = await Order.get_or_none(merchant_id=merchant_id, reference=wish.reference)
    if made is not None:
        return _the_same(made, wish)
    merchant = await Merchant.get(id=merchant_id)
    if merchant.status is not MerchantStatus.ACCEPTING:
        raise MerchantUnavailable
    await merchants.account(merchant_id, wish.currency, now)
    async with decision() as announce:
        return await _made(announce, wish, merchant_id, now)


async def _made(announce: Announce, wish: Wish, merchant_id: UUID, now: datetime) -> Order:
    while True:
        order = _order(wish, merchant_id, now)
        await Order.bulk_create([order], ignore_conflicts=True)
        kept = await Order.get_or_none(merchant_id=merchant_id, reference=wish.reference)
        if kept is None:
            continue  # The number was drawn before, once in a very long time.
        if kept.id == order.id:
            await jobs.enqueue(announce, EXPIRE_JOB, subject_id=order.id, due_at=order.expires_at)
        return _the_same(kept, wish)


def _checked(wish: Wish) -> Wish:
    if not _REFERENCE.fullmatch(wish.reference):
        raise ReferenceInvalid
    if not LASTS_LEAST <= wish.lasts <= LASTS_MOST:
        raise ExpiryInvalid
    if wish.currency not in EXPONENTS:
        raise wallets.CurrencyNotOffered(wish.currency)
    amounts.checked(wish.amount, wish.currency, wallet_currency=wish.currency)
    return replace(wish, description=_description(wish.description))


def _description(text: str) -> str:
    if len(text) > _SPELLING_MAX:
        raise DescriptionInvalid
    try:
        return texts.note(text)
    except texts.NoteInvalid:
        raise DescriptionInvalid from None


def _the_same(order: Order, wish: Wish) -> Order:
    """The order, if it is over what is wished for."""
    words = (order.amount, order.currency, order.description, order.capture, order.origin)
    wished = (wish.amount, wish.currency, wish.description, wish.capture, wish.origin)
    if words != wished or order.expires_at - order.created_at != wish.lasts:
        raise ReferenceReused(order)
    return order


def _order(wish: Wish, merchant_id: UUID, now: datetime) -> Order:
    return Order(
        id=new_id(),
        number=numbers.fresh(),
        merchant_id=merchant_id,
        reference=wish.reference,
        amount=wish.amount,
        currency=wish.currency,
        description=wish.description,
        origin=wish.origin,
        capture=wish.capture,
        status=OrderStatus.OPEN,
        created_at=now,
        expires_at=now + wish.lasts,
    )

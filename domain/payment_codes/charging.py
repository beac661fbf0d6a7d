"""Charging a payment code that a merchant scanned: paid at once, or the customer is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain import amounts, keys, orders, payees
from domain.decisions import Announce, decision
from domain.payment_codes import allowing, at_once, digits, guards, standings
from domain.payment_codes.refusals import (
    CodeTriesExhausted,
    CodeUnusable,
    UserCancelled,
    UserPaying,
)
from domain.payment_codes.standings import Standing
from domain.refusals import Busy, KeyReused, OutcomeUnknown
from domain.sessions.identities import live
from models.merchants import Merchant
from models.orders import Order, OrderOrigin
from models.payment_codes import PaymentCode
from models.payments import Payment
from models.wallets import Account

ORDER_LASTS: Final = timedelta(minutes=5)
"""How long a customer who is asked has time to say yes: as long as what they are shown stands."""

CHARGE_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    CodeUnusable,
    CodeTriesExhausted,
    payees.SelfPayment,
    amounts.CurrencyMismatch,
    *orders.CREATE_REFUSALS,
    UserPaying,
    UserCancelled,
    orders.OrderAlreadyClosed,
    orders.OrderExpired,
    Busy,
    OutcomeUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a merchant charges a scanned code; `amount` is in minor units of `currency`.

    `digits` are as they were scanned, `reference` and `key` are the merchant's own.
    """

    digits: str
    amount: int
    currency: str
    description: str
    reference: str
    key: str


async def charge(wish: Wish, *, merchant_id: UUID, now: datetime) -> Payment:
    """The payment, if the code's owner let so little be paid without asking.

    Otherwise they are asked, in the session that issued the code, and the same key tells how it
    stands: it is only once that a code is used and an order made.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        CodeUnusable: it is no code, was used, its time is over, or its session ended.
        CodeTriesExhausted: too many were none.
        SelfPayment: the code is of the merchant's owner.
        CurrencyMismatch: the code's wallet holds another currency.
        One of `orders.CREATE_REFUSALS`: the order is not made, and the code is as it was.
        UserPaying: the customer is asked.
        UserCancelled, OrderAlreadyClosed, OrderExpired: they declined, or it is over.
        Busy, OutcomeUnknown: see `domain.ledger`; the customer can still be asked.
    """
    key, said = keys.checked(wish.key), digits.read(wish.digits)
    if said is None:
        raise CodeUnusable
    digest = _digest(wish, said)
    code = await _answered(merchant_id, key, digest)
    if code is None:
        await keys.replay(merchant_id, key, digest)
        try:
            code = await _charged(wish, said, digest, merchant_id, now)
        except (CodeUnusable, orders.ReferenceReused, IntegrityError) as refusal:
            # Perhaps the same request was here twice, and the other one was faster.
            code = await _answered(merchant_id, key, digest)
            if code is None:
                raise _said_of(refusal) from refusal
    return await _outcome(code, now)


def _said_of(refusal: Exception) -> Exception:
    """What a merchant hears whom another use of the code, the key or the reference got ahead of."""
    return CodeUnusable() if isinstance(refusal, IntegrityError) else refusal


async def _charged(
    wish: Wish, said: str, digest: bytes, merchant_id: UUID, now: datetime
) -> PaymentCode:
    """The code, used by now, and its order; the money has moved if it does so at once."""
    code = await _found(said, merchant_id, now)
    wallet = await Account.get(id=code.wallet_id)
    merchant = await Merchant.get(id=merchant_id)
    if merchant.owner_id == code.person_id:
        raise payees.SelfPayment
    if wish.currency != wallet.currency:
        raise amounts.CurrencyMismatch(wish.currency, wallet.currency)
    amount = amounts.checked(wish.amount, wish.currency, wallet_currency=wallet.currency)
    judged = await at_once.judged(code, wallet, merchant, amount, now)
    async with decision() as announce:
        order = await _claimed(code, wish, digest, merchant_id, now)
        is_free = judged is not None and await allowing.take_one(
            code.person_id, time_zone=judged.payment.time_zone, now=now
        )
        if judged is not None and is_free:
            await at_once.note(announce, judged, now)
        else:
            await standings.tell(announce, code, Standing.WAITING, now)
    if judged is not None and is_free:
        await at_once.pay(code, order, judged, key=wish.key, digest=digest, now=now)
        async with decision() as announce:
            await _told(announce, code, now)
    return code


async def _found(said: str, merchant_id: UUID, now: datetime) -> PaymentCode:
    """The code with these digits, if it can be used; only a look in vain costs a try."""
    await guards.take_try(merchant_id, now)
    code = await PaymentCode.get_or_none(
        mac__in=digits.macs(said), order_id__isnull=True, expires_at__gt=now
    )
    if code is None or not await live([code.session_id], now):
        raise CodeUnusable
    await guards.give_back(merchant_id)
    return code


async def _claimed(
    code: PaymentCode, wish: Wish, digest: bytes, merchant_id: UUID, now: datetime
) -> Order:
    """Uses the code up for an order of its own, in the caller's decision.

    Of two who scanned it at once the second waits here, finds it used, and has made no order.
    """
    order = await orders.create(
        orders.Wish(
            amount=wish.amount,
            currency=wish.currency,
            reference=wish.reference,
            description=wish.description,
            lasts=ORDER_LASTS,
            origin=OrderOrigin.PAYMENT_CODE,
        ),
        merchant_id=merchant_id,
        now=now,
    )
    if await PaymentCode.exists(order_id=order.id):
        raise orders.ReferenceReused(order)
    code.merchant_id, code.order_id, code.charged_at = merchant_id, order.id, now
    code.key, code.key_digest = wish.key, digest
    used = await PaymentCode.filter(id=code.id, order_id__isnull=True, expires_at__gt=now).update(
        merchant_id=merchant_id, order_id=order.id, charged_at=now, key=wish.key, key_digest=digest
    )
    if not used:
        raise CodeUnusable
    return order


async def _told(announce: Announce, code: PaymentCode, now: datetime) -> None:
    """Tells the customer whether it was paid at once, or they are asked after all."""
    locked = await PaymentCode.filter(id=code.id).select_for_update(no_key=True).get()
    _, order = await standings.charged(locked)
    await standings.tell(announce, locked, standings.standing(locked, order, now), now)


async def _answered(merchant_id: UUID, key: str, digest: bytes) -> PaymentCode | None:
    """The code that this key of the merchant's was used for; None when it never was.

    Raises:
        KeyReused: it was given for something else.
    """
    code = await PaymentCode.get_or_none(merchant_id=merchant_id, key=key)
    if code is not None and code.key_digest != digest:
        raise KeyReused
    return code


async def _outcome(code: PaymentCode, now: datetime) -> Payment:
    code, order = await standings.charged(code)
    assert order is not None, "a code that was charged has its order"
    match standings.standing(code, order, now):
        case Standing.PAID:
            return await Payment.get(movement_id=order.paid_by)
        case Standing.DECLINED:
            raise UserCancelled(order)
        case Standing.CLOSED:
            raise orders.OrderAlreadyClosed
        case Standing.EXPIRED:
            raise orders.OrderExpired
        case _:
            raise UserPaying(order)


def _digest(wish: Wish, said: str) -> bytes:
    """What the key was given for; of the code only what its MAC tells."""
    # Halves of a surrogate pair are refused later, and must not stop this.
    words = (ascii(each) for each in (wish.currency, wish.description, wish.reference))
    return keys.digest("charge_payment_code", digits.mac(said).hex(), wish.amount, *words)

"""Which order a payer means: by its number, by its code, or one made now from a lasting code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, codes, fees, merchant_codes, orders, payees, quotes, wallets
from domain.amounts import AmountFault
from domain.merchant_codes import OrderCode, StaticCode
from domain.money import MinorUnits
from domain.orders import numbers
from domain.payments.refusals import AmountMismatch, MerchantMismatch
from domain.sessions import Identity
from models.merchants import Merchant, MerchantStatus
from models.orders import Order, OrderOrigin
from models.wallets import Account

NOT_MEANT: Final = (
    orders.OrderNotFound,
    *codes.NOT_FOLLOWED,
    merchant_codes.StaticLimitExceeded,
    MerchantMismatch,
    AmountMismatch,
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
)
"""Why there is no such order to be paid, or not as the payer thinks it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which order somebody wants to pay: by its number, or by the text of a merchant's code.

    `amount`, in minor units of `currency`, is what they were told it comes to, and
    `merchant_number` whose it is said to be; either may be None. Given, they must be right. A
    lasting code names no amount: then the payer does.
    """

    wallet_id: UUID
    order_number: str | None = None
    code: str | None = None
    amount: int | None = None
    currency: str | None = None
    merchant_number: str | None = None


async def find(
    wish: Wish, wallet: Account, *, by: Identity, now: datetime
) -> tuple[Order, Merchant]:
    """The order that is meant, and whose it is.

    Of a lasting code it is made now, for as long as its quote lives: nobody but this payer knows
    it, and unpaid it closes without a word to the merchant.

    Raises:
        One of `NOT_MEANT`.
        MerchantUnavailable, SelfPayment: no order is made for that.
    """
    read = None if wish.code is None else await merchant_codes.read(wish.code, now)
    if isinstance(read, StaticCode):
        return await _made(wish, read, wallet, by, now)
    number = wish.order_number if read is None else read.number
    order = await orders.by_number(number or "")
    merchant = await Merchant.get(id=order.merchant_id)
    _check(wish, read, order, merchant)
    amounts.checked(order.amount, order.currency, wallet_currency=wallet.currency)
    return order, merchant


def _check(wish: Wish, read: OrderCode | None, order: Order, merchant: Merchant) -> None:
    """Whether it is the order that the payer was told of."""
    if wish.merchant_number not in {None, merchant.number}:
        raise MerchantMismatch
    told = [(wish.amount, wish.currency)] if wish.amount is not None else []
    if read is not None:
        told.append((read.amount, read.currency))
    if any(each != (order.amount, order.currency) for each in told):
        raise AmountMismatch(MinorUnits(order.amount), order.currency)


async def _made(
    wish: Wish, code: StaticCode, wallet: Account, by: Identity, now: datetime
) -> tuple[Order, Merchant]:
    merchant = await Merchant.get(id=code.merchant_id)
    amount = _typed(wish, code, merchant, wallet)
    if merchant.owner_id == by.person_id:
        raise payees.SelfPayment
    if merchant.status is not MerchantStatus.ACCEPTING:
        raise orders.MerchantUnavailable
    await merchant_codes.check_ration(wallet, amount, now=now, time_zone=by.time_zone)
    fee = await fees.for_payer(merchant.id, amount, code.currency, now)
    wallets.check_can_pay(wallet, MinorUnits(amount + fee))
    order = await orders.create(
        orders.Wish(
            amount=amount,
            currency=code.currency,
            reference=f"code-{numbers.fresh()}",
            description=code.label,
            lasts=quotes.LIVES,
            origin=OrderOrigin.STATIC_CODE,
        ),
        merchant_id=merchant.id,
        now=now,
    )
    return order, merchant


def _typed(wish: Wish, code: StaticCode, merchant: Merchant, wallet: Account) -> MinorUnits:
    """How much the payer wants to pay by a code that says nothing of it."""
    if wish.merchant_number not in {None, merchant.number}:
        raise MerchantMismatch
    if wish.amount is None or wish.currency is None:
        raise amounts.AmountInvalid(AmountFault.NOT_POSITIVE)
    amount = amounts.checked(wish.amount, wish.currency, wallet_currency=wallet.currency)
    if code.currency != wallet.currency:
        raise amounts.CurrencyMismatch(code.currency, wallet.currency)
    return amount

"""Preparing a payment: which order, whether it could be paid now, and what must be proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain import amounts, fees, merchants, orders, payees, preparing
from domain.money import NOTHING, MinorUnits
from domain.payments import meant
from domain.payments.meant import Wish
from domain.preparing import Beneficiary, Draft, Shown
from domain.sessions import Identity
from models.merchants import Merchant
from models.orders import Order
from models.quotes import Capture, QuoteKind
from models.wallets import Account, AccountKind

PREPARE_REFUSALS: Final = (
    *meant.NOT_MEANT,
    payees.SelfPayment,
    *orders.NOT_PAYABLE,
    *preparing.NOT_PREPARED,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the payer is shown, for which order and merchant."""

    shown: Shown
    order: Order
    merchant: Merchant
    is_new_merchant: bool


async def prepare(wish: Wish, *, by: Identity, address: str, now: datetime) -> Prepared:
    """Finds out what paying the order would do and cost, and whether it could be done now.

    Nothing is promised, the order neither: somebody else may pay it first. `address` is the network
    address of the caller: see `preparing.show`.

    Raises:
        NotFound: the wallet is not one of the payer's.
        One of `meant.NOT_MEANT`: it is not the order that the payer thinks it is, or none.
        SelfPayment: the payer owns the merchant.
        OrderAlreadyPaid, OrderAlreadyClosed, OrderExpired, MerchantUnavailable: see
            `orders.check_payable`.
        One of `preparing.NOT_PREPARED`.
    """
    wallet = await preparing.wallet_of(by, wish.wallet_id)
    order, merchant = await meant.find(wish, wallet, by=by, now=now)
    if merchant.owner_id == by.person_id:
        raise payees.SelfPayment
    await orders.check_payable(order, merchant, by=by.person_id, now=now)
    return await _prepared(order, merchant, wallet, by, address, now)


async def _prepared(
    order: Order, merchant: Merchant, wallet: Account, by: Identity, address: str, now: datetime
) -> Prepared:
    amount = amounts.checked(order.amount, order.currency, wallet_currency=wallet.currency)
    target = await Account.get(
        merchant_id=merchant.id, currency=order.currency, kind=AccountKind.MERCHANT
    )
    if target.closed_at is not None or target.freeze_level > 1:
        raise orders.MerchantUnavailable
    is_new = not await merchants.was_paid(target.id, by=by.person_id)
    draft = Draft(
        kind=QuoteKind.MERCHANT_PAYMENT,
        wallet=wallet,
        target_id=target.id,
        beneficiary=Beneficiary(merchant.id, merchant.name, is_merchant=True),
        is_new_beneficiary=is_new,
        amount=amount,
        fee=await _fee(order, now),
        note=order.description,
        subject_id=order.id,
        capture=order.capture,
    )
    shown = await preparing.show(draft, by=by, address=address, now=now)
    return Prepared(shown, order, merchant, is_new)


async def _fee(order: Order, now: datetime) -> MinorUnits:
    """What the payer pays on top; nothing while it is open how much will be captured."""
    if order.capture is Capture.LATER:
        return NOTHING
    return await fees.for_payer(order.merchant_id, order.amount, order.currency, now)

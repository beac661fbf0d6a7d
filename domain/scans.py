"""What a customer scanned: a person's code, a merchant's order, or a merchant's lasting code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from domain import codes, merchant_codes, orders, payees, receive_codes
from domain.codes import seals
from domain.merchant_codes import OrderCode
from domain.receive_codes import ReceiveCode
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.orders import Order
from models.people import Person

READ_REFUSALS: Final = (
    codes.QrInvalid,
    codes.QrForeign,
    codes.QrTampered,
    codes.QrExpired,
    payees.PayeeNotFound,
    payees.SelfPayment,
    orders.OrderNotFound,
)


@dataclass(frozen=True, slots=True)
class PersonScanned:
    """Somebody wants to be paid."""

    code: ReceiveCode
    person: Person


@dataclass(frozen=True, slots=True)
class OrderScanned:
    """A merchant wants to be paid for one order, whether or not it can be paid now."""

    order: Order
    merchant: Merchant


@dataclass(frozen=True, slots=True)
class MerchantScanned:
    """A merchant wants to be paid what its customer types."""

    code: MerchantCode
    merchant: Merchant


Scanned: TypeAlias = PersonScanned | OrderScanned | MerchantScanned


async def read(text: str, *, by: UUID, public_url: str, now: datetime) -> Scanned:
    """What a scanned text asks for; nothing moved.

    It is a code that this uPay wrote, or a link to a page of its own: `public_url` is where those
    are. A link is no proof of anything, but leads only to what is here.

    Raises:
        QrInvalid, QrForeign, QrTampered: see `codes.seals.opened`.
        QrExpired: its time is over, or its owner has replaced it.
        PayeeNotFound, SelfPayment: see `domain.payees`.
        OrderNotFound: a link names an order that is none.
    """
    linked = merchant_codes.read_link(text, public_url)
    if linked is not None:
        return await (_order(linked) if isinstance(linked, str) else _lasting(linked.token))
    if receive_codes.is_ours(seals.opened(text)):
        person = await payees.find(payees.Named(receive_code=text), by=by, now=now)
        return PersonScanned(receive_codes.read(text, now), person)
    found = merchant_codes.read_text(text, now)
    return await (_order(found.number) if isinstance(found, OrderCode) else _lasting(found.token))


async def _order(number: str) -> OrderScanned:
    order = await orders.by_number(number)
    return OrderScanned(order, await Merchant.get(id=order.merchant_id))


async def _lasting(token: str) -> MerchantScanned:
    code = await merchant_codes.by_token(token)
    return MerchantScanned(code, await Merchant.get(id=code.merchant_id))

"""How the codes of orders, of payments for them, and of capturing come out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeAlias

from domain import freezes
from models.freezes import FreezeOwner
from models.merchants import Merchant, MerchantStatus
from models.orders import Order, OrderStatus
from tests.api import tills
from tests.api.conftest import Resident
from tests.api.scenarios.stage import (
    WHY,
    Act,
    Said,
    Scenario,
    Scenarios,
    Stage,
    failed,
    failure,
    problem,
)
from tests.api.tills import Till
from tests.domain.registers import identity_of

CNY: Final = "CNY"

Change: TypeAlias = Callable[[Stage, Till, str], Awaitable[None]]
"""What happens to the order with a number."""

SEEN: Final = """query ($id: ID!) { payment(id: $id) {
    failure { code title detail nextStep retry } } }"""


def making(**words: Any) -> Scenario:
    """A program makes an order that cannot be."""

    async def scenario(stage: Stage) -> Act:
        shop = await tills.till(stage.app)
        await shop.order(reference="taken")
        return partial(problem, shop.asker, "createOrder", tills.wanted(9, **words))

    return scenario


def paying(**words: Any) -> Scenario:
    """Ada wants to pay an order over 1250, and was told otherwise."""

    async def scenario(stage: Stage) -> Act:
        ada = await stage.resident("ada", holds=5_000)
        order = await (await tills.till(stage.app)).order()
        said = tills.wish(ada, order["number"]) | words
        return partial(problem, ada.asker, "preparePayment", said)

    return scenario


def preparing_after(change: Change) -> Scenario:
    """Ada prepares to pay an order after something has happened to it."""

    async def scenario(stage: Stage) -> Act:
        ada, shop = await stage.resident("ada", holds=5_000), await tills.till(stage.app)
        number = (await shop.order())["number"]
        await change(stage, shop, number)
        return partial(problem, ada.asker, "preparePayment", tills.wish(ada, number))

    return scenario


def confirming_after(change: Change) -> Scenario:
    """Ada confirms the payment of an order, and something has happened to it meanwhile."""

    async def scenario(stage: Stage) -> Act:
        ada, shop = await stage.resident("ada", holds=5_000), await tills.till(stage.app)
        number = (await shop.order())["number"]
        quoted = await tills.prepared(ada, number)
        await change(stage, shop, number)

        async def act() -> Said:
            answer = await tills.confirm(ada, quoted)
            return await failure(ada.asker, answer["payment"]["id"])

        return act

    return scenario


async def is_paid(stage: Stage, _: Till, number: str) -> None:
    bob = await stage.resident("bob", holds=5_000)
    await tills.pays(bob, number)


async def is_closed(stage: Stage, _: Till, number: str) -> None:
    await Order.filter(number=number).update(status=OrderStatus.CLOSED, closed_at=stage.clock())


async def expires(stage: Stage, _: Till, number: str) -> None:
    await Order.filter(number=number).update(expires_at=stage.clock())


async def pauses(_: Stage, shop: Till, __: str) -> None:
    await Merchant.filter(id=shop.merchant.id).update(status=MerchantStatus.PAUSED)


async def payment_not_made(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada", holds=5_000), await tills.till(stage.app)
    first, second = await shop.order(4_000), await shop.order(2_000)
    quoted = await tills.prepared(ada, first["number"])
    await tills.pays(ada, second["number"], key="before")

    async def act() -> Said:
        answer = await tills.confirm(ada, quoted)
        seen = await shop.asker.data(SEEN, id=answer["payment"]["id"])
        return failed(seen["failure"])

    return act


async def authorised(stage: Stage) -> tuple[Resident, Till, str]:
    """1000 that ada authorised for the tea house."""
    ada, shop = await stage.resident("ada", holds=5_000), await tills.till(stage.app)
    order = await shop.order(1_000, capture="LATER")
    return ada, shop, (await tills.pays(ada, order["number"]))["id"]


async def nothing_to_capture(stage: Stage) -> Act:
    _, shop, id = await authorised(stage)
    await shop.voids(id)
    return partial(problem, shop.asker, "capturePayment", _merchants(id))


async def nothing_to_void(stage: Stage) -> Act:
    _, shop, id = await authorised(stage)
    await shop.captures(id)
    return partial(problem, shop.asker, "voidPayment", _merchants(id))


async def capture_exceeds(stage: Stage) -> Act:
    _, shop, id = await authorised(stage)
    words = _merchants(id) | {"amount": {"amountMinor": 1_001, "currency": CNY}}
    return partial(problem, shop.asker, "capturePayment", words)


async def capture_blocked(stage: Stage) -> Act:
    ada, shop, id = await authorised(stage)
    await freezes.freeze(
        person_id=ada.person.id,
        owner=FreezeOwner.CUSTOMER,
        by=await identity_of(ada.person),
        reason=WHY,
        now=stage.clock(),
    )
    return partial(problem, shop.asker, "capturePayment", _merchants(id))


def _merchants(payment_id: str) -> dict[str, Any]:
    return {"paymentId": payment_id, "idempotencyKey": "other"}


PROBLEMS: Final[Scenarios] = {
    "REFERENCE_INVALID": making(reference="no spaces"),
    "REFERENCE_REUSED": making(reference="taken"),
    "DESCRIPTION_INVALID": making(description="x" * 141),
    "EXPIRY_INVALID": making(expiresInMinutes=0),
    "ORDER_NOT_FOUND": paying(order={"number": "1000000000000008"}),
    "AMOUNT_MISMATCH": paying(amount={"amountMinor": 1_251, "currency": CNY}),
    "MERCHANT_MISMATCH": paying(merchantNumber="0000000000"),
    "ORDER_PAID": preparing_after(is_paid),
    "ORDER_CLOSED": preparing_after(is_closed),
    "ORDER_EXPIRED": preparing_after(expires),
    "MERCHANT_UNAVAILABLE": preparing_after(pauses),
    "NOTHING_TO_CAPTURE": nothing_to_capture,
    "NOTHING_TO_VOID": nothing_to_void,
    "CAPTURE_EXCEEDS": capture_exceeds,
    "CAPTURE_BLOCKED": capture_blocked,
}
FAILURES: Final[Scenarios] = {
    "ORDER_PAID": confirming_after(is_paid),
    "ORDER_CLOSED": confirming_after(is_closed),
    "ORDER_EXPIRED": confirming_after(expires),
    "MERCHANT_UNAVAILABLE": confirming_after(pauses),
    "PAYMENT_NOT_MADE": payment_not_made,
}

"""How the codes of giving money back come out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from domain import refunds
from domain.merchants import Actor
from models.merchants import Merchant
from models.payments import Payment
from models.quotes import Capture
from models.refunds import Refund, RefundReason
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.stage import WHY, Act, Said, Scenarios, Stage, failed, failure, problem

AT_THE_DESK: Final = """query ($id: ID!, $reason: String!) { movement(id: $id, reason: $reason) {
    ... on MovementFound { movement { failure { code title detail nextStep retry } } } } }"""


@dataclass(frozen=True)
class Till:
    """Ada has paid mei's tea house 1000; its program is `asker`."""

    stage: Stage
    ada: Resident
    merchant: Merchant
    payment: Payment
    asker: Asker

    @property
    def by(self) -> Actor:
        return Actor(merchant_id=self.merchant.id, person_id=self.merchant.owner_id)

    @property
    def payment_id(self) -> str:
        return f"pay_{self.payment.movement_id.hex}"

    def wish(self, amount: int | None = None) -> refunds.Wish:
        return refunds.Wish(
            payment_id=self.payment.movement_id, reason=RefundReason.OTHER, amount=amount
        )

    def words(self, amount: int) -> dict[str, object]:
        return {
            "paymentId": self.payment_id,
            "reason": "OTHER",
            "amount": {"amountMinor": amount, "currency": "CNY"},
            "idempotencyKey": "key",
        }

    async def lacking(self) -> Refund:
        """A refund that fails, because the merchant may not go below what it has."""
        return await refunds.refund(self.wish(), by=self.by, key="lacking", now=self.stage.clock())


async def till(stage: Stage, capture: Capture = Capture.NOW) -> Till:
    ada = await stage.resident("ada", holds=1_000)
    merchant = await factories.merchant(await factories.person("mei"))
    payment = await factories.payment(await factories.order(merchant, capture=capture), ada.wallet)
    token = await factories.key(merchant)
    return Till(stage, ada, merchant, payment, Asker(stage.app, token=token))


async def payment_not_captured(stage: Stage) -> Act:
    here = await till(stage, Capture.LATER)
    return partial(problem, here.asker, "refundPayment", here.words(100))


async def refund_window_closed(stage: Stage) -> Act:
    here = await till(stage)
    stage.clock.advance(days=180)
    return partial(problem, here.asker, "refundPayment", here.words(100))


async def refund_exceeds(stage: Stage) -> Act:
    here = await till(stage)
    return partial(problem, here.asker, "refundPayment", here.words(1_001))


async def refund_requested(stage: Stage) -> Act:
    here = await till(stage)
    await refunds.request(here.wish(), by=here.ada.person.id, now=stage.clock())
    words = {"paymentId": here.payment_id, "reason": "OTHER"}
    return partial(problem, here.ada.asker, "requestRefund", words)


async def refund_decided(stage: Stage) -> Act:
    here = await till(stage)
    asked = await refunds.request(here.wish(), by=here.ada.person.id, now=stage.clock())
    await refunds.withdraw(by=here.ada.person.id, refund_id=asked.id, now=stage.clock())
    words = {"refundId": f"rfd_{asked.id.hex}", "idempotencyKey": "key"}
    return partial(problem, here.asker, "approveRefund", words)


async def refund_not_failed(stage: Stage) -> Act:
    here = await till(stage)
    done = await refunds.refund(here.wish(), by=here.by, key="done", now=stage.clock())
    words = {"refundId": f"rfd_{done.id.hex}", "idempotencyKey": "key"}
    return partial(problem, here.asker, "retryRefund", words)


async def refund_delayed(stage: Stage) -> Act:
    here = await till(stage)
    await Account.filter(merchant_id=here.merchant.id).update(floor=1_000)

    async def act() -> Said:
        refund = await here.lacking()
        assert refund.movement_id is not None
        return await failure(here.ada.asker, f"ref_{refund.movement_id.hex}")

    return act


async def merchant_funds_short(stage: Stage) -> Act:
    here, lin = await till(stage), await stage.agent()
    await Account.filter(merchant_id=here.merchant.id).update(floor=1_000)

    async def act() -> Said:
        refund = await here.lacking()
        assert refund.movement_id is not None
        id = f"ref_{refund.movement_id.hex}"
        found = await lin.data(AT_THE_DESK, id=id, reason=WHY)
        return failed(found["movement"]["failure"])

    return act


PROBLEMS: Final[Scenarios] = {
    "PAYMENT_NOT_CAPTURED": payment_not_captured,
    "REFUND_WINDOW_CLOSED": refund_window_closed,
    "REFUND_EXCEEDS": refund_exceeds,
    "REFUND_REQUESTED": refund_requested,
    "REFUND_DECIDED": refund_decided,
    "REFUND_NOT_FAILED": refund_not_failed,
}
FAILURES: Final[Scenarios] = {
    "REFUND_DELAYED": refund_delayed,
    "MERCHANT_FUNDS_SHORT": merchant_funds_short,
}

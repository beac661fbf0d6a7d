"""A merchant with a payment in it, in few words: mei has a tea house, and ada has paid there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import ledger, refunds
from domain.merchants import Actor
from domain.money import MinorUnits
from models.ids import new_id
from models.merchants import Merchant
from models.movements import Hold, MovementKind
from models.orders import Order
from models.payments import MerchantEvent, Payment
from models.people import Person
from models.quotes import Capture
from models.refunds import Refund, RefundReason, RefundStep
from models.streams import StreamEvent
from models.wallets import Account, AccountKind
from tests import factories
from tests.moments import NOON


@dataclass(frozen=True)
class Shop:
    """The tea house, its payer, and one order of 1000 minor units that was paid."""

    mei: Person
    ada: Person
    merchant: Merchant
    account: Account
    wallet: Account
    order: Order
    payment: Payment

    @property
    def actor(self) -> Actor:
        return Actor(merchant_id=self.merchant.id, person_id=self.mei.id)

    async def refund(
        self, amount: int | None = None, *, key: str | None = None, **changes: Any
    ) -> Refund:
        """The merchant gives money back."""
        now = changes.pop("now", NOON)
        wish = self.wish(amount, **changes)
        return await refunds.refund(wish, by=self.actor, key=key or new_id().hex, now=now)

    async def request(self, amount: int | None = None, **changes: Any) -> Refund:
        """Ada asks for money back."""
        now = changes.pop("now", NOON)
        return await refunds.request(self.wish(amount, **changes), by=self.ada.id, now=now)

    def wish(self, amount: int | None = None, **changes: Any) -> refunds.Wish:
        facts: dict[str, Any] = {
            "payment_id": self.payment.movement_id,
            "reason": RefundReason.NOT_RECEIVED,
            "amount": amount,
        }
        return refunds.Wish(**{**facts, **changes})

    async def counted(self) -> tuple[int, int, int]:
        """What was captured, is back, and waits, of the payment as it is now."""
        row = await Payment.get(movement_id=self.payment.movement_id)
        return row.captured, row.refunded, row.refund_pending

    async def balances(self) -> list[int]:
        """What ada and the merchant have."""
        return await factories.balances(self.wallet, self.account)

    async def told(self) -> list[str]:
        """What the merchant was told of refunds, in order."""
        events = MerchantEvent.filter(merchant_id=self.merchant.id, type__startswith="refund.")
        return [event.type async for event in events.order_by("at", "id")]

    async def seqs(self) -> list[int]:
        """The numbers of the payment's events."""
        events = StreamEvent.filter(stream_id=self.payment.stream_id).order_by("seq")
        return [event.seq async for event in events]

    async def spend(self, amount: int) -> None:
        """The merchant's money goes somewhere else, as a settlement takes it."""
        other = await Account.get_or_none(owner_id=self.mei.id) or await factories.wallet(self.mei)
        taken = ledger.Order(
            kind=MovementKind.ADJUSTMENT,
            person_id=self.mei.id,
            source_id=self.account.id,
            target_id=other.id,
            amount=MinorUnits(amount),
            currency="CNY",
        )
        await ledger.post(ledger.pay(taken, key=factories.some_key(), at=NOON))

    async def earn(self, amount: int) -> None:
        """Somebody else pays the merchant."""
        bob = await factories.person(f"bob{new_id().hex[-8:]}")
        wallet = await factories.wallet(bob, holds=amount)
        await factories.payment(await factories.order(self.merchant, amount), wallet)

    async def capture(self, amount: int, *, is_final: bool = True) -> None:
        """The merchant takes of what was authorised."""
        movement = await self.payment.movement()
        held = await Hold.get(movement_id=movement.id)
        await ledger.post(
            ledger.capture(
                movement,
                held,
                key=factories.some_key(),
                at=NOON,
                amount=MinorUnits(amount),
                is_final=is_final,
            )
        )


async def shop(*, amount: int = 1_000, holds: int = 5_000, capture: Capture = Capture.NOW) -> Shop:
    """The tea house at noon, when ada has just paid."""
    mei, ada = await factories.person("mei"), await factories.person("ada")
    merchant = await factories.merchant(mei)
    wallet = await factories.wallet(ada, holds=holds)
    order = await factories.order(merchant, amount, capture=capture)
    payment = await factories.payment(order, wallet)
    account = await Account.get(merchant_id=merchant.id, kind=AccountKind.MERCHANT)
    return Shop(mei, ada, merchant, account, wallet, order, payment)


async def steps(refund: Refund) -> list[str]:
    """What a refund became, one after the other."""
    return [
        step.status.value async for step in RefundStep.filter(refund_id=refund.id).order_by("place")
    ]


async def close(wallet: Account, now: datetime = NOON) -> None:
    """The wallet is closed, empty or not, as closing an empty one does."""
    await Account.filter(id=wallet.id).update(closed_at=now)

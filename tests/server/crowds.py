"""A crowd of customers who pay at once, as many payments at a time as the test lets through."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Self, TypeVar

from models.wallets import Account
from tests.server import payers
from tests.server.payers import PIN, Customer, Order, Told

T = TypeVar("T")

WRONG_PIN = "135790"


class Crowd:
    """Customers with their prepared orders, and everything they were told.

    Each of them pays one order after the other. The middle one is sent with a wrong PIN, and the
    last one is more than is left; all the others add up to what was in the wallet.
    """

    def __init__(self, orders: dict[str, list[Order]]) -> None:
        self._orders = orders
        self._permits = asyncio.Semaphore(0)
        self._answered = asyncio.Condition()
        self.log: list[tuple[Order, Told]] = []
        self.repeated: Counter[str] = Counter()

    @classmethod
    async def gathered(cls, people: int, each_pays: int, *, payee: str) -> Self:
        """`people` customers, each with `each_pays` transfers to `payee` prepared."""
        orders = {}
        for number in range(people):
            amounts = [100 + number + place for place in range(each_pays)]
            wrong = each_pays // 2
            holds = sum(amounts[:-1]) - amounts[wrong]
            payer = await payers.customer(f"payer{number}", holds=holds)
            orders[payer.person.account_name] = [
                await _order(payer, payee, amount, place, is_wrong=place == wrong)
                for place, amount in enumerate(amounts)
            ]
        return cls(orders)

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(told.outcome for _, told in self.log)

    @property
    def completed_amount(self) -> int:
        return sum(order.amount for order, told in self.log if told.outcome == "TransferCompleted")

    @property
    def wallets(self) -> list[Account]:
        return [orders[0].customer.wallet for orders in self._orders.values()]

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @asynccontextmanager
    async def paying(self, address: str) -> AsyncIterator[None]:
        """They pay at `address` during the block, each on a connection of their own."""
        async with asyncio.TaskGroup() as tasks:
            for orders in self._orders.values():
                tasks.create_task(self._pay(orders, address))
            yield

    async def may_pay(self, count: int) -> None:
        """Lets `count` payments through, and returns when they are answered."""
        await self.during(count, of=count, act=_nothing)

    async def during(self, answered: int, *, of: int, act: Callable[[], Awaitable[T]]) -> T:
        """Lets `of` payments through, acts after `answered` of them; returns at the end of both."""
        before = len(self.log)
        for _ in range(of):
            self._permits.release()
        await self._until(before + answered)
        acted = await act()
        await self._until(before + of)
        return acted

    async def _until(self, count: int) -> None:
        async with self._answered:
            await self._answered.wait_for(lambda: len(self.log) >= count)

    async def _pay(self, orders: list[Order], address: str) -> None:
        async with payers.line(address) as line:
            for order in orders:
                await self._permits.acquire()
                told = await line.confirm(order)
                async with self._answered:
                    self.log.append((order, told))
                    self._answered.notify_all()
            self.repeated.update(line.repeated)


async def _order(payer: Customer, payee: str, amount: int, place: int, *, is_wrong: bool) -> Order:
    pin = WRONG_PIN if is_wrong else PIN
    return await payers.order(payer, payee, amount, key=f"order-{place}", pin=pin)


async def _nothing() -> None:
    return None

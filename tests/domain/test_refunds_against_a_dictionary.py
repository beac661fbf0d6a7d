"""Any sequence of captures, voids, refunds and requests does what a dictionary would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from domain import payments, refunds, wallets
from domain.chart import house_account
from domain.refusals import Refusal
from models.database import connected
from models.ids import new_id
from models.payments import Payment
from models.quotes import Capture
from models.refunds import Refund, RefundStatus
from models.wallets import Account, AccountKind
from realtime import bus
from server.embedded.postgres import EmbeddedPostgres
from tests import factories
from tests.domain import books, shops
from tests.moments import NOON

T = TypeVar("T")

AUTHORIZED: Final = 600
HOLDS: Final = 1_000
amounts = st.integers(1, 120)
little = st.integers(1, 30)
seldom = st.integers(0, 5).map(lambda number: number == 5)


@dataclass
class Till:
    """What a person with a pencil would write down of one payment."""

    captured: int = 0
    voided: int = 0
    refunded: int = 0
    pending: int = 0
    merchant: int = 0
    is_wallet_open: bool = True
    asked: UUID | None = None
    wished: int = 0
    failed: dict[UUID, int] = field(default_factory=dict)

    @property
    def authorized_left(self) -> int:
        return AUTHORIZED - self.captured - self.voided

    @property
    def refundable(self) -> int:
        return self.captured - self.refunded - self.pending

    def give(self, amount: int) -> RefundStatus:
        """What giving so much back comes to."""
        if amount > self.merchant:
            return RefundStatus.FAILED
        self.merchant -= amount
        if self.is_wallet_open:
            self.refunded += amount
            return RefundStatus.SUCCEEDED
        self.pending += amount
        return RefundStatus.PENDING


class Refunds(RuleBasedStateMachine):
    """One payment that is captured later, in part at once, in a database of its own."""

    postgres: EmbeddedPostgres

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._connection = _database_of_its_own(self.postgres)
        self._runner.run(self._connection.__aenter__())
        self.shop = self._do(
            lambda: shops.shop(amount=AUTHORIZED, holds=HOLDS, capture=Capture.LATER)
        )
        self.till = Till()
        self.capture(300, is_final=False)

    @rule(amount=amounts, is_final=seldom)
    def capture(self, amount: int, is_final: bool) -> None:
        done = self._try(
            lambda: payments.capture(
                self.shop.payment.movement_id,
                merchant_id=self.shop.merchant.id,
                amount=amount,
                currency="CNY",
                is_final=is_final,
                key=new_id().hex,
                now=NOON,
            )
        )
        left = self.till.authorized_left
        assert (done is not None) == (amount <= left and self.till.is_wallet_open)
        if done is not None:
            self.till.captured += amount
            self.till.merchant += amount
            if is_final:
                self.till.voided += left - amount

    @rule(is_meant=seldom)
    def void(self, is_meant: bool) -> None:
        if not is_meant:
            return
        done = self._try(
            lambda: payments.void(
                self.shop.payment.movement_id,
                merchant_id=self.shop.merchant.id,
                key=new_id().hex,
                now=NOON,
            )
        )
        assert (done is not None) == (self.till.authorized_left > 0)
        self.till.voided += self.till.authorized_left

    @rule(amount=amounts, is_all=seldom)
    def refund_much(self, amount: int, is_all: bool) -> None:
        self._refund(None if is_all else amount)

    @rule(amount=little)
    def refund_little(self, amount: int) -> None:
        self._refund(amount)

    @rule(amount=little)
    def request(self, amount: int) -> None:
        made = self._try(lambda: self.shop.request(amount))
        is_new = self.till.asked is None
        assert (made is not None) == (is_new and amount <= self.till.refundable)
        if made is not None:
            self.till.asked, self.till.wished = made.id, amount

    @rule(answer=st.sampled_from(["approve", "reject", "withdraw"]))
    def answer(self, answer: str) -> None:
        asked, wished = self.till.asked, self.till.wished
        if asked is None:
            return
        if answer == "reject":
            self._do(
                lambda: refunds.reject(by=self.shop.actor, refund_id=asked, answer="", now=NOON)
            )
        elif answer == "withdraw":
            self._do(lambda: refunds.withdraw(by=self.shop.ada.id, refund_id=asked, now=NOON))
        else:
            made = self._try(
                lambda: refunds.approve(
                    by=self.shop.actor, refund_id=asked, key=new_id().hex, now=NOON
                )
            )
            assert (made is not None) == (wished <= self.till.refundable)
            if made is None:
                return
            self._check_given(made, wished)
        self.till.asked = None

    @rule(chance=st.integers(0, 2**16))
    def retry(self, chance: int) -> None:
        if not self.till.failed:
            return
        ids = list(self.till.failed)
        id = ids[chance % len(ids)]
        amount = self.till.failed[id]
        made = self._try(
            lambda: refunds.retry(by=self.shop.actor, refund_id=id, key=new_id().hex, now=NOON)
        )
        assert (made is not None) == (amount <= self.till.refundable)
        if made is not None:
            del self.till.failed[id]
            self._check_given(made, amount)

    @rule(amount=amounts)
    def settle(self, amount: int) -> None:
        """The merchant's money goes to its bank."""
        if amount <= self.till.merchant:
            self._do(lambda: self.shop.spend(amount))
            self.till.merchant -= amount

    @rule(amount=little)
    def earn(self, amount: int) -> None:
        self._do(lambda: self.shop.earn(amount))
        self.till.merchant += amount

    @rule(is_open=st.booleans())
    def turn(self, is_open: bool) -> None:
        """The wallet that paid is opened again, or closed."""
        if is_open:
            self._do(self._reopened)
            self.till.refunded += self.till.pending
            self.till.pending = 0
        else:
            self._do(lambda: shops.close(self.shop.wallet))
        self.till.is_wallet_open = is_open

    @invariant()
    def everything_is_as_written_down(self) -> None:
        self._do(self._check)

    async def _reopened(self) -> None:
        await wallets.open_wallet(self.shop.ada.id, "CNY", NOON)
        for waiting in await Refund.filter(status=RefundStatus.PENDING):
            await refunds.deliver(waiting.id, NOON)

    async def _check(self) -> None:
        till = self.till
        row = await Payment.get(movement_id=self.shop.payment.movement_id)
        assert (row.captured, row.voided) == (till.captured, till.voided)
        assert (row.refunded, row.refund_pending) == (till.refunded, till.pending)
        assert row.refunded + row.refund_pending <= row.captured <= row.authorized
        suspense = house_account(AccountKind.SUSPENSE, "CNY")
        accounts = [self.shop.wallet, self.shop.account, await Account.get(id=suspense)]
        assert await factories.balances(*accounts) == [
            HOLDS - till.captured + till.refunded,
            till.merchant,
            till.pending,
        ]
        failed = await Refund.filter(status=RefundStatus.FAILED).values_list("id", flat=True)
        assert set(failed) == set(till.failed)

    def _refund(self, amount: int | None) -> None:
        made = self._try(lambda: self.shop.refund(amount))
        wanted = self.till.refundable if amount is None else amount
        assert (made is not None) == (0 < wanted <= self.till.refundable)
        if made is not None:
            self._check_given(made, wanted)

    def _check_given(self, made: Refund, amount: int) -> None:
        assert made.amount == amount
        assert made.status is self.till.give(amount)
        if made.status is RefundStatus.FAILED:
            self.till.failed[made.id] = amount

    def _try(self, act: Callable[[], Awaitable[T]]) -> T | None:
        """What it came to; None when it was refused."""

        async def tried() -> T | None:
            try:
                return await act()
            except Refusal:
                return None

        return self._do(tried)

    def _do(self, act: Callable[[], Awaitable[T]]) -> T:
        async def acted() -> T:
            return await act()

        return self._runner.run(acted())

    def teardown(self) -> None:
        try:
            self._do(books.assert_sound)
            self._runner.run(self._connection.__aexit__(None, None, None))
        finally:
            self._runner.close()
            super().teardown()


@pytest.mark.slow
def test_any_sequence_of_refunds_does_what_a_dictionary_would(postgres: EmbeddedPostgres) -> None:
    Refunds.postgres = postgres

    run_state_machine_as_test(
        Refunds,
        settings=settings(
            max_examples=12,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            # Each try is a database: making a failure small takes longer than reading a large one.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@asynccontextmanager
async def _database_of_its_own(postgres: EmbeddedPostgres) -> AsyncIterator[None]:
    name = f"refunds_{uuid4().hex}"
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(f"CREATE DATABASE {name} TEMPLATE upay STRATEGY file_copy")
    try:
        async with (
            connected(postgres.database_urls(name).application, pool_size=4, everywhere=True),
            bus.MemoryBus() as memory,
        ):
            bus.install(memory)
            try:
                yield
            finally:
                bus.install(None)
        await owner.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await owner.close()

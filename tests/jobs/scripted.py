"""A provider in the test's own process, which says what a test wrote down for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from channels.providers import (
    AccountAnswer,
    AccountDetails,
    AnswerStatus,
    Order,
    OrderKind,
    ProviderAnswer,
    Statement,
)

SUCCEEDED = ProviderAnswer(AnswerStatus.SUCCEEDED, 500, "CNY", "r-1", None, "{}")
PENDING = replace(SUCCEEDED, status=AnswerStatus.PENDING)
DECLINED = replace(SUCCEEDED, status=AnswerStatus.DECLINED, decline_code="do_not_honor")
REVERSED = replace(SUCCEEDED, status=AnswerStatus.REVERSED)


def out(answer: ProviderAnswer) -> ProviderAnswer:
    """The same said of a payout."""
    return replace(answer, kind=OrderKind.PAYOUT)


class Scripted:
    """Answers by its script, one word after the other, and counts."""

    name = "simulator"

    def __init__(self, *script: ProviderAnswer | Exception | None) -> None:
        self._script = list(script)
        self.spoken: list[str] = []
        self.orders: list[Order] = []

    async def submit(self, order: Order) -> ProviderAnswer:
        self.spoken.append("submit")
        self.orders.append(order)
        answer = self._next()
        assert answer is not None
        return answer

    async def ask(self, order_id: UUID) -> ProviderAnswer | None:
        self.spoken.append("ask")
        return self._next()

    async def statement(self, on: date) -> Statement:
        raise AssertionError("no script of these tests says what a provider answers to this")

    async def check_account(self, account: AccountDetails) -> AccountAnswer:
        raise AssertionError("no script of these tests says what a provider answers to this")

    async def prove_account(self, account_id: UUID, amount_minor: int) -> AccountAnswer:
        raise AssertionError("no script of these tests says what a provider answers to this")

    def _next(self) -> ProviderAnswer | None:
        answer = self._script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

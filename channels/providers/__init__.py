"""The wire to a payment provider: one order at a time, by its own id, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Protocol
from uuid import UUID

from channels.providers.accounts import AccountAnswer, AccountDetails, AccountStatus
from channels.providers.callbacks import (
    CALLBACK_AGE_SECONDS,
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    sign_callback,
    verify_callback,
)
from channels.providers.http import (
    ANSWER_SECONDS,
    MAX_ANSWER_BYTES,
    SIMULATOR,
    HttpProvider,
    is_simulator,
)
from channels.providers.orders import (
    AnswerLost,
    AnswerStatus,
    Order,
    OrderKind,
    ProviderAnswer,
    Unreachable,
)
from channels.providers.reading import MAINTENANCE, NO_SUCH_ORDER
from channels.providers.statements import BookedKind, Statement, StatementLine

__all__ = [
    "ANSWER_SECONDS",
    "CALLBACK_AGE_SECONDS",
    "MAINTENANCE",
    "MAX_ANSWER_BYTES",
    "NO_SUCH_ORDER",
    "SIGNATURE_HEADER",
    "SIMULATOR",
    "TIMESTAMP_HEADER",
    "AccountAnswer",
    "AccountDetails",
    "AccountStatus",
    "AnswerLost",
    "AnswerStatus",
    "BookedKind",
    "HttpProvider",
    "Order",
    "OrderKind",
    "Provider",
    "ProviderAnswer",
    "Statement",
    "StatementLine",
    "Unreachable",
    "is_simulator",
    "sign_callback",
    "verify_callback",
]


class Provider(Protocol):
    """Moves money into and out of cards and bank accounts on our behalf, once for each order id.

    The ids of charges and of payouts are of one kind: the same id is the same order.
    """

    @property
    def name(self) -> str:
        """What its orders are kept under."""

    async def submit(self, order: Order) -> ProviderAnswer:
        """Gives the order; the same id again is the same order and moves nothing more.

        Raises:
            Unreachable: the provider was told nothing, or took nothing.
            AnswerLost: it may or may not have moved the money.
        """

    async def ask(self, order_id: UUID) -> ProviderAnswer | None:
        """What became of the order; None when the provider never heard of it.

        Raises:
            Unreachable, AnswerLost: it is still not known.
        """

    async def statement(self, on: date) -> Statement:
        """All that the provider booked on a day, in UTC; of a day that is not over, so far.

        Raises:
            Unreachable, AnswerLost: it is not known.
        """

    async def check_account(self, account: AccountDetails) -> AccountAnswer:
        """Tells the provider of a card or bank account; the same id again asks about the same.

        Raises:
            Unreachable, AnswerLost: it is not known; nothing was paid out of it.
        """

    async def prove_account(self, account_id: UUID, amount_minor: int) -> AccountAnswer:
        """Says which small amount arrived there, in minor units of its currency.

        Raises:
            Unreachable, AnswerLost: it is not known whether that counted as a try.
        """

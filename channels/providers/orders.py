"""What is asked of a payment provider and what it says, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class OrderKind(StrEnum):
    """Which way an order moves money."""

    CHARGE = "charge"  # from a card or bank account to us
    PAYOUT = "payout"  # from us to a card or bank account


class AnswerStatus(StrEnum):
    """What a provider says became of an order."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"
    REVERSED = "reversed"  # it had succeeded, and the whole sum went back since


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Money to be moved, once for each id; `amount_minor` is in minor units of `currency`.

    `token` is the provider's own word for the card or bank account; None where it knows which.
    """

    id: UUID
    kind: OrderKind
    amount_minor: int
    currency: str
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider says of an order over `amount_minor`; `raw` is the answer as it came."""

    status: AnswerStatus
    amount_minor: int
    currency: str
    reference: str | None
    decline_code: str | None
    raw: str
    kind: OrderKind = OrderKind.CHARGE

    def is_about(self, order: Order) -> bool:
        """Whether it speaks of this sum, going this way."""
        said = (self.kind, self.amount_minor, self.currency)
        return said == (order.kind, order.amount_minor, order.currency)


class Unreachable(Exception):
    """The provider could not be reached, or takes nothing at present: it knows nothing of it."""


class AnswerLost(Exception):
    """It cannot be known whether the provider did it; `raw` is whatever came back, if anything."""

    def __init__(self, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.raw = raw

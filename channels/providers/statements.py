"""What a provider booked on one day, as it says itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID


class BookedKind(StrEnum):
    """What a line of a statement is."""

    CHARGE = "charge"  # taken for us
    PAYOUT = "payout"  # paid out for us
    REVERSAL = "reversal"  # of a charge: taken back from us
    RETURN = "return"  # of a payout: given back to us


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One booking; `amount_minor` and `fee_minor` are minor units of `currency`, none negative.

    `reference` is the provider's own number for the booking. `order_id` is ours for the order, None
    where the provider names none.
    """

    reference: str
    order_id: UUID | None
    kind: BookedKind
    amount_minor: int
    fee_minor: int
    currency: str
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """All that was booked on the day `on`, in UTC, in the provider's order."""

    on: date
    lines: tuple[StatementLine, ...]

"""What a provider says of a movement, and which way that movement goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.movements import Movement, MovementKind


class Direction(StrEnum):
    """Which way money goes, seen from uPay."""

    IN = "in"
    OUT = "out"


class Verdict(StrEnum):
    """What a provider says became of an order."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"
    REVERSED = "reversed"  # it had succeeded, and all of the money went back since


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A verdict with the provider's own words: why it declined, and its number for the order."""

    verdict: Verdict
    decline_code: str | None = None
    reference: str | None = None


def direction(movement: Movement) -> Direction:
    """Which way a movement in a provider's hands goes."""
    return Direction.IN if movement.kind is MovementKind.TOP_UP else Direction.OUT

"""Reconciliations as the desk sees them: what a provider booked, and how that differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from models import statements as rows
from models.movements import Movement
from schema import ids
from schema.problems import settlements as problems
from schema.problems.desk import ReasonRequired


@strawberry.enum(description="How a provider's statement differs from our books.")
class DifferenceKind(Enum):
    MISSING = strawberry.enum_value(
        rows.DifferenceKind.MISSING, description="We know that it was done; the statement does not."
    )
    EXTRA = strawberry.enum_value(
        rows.DifferenceKind.EXTRA, description="The statement has it; we do not."
    )
    DOUBLED = strawberry.enum_value(
        rows.DifferenceKind.DOUBLED, description="The statement has it more than once."
    )
    CHANGED = strawberry.enum_value(
        rows.DifferenceKind.CHANGED, description="Another amount, currency or direction."
    )


@strawberry.type(description="One difference; it is a case as well.")
class StatementDifference:
    kind: DifferenceKind
    reference: str = strawberry.field(
        description="The number of our order, or the provider's own for what we do not know."
    )
    movement_id: strawberry.ID | None
    expected: str = strawberry.field(
        description="What our books say, such as `charge 1200 CNY`, in minor units."
    )
    found: str = strawberry.field(description="What the statement says, likewise.")
    at: datetime = strawberry.field(description="When it was found.")

    @classmethod
    def of(cls, row: rows.StatementDifference, movement: Movement | None) -> StatementDifference:
        return cls(
            kind=DifferenceKind(row.kind),
            reference=row.reference,
            movement_id=None if movement is None else strawberry.ID(ids.of_movement(movement)),
            expected=row.expected,
            found=row.found,
            at=row.at,
        )


@strawberry.type(description="One time that a provider's statement was fetched and compared.")
class Reconciliation:
    id: strawberry.ID
    provider: str
    day: date = strawberry.field(description="The day of the statement, in UTC.")
    lines: int = strawberry.field(description="How many bookings it had.")
    fetched_at: datetime
    differences: list[StatementDifference] = strawberry.field(
        description="Those of the day that are known, whenever they were found; at most a hundred."
    )


async def reconciliations_of(found: Sequence[rows.Statement]) -> list[Reconciliation]:
    """The statements with their days' differences, in two statements for all of them."""
    days = {row.day for row in found}
    known = await rows.StatementDifference.filter(day__in=days).order_by("at", "id")
    movements = await Movement.in_bulk(
        {row.movement_id for row in known if row.movement_id is not None}, "id"
    )
    return [
        Reconciliation(
            id=strawberry.ID(ids.public(ids.Prefix.STATEMENT, row.id)),
            provider=row.provider,
            day=row.day,
            lines=row.rows_read,
            fetched_at=row.fetched_at,
            differences=[
                StatementDifference.of(each, movements.get(each.movement_id or each.id))
                for each in known
                if (each.provider, each.day) == (row.provider, row.day)
            ][:100],
        )
        for row in found
    ]


@strawberry.input
class RunReconciliationInput:
    day: date = strawberry.field(description="The day in UTC, between a year ago and yesterday.")
    reason: str = strawberry.field(description="Why; 3 to 500 characters, kept on record.")


@strawberry.type(description="The statement is being fetched; look at `reconciliations`.")
class ReconciliationAsked:
    day: date


RunReconciliationResult = Annotated[
    ReconciliationAsked | ReasonRequired | problems.DayNotOver,
    strawberry.union("RunReconciliationResult"),
]

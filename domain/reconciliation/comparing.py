"""What a statement says, kept and compared: what is missing, extra, doubled or changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from domain import cases, provider_orders
from domain.decisions import Announce, decision
from models.cases import CaseKind
from models.ids import new_id
from models.movements import Movement, MovementKind, MovementStatus
from models.providers import ProviderOrder
from models.statements import (
    BookingKind,
    DifferenceKind,
    Statement,
    StatementDifference,
    StatementLine,
)

LATE: Final = timedelta(days=31)
"""How long before we knew it a provider may have booked what it did."""

_OURS: Final = {
    MovementKind.TOP_UP: BookingKind.CHARGE,
    MovementKind.WITHDRAWAL: BookingKind.PAYOUT,
    MovementKind.PAYOUT: BookingKind.PAYOUT,
}
_BACK: Final = {BookingKind.REVERSAL: BookingKind.CHARGE, BookingKind.RETURN: BookingKind.PAYOUT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One line as a provider says it: see `StatementLine`."""

    reference: str
    order_id: UUID | None
    kind: BookingKind
    amount: int
    fee: int
    currency: str
    booked_at: datetime


async def keep(
    provider: str, day: date, bookings: Sequence[Booking], now: datetime
) -> list[StatementDifference]:
    """Keeps a day's statement, and returns the differences that were not known before.

    Each is a case for the desk. A movement that has not ended, or ended otherwise than the line
    says, is asked about: what the provider answers then is believed, never the line. Kept again,
    the day's lines are the new ones; the same differences are not told twice.
    """
    async with decision() as announce:
        statement = await Statement.create(
            id=new_id(),
            provider=provider,
            day=day,
            rows_read=len(bookings),
            fetched_at=now,
        )
        await StatementLine.filter(provider=provider, day=day).delete()
        await StatementLine.bulk_create(_lines(statement, bookings))
        known = await _movements(bookings)
        found = [
            *_compared(bookings, known),
            *await _missing(provider, day),
        ]
        for movement in _doubtful(bookings, known):
            await provider_orders.look_in(announce, movement.id, now)
        return await _tell(announce, statement, found, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    kind: DifferenceKind
    reference: str
    movement_id: UUID | None
    expected: str
    found: str


def _lines(statement: Statement, bookings: Sequence[Booking]) -> list[StatementLine]:
    return [
        StatementLine(
            id=new_id(),
            statement_id=statement.id,
            provider=statement.provider,
            day=statement.day,
            reference=each.reference,
            order_id=each.order_id,
            kind=each.kind,
            amount=each.amount,
            fee=each.fee,
            currency=each.currency,
            booked_at=each.booked_at,
        )
        for each in bookings
    ]


async def _movements(bookings: Sequence[Booking]) -> Mapping[UUID, Movement]:
    ids = {each.order_id for each in bookings if each.order_id is not None}
    found = await Movement.filter(id__in=ids, kind__in=list(_OURS)) if ids else []
    return {movement.id: movement for movement in found}


def _compared(bookings: Sequence[Booking], known: Mapping[UUID, Movement]) -> Iterator[_Difference]:
    times = Counter((each.order_id, each.kind) for each in bookings if each.order_id)
    for each in bookings:
        movement = None if each.order_id is None else known.get(each.order_id)
        if movement is None:
            yield _Difference(
                kind=DifferenceKind.EXTRA,
                reference=each.reference if each.order_id is None else str(each.order_id),
                movement_id=None,
                expected="no such order",
                found=_said(each),
            )
        elif _said(each) != _expected(movement, each.kind):
            yield _Difference(
                kind=DifferenceKind.CHANGED,
                reference=str(movement.id),
                movement_id=movement.id,
                expected=_expected(movement, each.kind),
                found=_said(each),
            )
    for (order_id, kind), often in times.items():
        if often > 1 and order_id in known:
            yield _Difference(
                kind=DifferenceKind.DOUBLED,
                reference=str(order_id),
                movement_id=order_id,
                expected=f"one {kind}",
                found=f"{often} of them",
            )


async def _missing(provider: str, day: date) -> Iterator[_Difference]:
    """What we say the provider did, known to us on that day, which no statement of it has."""
    begin = datetime.combine(day, time(), UTC)
    done = await Movement.filter(
        kind__in=list(_OURS),
        status=MovementStatus.COMPLETED,
        settled_at__gte=begin,
        settled_at__lt=begin + timedelta(days=1),
    )
    ids = [movement.id for movement in done]
    orders = await ProviderOrder.filter(movement_id__in=ids, provider=provider).only("movement_id")
    lines = StatementLine.filter(order_id__in=ids, provider=provider, day__gte=day - LATE)
    theirs = {order.movement_id for order in orders}
    booked = {line.order_id for line in await lines.only("order_id")}
    return (
        _Difference(
            kind=DifferenceKind.MISSING,
            reference=str(movement.id),
            movement_id=movement.id,
            expected=_expected(movement, _OURS[movement.kind]),
            found="no line",
        )
        for movement in done
        if movement.id in theirs and movement.id not in booked
    )


def _doubtful(bookings: Sequence[Booking], known: Mapping[UUID, Movement]) -> Iterator[Movement]:
    """Movements whose end the statement contradicts, or tells before we know it."""
    for each in bookings:
        movement = None if each.order_id is None else known.get(each.order_id)
        if movement is not None and (
            movement.status is not MovementStatus.COMPLETED or each.kind in _BACK
        ):
            yield movement


def _expected(movement: Movement, kind: BookingKind) -> str:
    """As `_said` says it; what is given back goes the other way, over the same amount."""
    own = _OURS[movement.kind]
    fitting = kind if _BACK.get(kind, kind) is own else own
    return f"{fitting} {movement.amount} {movement.currency}"


def _said(booking: Booking) -> str:
    return f"{booking.kind} {booking.amount} {booking.currency}"


async def _tell(
    announce: Announce, statement: Statement, found: Sequence[_Difference], now: datetime
) -> list[StatementDifference]:
    """Keeps the differences that are new, each with its case."""
    rows = [
        StatementDifference(
            id=new_id(),
            statement_id=statement.id,
            provider=statement.provider,
            day=statement.day,
            kind=each.kind,
            reference=each.reference,
            movement_id=each.movement_id,
            expected=each.expected,
            found=each.found,
            at=now,
        )
        for each in found
    ]
    await StatementDifference.bulk_create(rows, ignore_conflicts=True)
    new = await StatementDifference.filter(id__in=[row.id for row in rows]) if rows else []
    for row in new:
        await cases.open_in(
            announce,
            CaseKind.STATEMENT_DIFFERENCE,
            subject_id=row.id,
            now=now,
            provider=row.provider,
            day=row.day.isoformat(),
            difference=row.kind.value,
            reference=row.reference,
        )
    return new

"""The lines of a settlement: the entries of a merchant's account, each with what it cost."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from tortoise.connection import get_connection

from domain.fees import FeeTable
from domain.money import NOTHING
from models.movements import MovementKind

PAGE_ROWS: Final = 500

# Fees are a settlement's own, not its lines: see `batching`.
_PAGE: Final = """
    SELECT e.version, e.side, e.posted, p.posted_at, m.id, m.kind, m.fee, m.created_at,
           coalesce(y.movement_id, z.movement_id) AS payment_id, o.number, o.reference
    FROM entries e
    JOIN postings p ON p.id = e.posting_id
    JOIN movements m ON m.id = p.movement_id
    LEFT JOIN payments y ON y.movement_id = m.id
    LEFT JOIN payments z ON z.movement_id = m.origin_id
    LEFT JOIN orders o ON o.id = coalesce(y.order_id, z.order_id)
    WHERE e.account_id = $1 AND e.version > $2 AND e.version <= $3
        AND e.posted > 0 AND m.kind <> 'fee'
    ORDER BY e.version LIMIT $4
"""


class LineKind(StrEnum):
    """What a line of a settlement is."""

    PAYMENT = "payment"
    REFUND = "refund"
    PAYOUT = "payout"
    PAYOUT_RETURNED = "payout_returned"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: `amount` is what came (or, negative, went), `fee` what it costs; minor units.

    `payment_id`, `order_number` and `reference` are of payments and their refunds.
    """

    version: int
    at: datetime
    kind: LineKind
    movement_id: UUID
    amount: int
    fee: int
    payment_id: UUID | None
    order_number: str | None
    reference: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What the lines of a run sum to, in minor units; `other` may be negative."""

    captured: int = 0
    refunded: int = 0
    paid_out: int = 0
    other: int = 0
    fees: int = 0
    lines: int = 0

    def with_lines(self, lines: Iterable[Line]) -> Self:
        """The same with more lines."""
        sums = dict.fromkeys(LineKind, 0)
        fees = count = 0
        for line in lines:
            sums[line.kind] += line.amount
            fees += line.fee
            count += 1
        return type(self)(
            captured=self.captured + sums[LineKind.PAYMENT],
            refunded=self.refunded - sums[LineKind.REFUND],
            paid_out=self.paid_out - sums[LineKind.PAYOUT],
            other=self.other + sums[LineKind.PAYOUT_RETURNED] + sums[LineKind.CORRECTION],
            fees=self.fees + fees,
            lines=self.lines + count,
        )


async def lines(
    account_id: UUID, from_version: int, to_version: int, table: FeeTable
) -> AsyncIterator[Sequence[Line]]:
    """The lines of a run of entries, (from_version, to_version], a page at a time."""
    after = from_version
    while True:
        # Not held by a transaction: entries never change, and a long file must stop nobody.
        rows = await get_connection("default").execute_query_dict(
            _PAGE, [account_id, after, to_version, PAGE_ROWS]
        )
        if rows:
            yield [_line(row, table) for row in rows]
            after = rows[-1]["version"]
        if len(rows) < PAGE_ROWS:
            return


async def totals(account_id: UUID, from_version: int, to_version: int, table: FeeTable) -> Totals:
    """What the lines of a run sum to."""
    summed = Totals()
    async for page in lines(account_id, from_version, to_version, table):
        summed = summed.with_lines(page)
    return summed


def _line(row: dict[str, Any], table: FeeTable) -> Line:
    kind = _KINDS.get(MovementKind(row["kind"]), LineKind.CORRECTION)
    is_payment = kind is LineKind.PAYMENT
    return Line(
        version=row["version"],
        at=row["posted_at"],
        kind=kind,
        movement_id=row["id"],
        amount=row["posted"] if row["side"] == "C" else -row["posted"],
        fee=table.of_merchant(row["posted"], row["created_at"], is_paid=bool(row["fee"]))
        if is_payment
        else NOTHING,
        payment_id=row["payment_id"],
        order_number=row["number"],
        reference=row["reference"],
    )


_KINDS: Final = {
    MovementKind.MERCHANT_PAYMENT: LineKind.PAYMENT,
    MovementKind.REFUND: LineKind.REFUND,
    MovementKind.PAYOUT: LineKind.PAYOUT,
    MovementKind.RETURN: LineKind.PAYOUT_RETURNED,
}

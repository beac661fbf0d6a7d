"""A settlement as a file: what there was, each line, fees and payout; and it adds up."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from domain import fees
from domain.merchant_settlements import rows
from domain.merchant_settlements.rows import Line
from domain.money import EXPONENTS
from models.settlements import Settlement

COLUMNS: Final = (
    "line",
    "at",
    "type",
    "payment_id",
    "order_number",
    "reference",
    "gross_minor",
    "fee_minor",
    "net_minor",
    "gross",
    "fee",
    "net",
    "currency",
)
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


async def content(settlement: Settlement) -> AsyncIterator[bytes]:
    """The file in CSV (RFC 4180, UTF-8), a page of lines at a time; always the same bytes.

    `net` of all lines sums to `closing`: the opening balance, every line with its fee, what of the
    fees is taken from or left to another settlement, and nothing else.
    """
    yield _written([COLUMNS, _summary(settlement, "opening", settlement.opening)])
    table = await fees.table(settlement.merchant_id, settlement.currency)
    charged = number = 0
    async for page in rows.lines(
        settlement.account_id, settlement.from_version, settlement.to_version, table
    ):
        charged += sum(line.fee for line in page)
        yield _written(
            [_row(settlement, number + place, line) for place, line in enumerate(page, 1)]
        )
        number += len(page)
    yield _written(_ending(settlement, charged))


def _ending(settlement: Settlement, charged: int) -> list[Sequence[str]]:
    carried = settlement.fees - charged
    ending = [_summary(settlement, "fees_carried", -carried)] if carried else []
    return [
        *ending,
        _summary(settlement, "closing", settlement.closing),
        _summary(settlement, "payout_sent", settlement.payout),
    ]


def _row(settlement: Settlement, number: int, line: Line) -> Sequence[str]:
    payment = "" if line.payment_id is None else f"pay_{line.payment_id.hex}"
    return (
        str(number),
        _moment(line.at),
        line.kind.value,
        payment,
        line.order_number or "",
        _harmless(line.reference or ""),
        *_amounts(settlement, line.amount, line.fee),
    )


def _summary(settlement: Settlement, name: str, amount: int) -> Sequence[str]:
    return ("", "", name, "", "", "", *_amounts(settlement, amount, 0))


def _amounts(settlement: Settlement, gross: int, fee: int) -> Sequence[str]:
    minor = (gross, fee, gross - fee)
    scale = EXPONENTS[settlement.currency]
    return (
        *map(str, minor),
        *(f"{Decimal(each).scaleb(-scale):f}" for each in minor),
        settlement.currency,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _written(lines: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()

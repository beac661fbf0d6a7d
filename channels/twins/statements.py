"""The simulator's daily statements, which can be spoilt on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from channels.providers import AnswerStatus, BookedKind, OrderKind
from channels.twins.journal import Journal
from channels.twins.orders import Order, Orders

_EVENT: Final = "spoilt"
_BOOKED: Final = {OrderKind.CHARGE: BookedKind.CHARGE, OrderKind.PAYOUT: BookedKind.PAYOUT}
_BACK: Final = {OrderKind.CHARGE: BookedKind.REVERSAL, OrderKind.PAYOUT: BookedKind.RETURN}


class Spoiling(StrEnum):
    """What is wrong with a statement."""

    MISSING = "missing"  # the lines of an order are left out
    DOUBLED = "doubled"  # they stand there twice
    CHANGED = "changed"  # they say something else
    EXTRA = "extra"  # there is a line about nothing that ever was
    NONE = "none"  # all is well again


class Statements:
    """What was booked on a day, from the orders; how it is spoilt survives a kill."""

    def __init__(self, orders: Orders, journal: Journal) -> None:
        self._orders = orders
        self._journal = journal
        self._spoilt: dict[UUID, dict[str, Any]] = {}
        for words in journal.past:
            if words["event"] == _EVENT:
                self._learn(words)

    def lines(self, on: date, *, until: float) -> list[dict[str, Any]]:
        """The lines of a day, in UTC, up to a moment in Unix seconds."""
        booked = [
            line
            for order in self._orders.all()
            for line in self._told(order.id, list(_lines(order, until)))
        ]
        extra = [
            spoilt["line"] for spoilt in self._spoilt.values() if spoilt["how"] == Spoiling.EXTRA
        ]
        day = [line for line in booked + extra if line["booked_at"].startswith(on.isoformat())]
        return sorted(day, key=lambda line: (line["booked_at"], line["reference"]))

    def spoil(self, order_id: UUID, how: Spoiling, line: dict[str, Any]) -> None:
        """Spoils what is said of an order; `line` is what is changed, or the whole extra line."""
        words = {"event": _EVENT, "order_id": str(order_id), "how": how, "line": line}
        self._journal.write(words)
        self._learn(words)

    def _learn(self, words: dict[str, Any]) -> None:
        self._spoilt[UUID(words["order_id"])] = words

    def _told(self, order_id: UUID, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        spoilt = self._spoilt.get(order_id, {"how": Spoiling.NONE})
        match Spoiling(spoilt["how"]):
            case Spoiling.MISSING:
                return []
            case Spoiling.DOUBLED:
                return lines * 2
            case Spoiling.CHANGED:
                return [line | spoilt["line"] for line in lines]
            case Spoiling.EXTRA | Spoiling.NONE:
                return lines


def _lines(order: Order, until: float) -> Iterator[dict[str, Any]]:
    for at, word in order.said(until):
        if word.status is AnswerStatus.SUCCEEDED:
            yield _line(order, order.reference, _BOOKED[order.kind], at)
        elif word.status is AnswerStatus.REVERSED:
            yield _line(order, f"{order.reference}_back", _BACK[order.kind], at)


def _line(order: Order, reference: str, kind: BookedKind, at: float) -> dict[str, Any]:
    return {
        "reference": reference,
        "order_id": str(order.id),
        "kind": kind,
        "amount_minor": order.amount_minor,
        "fee_minor": 0,
        "currency": order.currency,
        "booked_at": datetime.fromtimestamp(at, UTC).isoformat(),
    }

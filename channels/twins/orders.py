"""The orders that the simulator was given, and what it says of each at a moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from channels.providers import OrderKind
from channels.twins.fates import Accident, Fate, Word, fate
from channels.twins.journal import Journal


class Event(StrEnum):
    TAKEN = "taken"
    LOST = "lost"
    DECIDED = "decided"
    CALLED_BACK = "called_back"


class OtherOrder(Exception):
    """The id came before, for another sum or the other way."""


@dataclass(slots=True)
class Order:
    """One order as the simulator knows it; the moments are in Unix seconds."""

    id: UUID
    kind: OrderKind
    amount_minor: int
    currency: str
    taken_at: float
    decides_at: float
    callbacks_left: int

    @property
    def fate(self) -> Fate:
        return fate(self.amount_minor)

    @property
    def reference(self) -> str:
        return f"sim_{self.id.hex}"

    def said(self, until: float) -> Iterator[tuple[float, Word]]:
        """What became of the order up to a moment, and when."""
        yield self.taken_at, self.fate.first
        if self.fate.later is not None and self.decides_at <= until:
            yield self.decides_at, self.fate.later

    def answer(self, at: float, *, word: Word | None = None) -> dict[str, Any]:
        """What the simulator says of the order at a moment, or `word` instead."""
        if word is None:
            *_, (_, word) = self.said(at)
        return {
            "order_id": str(self.id),
            "kind": self.kind,
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "status": word.status,
            "reference": self.reference,
            "decline_code": word.decline_code,
        }

    def next_call(self) -> dict[str, Any]:
        """What the next callback says; one that comes late repeats what is no longer so."""
        calls = self.fate.calls
        return self.answer(self.decides_at, word=calls[len(calls) - self.callbacks_left])


class Orders:
    """Every order there ever was; what a method has written survives a kill."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[UUID, Order] = {}
        self._struck: set[UUID] = set()
        for words in journal.past:
            if words["event"] in list(Event):
                self._learn(words)

    def all(self) -> list[Order]:
        return list(self._known.values())

    def get(self, order_id: UUID) -> Order | None:
        return self._known.get(order_id)

    def take(
        self,
        order_id: UUID,
        kind: OrderKind,
        amount_minor: int,
        currency: str,
        *,
        taken_at: float,
        decides_at: float,
    ) -> Order:
        """Writes the order down, or finds it: the same id is the same order.

        Raises:
            OtherOrder: the id came before, for another sum or the other way.
        """
        known = self._known.get(order_id)
        if known is None:
            self._write(
                Event.TAKEN,
                order_id,
                kind=kind,
                amount_minor=amount_minor,
                currency=currency,
                taken_at=taken_at,
                decides_at=decides_at,
            )
            return self._known[order_id]
        if (known.kind, known.amount_minor, known.currency) != (kind, amount_minor, currency):
            raise OtherOrder
        return known

    def strike(self, order_id: UUID, accident: Accident | None) -> bool:
        """Whether the request comes to nothing this time; the next one goes well."""
        if accident not in {Accident.REQUEST_LOST, Accident.AWAY} or order_id in self._struck:
            return False
        self._write(Event.LOST, order_id)
        return True

    def decide(self, order: Order, at: float) -> None:
        """Ends a delay early."""
        self._write(Event.DECIDED, order.id, decides_at=at)

    def called_back(self, order: Order) -> None:
        """Notes that one callback was heard."""
        self._write(Event.CALLED_BACK, order.id)

    def _write(self, event: Event, order_id: UUID, **facts: Any) -> None:
        words = {"event": event, "order_id": str(order_id), **facts}
        self._journal.write(words)
        self._learn(words)

    def _learn(self, words: dict[str, Any]) -> None:
        order_id = UUID(words["order_id"])
        match Event(words["event"]):
            case Event.TAKEN:
                self._known[order_id] = _order(order_id, words)
            case Event.LOST:
                self._struck.add(order_id)
            case Event.DECIDED:
                self._known[order_id].decides_at = words["decides_at"]
            case Event.CALLED_BACK:
                self._known[order_id].callbacks_left -= 1


def _order(order_id: UUID, words: dict[str, Any]) -> Order:
    return Order(
        id=order_id,
        # A journal from before there were payouts says neither.
        kind=OrderKind(words.get("kind", OrderKind.CHARGE)),
        taken_at=words.get("taken_at", words["decides_at"]),
        amount_minor=words["amount_minor"],
        currency=words["currency"],
        decides_at=words["decides_at"],
        callbacks_left=len(fate(words["amount_minor"]).calls),
    )

"""The simulator's memory: orders in a journal that is only added to, read again at the start."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from channels.twins.fates import Fate, fate


class Event(StrEnum):
    TAKEN = "taken"
    LOST = "lost"
    DECIDED = "decided"
    CALLED_BACK = "called_back"


class OtherOrder(Exception):
    """The id came before, for another sum."""


@dataclass(slots=True)
class Order:
    """One order as the simulator knows it; `decides_at` is in Unix seconds."""

    id: UUID
    amount_minor: int
    currency: str
    decides_at: float
    callbacks_left: int

    @property
    def fate(self) -> Fate:
        return fate(self.amount_minor)

    def answer(self, at: float) -> dict[str, Any]:
        """What the simulator says of the order at a moment, in Unix seconds."""
        is_decided = at >= self.decides_at
        return {
            "order_id": str(self.id),
            "amount_minor": self.amount_minor,
            "currency": self.currency,
            "status": self.fate.status if is_decided else "pending",
            "reference": f"sim_{self.id.hex}",
            "decline_code": self.fate.declines_with if is_decided else None,
        }


class Orders:
    """Every order there ever was; what a method has written survives whatever kills the process."""

    def __init__(self, journal: Path) -> None:
        self._known: dict[UUID, Order] = {}
        self._lost: set[UUID] = set()
        for line in _whole_lines(journal):
            self._learn(json.loads(line))
        self._file = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def all(self) -> list[Order]:
        return list(self._known.values())

    def get(self, order_id: UUID) -> Order | None:
        return self._known.get(order_id)

    def take(self, order_id: UUID, amount_minor: int, currency: str, *, decides_at: float) -> Order:
        """Writes the order down, or finds it: the same id is the same order.

        Raises:
            OtherOrder: the id came before, for another sum.
        """
        known = self._known.get(order_id)
        if known is None:
            self._write(
                Event.TAKEN,
                order_id,
                amount_minor=amount_minor,
                currency=currency,
                decides_at=decides_at,
            )
            return self._known[order_id]
        if (known.amount_minor, known.currency) != (amount_minor, currency):
            raise OtherOrder
        return known

    def lose(self, order_id: UUID) -> bool:
        """Forgets the request; False when it was lost once already."""
        if order_id in self._lost:
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
        os.write(self._file, json.dumps(words).encode() + b"\n")
        os.fsync(self._file)
        self._learn(words)

    def _learn(self, words: dict[str, Any]) -> None:
        order_id = UUID(words["order_id"])
        match Event(words["event"]):
            case Event.TAKEN:
                self._known[order_id] = Order(
                    id=order_id,
                    amount_minor=words["amount_minor"],
                    currency=words["currency"],
                    decides_at=words["decides_at"],
                    callbacks_left=fate(words["amount_minor"]).callbacks,
                )
            case Event.LOST:
                self._lost.add(order_id)
            case Event.DECIDED:
                self._known[order_id].decides_at = words["decides_at"]
            case Event.CALLED_BACK:
                self._known[order_id].callbacks_left -= 1


def _whole_lines(journal: Path) -> list[bytes]:
    """The lines; half a line, cut short by a kill, is taken away: nobody was told of it."""
    if not journal.exists():
        return []
    text = journal.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        os.truncate(journal, len(whole))
    return whole.splitlines()

"""The ledger's rules once more: on a dictionary, one wish after another, as plain as possible."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from domain.ledger import Outcome
from models.movements import MovementStatus
from tests.domain.rations import Ration

Verb = Literal["pay", "hold", "record", "capture", "release", "settle", "mark"]
KeyName = tuple[str, int]
"""A key, and which of two things it was given for."""


@dataclass(frozen=True)
class Wish:
    """What a test wants of the ledger; wishes about a movement hold it as it was read."""

    verb: Verb
    key: KeyName
    at: datetime
    movement_id: UUID
    source: UUID
    target: UUID
    amount: int
    fee: int = 0
    challenge: UUID | None = None
    expires_at: datetime | None = None
    seen: Fact | None = None
    is_final: bool = True
    status: MovementStatus = MovementStatus.COMPLETED
    day: date | None = None

    @property
    def is_made(self) -> bool:
        return self.verb in {"pay", "hold", "record"}


@dataclass
class Purse:
    """An account: what is posted, and what of it waits for a capture."""

    fees: UUID
    posted: int = 0
    held: int = 0
    has_floor: bool = True
    freeze: int = 0
    is_closed: bool = False
    ration: Ration = field(default_factory=Ration)


@dataclass(frozen=True)
class Fact:
    """A movement as it stands; `remaining` is None when there is no hold."""

    source: UUID
    target: UUID
    fee: int
    amount: int
    status: MovementStatus
    remaining: int | None = None
    expires_at: datetime | None = None
    counted_on: date | None = None


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    movement_id: UUID | None = None
    status: MovementStatus | None = None
    code: str | None = None
    missing: int | None = None


@dataclass
class Oracle:
    """What the books must say."""

    purses: dict[UUID, Purse] = field(default_factory=dict)
    facts: dict[UUID, Fact] = field(default_factory=dict)
    keys: dict[str, tuple[int, UUID]] = field(default_factory=dict)
    challenges: dict[UUID, datetime] = field(default_factory=dict)
    """Those not yet used, with their expiry."""

    def answer(self, wish: Wish) -> Answer:
        """Grants the wish or says why not."""
        name, words = wish.key
        if name in self.keys:
            given_for, movement_id = self.keys[name]
            outcome = Outcome.REPLAYED if given_for == words else Outcome.KEY_REUSED
            return Answer(outcome, movement_id)
        if wish.challenge is not None and self._is_spent(wish.challenge, wish.at):
            return Answer(Outcome.CHALLENGE_SPENT)
        if not wish.is_made and self.facts[wish.movement_id] != wish.seen:
            status = self.facts[wish.movement_id].status
            return Answer(Outcome.STALE, wish.movement_id, status)
        code, missing = self._refusal(wish)
        if code is not None and not wish.is_made:
            status = self.facts[wish.movement_id].status
            return Answer(Outcome.REFUSED, wish.movement_id, status, code, missing)
        self.keys[name] = (words, wish.movement_id)
        if wish.challenge is not None:
            del self.challenges[wish.challenge]
        if code is not None:
            self.facts[wish.movement_id] = self._made(wish, MovementStatus.FAILED)
            return Answer(Outcome.FAILED, wish.movement_id, MovementStatus.FAILED, code, missing)
        return self._granted(wish)

    def _is_spent(self, challenge: UUID, at: datetime) -> bool:
        return challenge not in self.challenges or self.challenges[challenge] <= at

    def _refusal(self, wish: Wish) -> tuple[str | None, int | None]:
        if wish.verb in {"record", "settle", "mark", "release"}:
            return None, None
        source, target = self.purses[wish.source], self.purses[wish.target]
        if source.is_closed:
            return "ACCOUNT_CLOSED", None
        if source.freeze:
            return ("ACCOUNT_FROZEN_BY_USER" if source.freeze == 1 else "ACCOUNT_RESTRICTED"), None
        if target.is_closed or target.freeze > 1:
            return "PAYEE_CANNOT_RECEIVE", None
        if wish.verb == "capture":
            return self._expiry(wish), None
        missing = wish.amount + wish.fee - (source.posted - source.held)
        if missing > 0:
            is_there = wish.amount + wish.fee <= source.posted
            return "FUNDS_ON_HOLD" if is_there else "INSUFFICIENT_FUNDS", missing
        if wish.day is None:
            return None, None
        return source.ration.refusal(wish.day, wish.amount + wish.fee)

    def _expiry(self, wish: Wish) -> str | None:
        fact = self.facts[wish.movement_id]
        assert fact.expires_at is not None
        return "HOLD_EXPIRED" if wish.amount and fact.expires_at <= wish.at else None

    def _granted(self, wish: Wish) -> Answer:
        match wish.verb:
            case "pay":
                self._move(wish, wish.amount, wish.fee)
                made = self._made(wish, MovementStatus.COMPLETED)
                self.facts[wish.movement_id] = replace(made, counted_on=self._counted(wish))
            case "record":
                self.facts[wish.movement_id] = self._made(wish, MovementStatus.PENDING)
            case "hold":
                total = wish.amount + wish.fee
                self.purses[wish.source].held += total
                made = self._made(wish, MovementStatus.PENDING)
                self.facts[wish.movement_id] = replace(
                    made,
                    remaining=total,
                    expires_at=wish.expires_at,
                    counted_on=self._counted(wish),
                )
            case "capture":
                self._capture(wish)
            case "release":
                fact = self.facts[wish.movement_id]
                is_whole = self._remaining(wish) == fact.amount + fact.fee
                self._give_back(wish, self._remaining(wish), payments=int(is_whole))
                self._let_go(wish, self._remaining(wish))
                self._change(wish, wish.status, remaining=0)
            case "settle":
                self._move(wish, wish.amount, 0)
                self._change(wish, MovementStatus.COMPLETED)
            case "mark":
                self._change(wish, wish.status)
        status = self.facts[wish.movement_id].status
        outcome = Outcome.FAILED if status is MovementStatus.FAILED else Outcome.DONE
        code = "PROVIDER_SAID_NO" if outcome is Outcome.FAILED else None
        return Answer(outcome, wish.movement_id, status, code)

    def _capture(self, wish: Wish) -> None:
        remaining = self._remaining(wish)
        if wish.is_final:
            self._give_back(wish, remaining - wish.amount)
        self._let_go(wish, remaining if wish.is_final else wish.amount)
        self._move(wish, wish.amount - wish.fee, wish.fee)
        if wish.is_final:
            self._change(wish, MovementStatus.COMPLETED, remaining=0)
        else:
            status = self.facts[wish.movement_id].status
            self._change(wish, status, remaining=remaining - wish.amount)

    def _remaining(self, wish: Wish) -> int:
        remaining = self.facts[wish.movement_id].remaining
        assert remaining is not None
        return remaining

    def _counted(self, wish: Wish) -> date | None:
        if wish.day is None:
            return None
        return self.purses[wish.source].ration.take(wish.day, wish.amount + wish.fee)

    def _give_back(self, wish: Wish, amount: int, payments: int = 0) -> None:
        day = self.facts[wish.movement_id].counted_on
        if day is not None:
            self.purses[wish.source].ration.give_back(day, amount, payments)

    def _let_go(self, wish: Wish, amount: int) -> None:
        self.purses[wish.source].held -= amount

    def _move(self, wish: Wish, amount: int, fee: int) -> None:
        source = self.purses[wish.source]
        source.posted -= amount + fee
        self.purses[wish.target].posted += amount
        self.purses[source.fees].posted += fee

    def _made(self, wish: Wish, status: MovementStatus) -> Fact:
        return Fact(wish.source, wish.target, wish.fee, wish.amount, status)

    def _change(self, wish: Wish, status: MovementStatus, *, remaining: int | None = None) -> None:
        fact = self.facts[wish.movement_id]
        self.facts[wish.movement_id] = replace(fact, status=status, remaining=remaining)

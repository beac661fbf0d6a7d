"""What the rules say of a payment: which of them fit, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from domain.refusals import Refusal


class Outcome(StrEnum):
    """What is done with a payment, the mildest first."""

    ALLOW = "allow"
    STEP_UP = "step_up"  # it needs a stronger proof
    REVIEW = "review"  # the money is set aside until an agent has looked
    DECLINE = "decline"


class Force(StrEnum):
    """Whether a hit counts."""

    LIVE = "live"
    SHADOW = "shadow"  # the rule is being tried out: recorded, and nothing follows
    SNOOZED = "snoozed"  # the payer said that it was them: the same


class Silence(StrEnum):
    """What follows when a question stays unanswered."""

    NOTHING = "nothing"
    REVIEW = "review"


STRICTNESS: Final = {outcome: place for place, outcome in enumerate(Outcome)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One rule that fits; `subject_id` is the device or the payee that it can be snoozed for.

    `is_device_new`: it fits because the session's device is new.
    """

    rule: str
    outcome: Outcome
    force: Force
    delay: bool
    ask: bool
    unanswered: Silence
    subject_id: UUID
    is_device_new: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is done with one payment. `delay`: it arrives later, so that it can be called back.

    `policy` is the digest of the rules that judged. `place` is where the payer was, None where
    nobody knows; with `is_place_noted` that is to be remembered as a place of theirs.
    """

    outcome: Outcome
    hits: tuple[Hit, ...]
    delay: bool
    policy: str = ""
    place: str | None = None
    is_place_noted: bool = False

    @classmethod
    def of(
        cls, hits: tuple[Hit, ...], *, policy: str, place: str | None, is_place_noted: bool
    ) -> Self:
        """The strictest outcome of the hits that count; a delay, if any of them wants one."""
        live = [hit for hit in hits if hit.force is Force.LIVE]
        outcomes = (hit.outcome for hit in live)
        return cls(
            outcome=max(outcomes, key=STRICTNESS.__getitem__, default=Outcome.ALLOW),
            hits=hits,
            delay=any(hit.delay for hit in live),
            policy=policy,
            place=place,
            is_place_noted=is_place_noted,
        )

    @property
    def is_device_new(self) -> bool:
        """Whether a stronger proof is asked for because the device is new."""
        return any(hit.outcome is Outcome.STEP_UP and hit.is_device_new for hit in self.live)

    @property
    def live(self) -> tuple[Hit, ...]:
        """The hits that count."""
        return tuple(hit for hit in self.hits if hit.force is Force.LIVE)


ALLOWED: Final = Verdict(Outcome.ALLOW, (), delay=False)


class PaymentDeclined(Refusal):
    """A rule lets nobody pay like this; which one is nobody's to know but the desk's."""

    def __init__(self) -> None:
        super().__init__("This payment cannot be made for safety reasons.")

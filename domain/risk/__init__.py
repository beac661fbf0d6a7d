"""Risk: readable rules that look at a payment before it is shown, and say what it takes.

Should the facts not be there, nothing is prepared: a payment that nobody could judge is no payment.
"""

from __future__ import annotations

from datetime import datetime

from domain.risk import facts
from domain.risk.facts import Facts, Payment, Window
from domain.risk.places import NOWHERE, Places
from domain.risk.policy import NO_RULES, Policy
from domain.risk.records import record
from domain.risk.verdicts import (
    ALLOWED,
    Force,
    Hit,
    Outcome,
    PaymentDeclined,
    Silence,
    Verdict,
)

__all__ = [
    "Facts",
    "Force",
    "Hit",
    "Outcome",
    "Payment",
    "PaymentDeclined",
    "Places",
    "Policy",
    "Silence",
    "Verdict",
    "Window",
    "assess",
    "install",
    "record",
]

_policy, _places = NO_RULES, NOWHERE


def install(policy: Policy | None, places: Places | None = None) -> None:
    """Says which rules judge in this process, and where addresses are; None is none of them."""
    global _policy, _places
    _policy, _places = policy or NO_RULES, places or NOWHERE


async def assess(payment: Payment, now: datetime) -> Verdict:
    """Judges a payment that is about to be shown; writes nothing: see `record`.

    One statement, outside of any decision. Payments that are prepared at the same instant do not
    see one another.
    """
    policy = _policy
    if not policy.rules:
        return ALLOWED
    place = _places.of(payment.address)
    known = await facts.gather(payment, now, minutes=policy.minutes, place=place)
    hits = (rule.hit(payment, known, now) for rule in policy.rules)
    return Verdict.of(
        tuple(filter(None, hits)),
        policy=policy.digest,
        place=place,
        is_place_noted=policy.is_place_noted(known, now),
    )

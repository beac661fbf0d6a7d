"""The magic people of a test server: paying them, or paying as them, has a known outcome.

docs/frontend/test-mode.md tells developers of them. Servers of another mode have none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from typing import Final
from uuid import UUID

from domain.money import EXPONENTS
from domain.risk import Facts, Outcome, Payment, Policy
from domain.risk.rules import Rule
from models.people import Person
from server.town import Townsperson


class Trick(Enum):
    """What was done to somebody when they were made."""

    NONE = auto()
    CLOSED = auto()  # they closed their wallet
    PAUSED = auto()  # they froze their payments
    RESTRICTED = auto()  # uPay froze their payments


@dataclass(frozen=True, kw_only=True)
class Magician:
    """`owns` is what each of their wallets begins with, in whole units of its currency.

    With `rule` every payment to them has that outcome, and with `is_delayed` it arrives later.
    """

    name: str
    display_name: str
    currencies: tuple[str, ...] = tuple(EXPONENTS)
    owns: int = 1_000
    trick: Trick = Trick.NONE
    rule: Outcome | None = None
    is_delayed: bool = False

    @property
    def townsperson(self) -> Townsperson:
        money = {code: self.owns * 10 ** EXPONENTS[code] for code in self.currencies}
        name, shown = self.name, self.display_name
        return Townsperson(name=name, display_name=shown, time_zone="UTC", money=money)


PEOPLE: Final = (
    Magician(name="magic-payee", display_name="Polly Payee"),
    Magician(
        name="magic-closed",
        display_name="Claude Closed",
        currencies=("CNY",),
        owns=0,
        trick=Trick.CLOSED,
    ),
    Magician(name="magic-restricted", display_name="Rita Restricted", trick=Trick.RESTRICTED),
    Magician(name="magic-paused", display_name="Paul Paused", trick=Trick.PAUSED),
    Magician(name="magic-broke", display_name="Bella Broke", owns=0),
    Magician(name="magic-rich", display_name="Ray Rich", owns=1_000_000),
    Magician(name="magic-slow", display_name="Sam Slow", rule=Outcome.ALLOW, is_delayed=True),
    Magician(name="magic-proof", display_name="Petra Proof", rule=Outcome.STEP_UP),
    Magician(name="magic-review", display_name="Rosa Review", rule=Outcome.REVIEW),
    Magician(name="magic-declined", display_name="Dan Declined", rule=Outcome.DECLINE),
)


@dataclass(frozen=True, slots=True)
class PaidTo:
    """The kind of rule that fits each payment to one person."""

    person_id: UUID

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        return payment.payee_id == self.person_id

    def subject(self, payment: Payment) -> UUID:
        return payment.payee_id


async def ruled(policy: Policy) -> Policy:
    """The policy, with what happens to payments to those magic people who are there."""
    there = await Person.filter(account_name__in=[each.name for each in PEOPLE])
    ids = {person.account_name: person.id for person in there}
    rules = (
        Rule(
            name=each.name,
            looks_at=PaidTo(ids[each.name]),
            outcome=each.rule,
            delay=each.is_delayed,
        )
        for each in PEOPLE
        if each.rule is not None and each.name in ids
    )
    return replace(policy, rules=(*policy.rules, *rules))

"""The six kinds of rules, as pure functions of a payment and what is known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.risk.facts import Facts, Payment
from domain.risk.verdicts import Force, Hit, Outcome, Silence

Amounts = Mapping[str, int]
"""Minor units by currency; a payment in a currency that is not named is not judged by them."""


class Kind(Protocol):
    """What a rule looks at; `is_hit` says whether it fits, and reads no clock and no database."""

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool: ...

    def subject(self, payment: Payment) -> UUID:
        """What it is snoozed for once the payer has said that it was them."""
        ...


def _device(payment: Payment) -> UUID:
    """The device, or whom it paid where the device is nobody's to name."""
    return payment.device_id or payment.payee_id


def _is_above(amounts: Amounts, payment: Payment) -> bool:
    limit = amounts.get(payment.currency)
    return limit is not None and payment.amount > limit


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """The session's device was first seen less than `hours` ago; an unnamed one always was."""

    hours: int
    above: Amounts

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        since = payment.device_since
        is_new = since is None or now - since < timedelta(hours=self.hours)
        return is_new and _is_above(self.above, payment)

    def subject(self, payment: Payment) -> UUID:
        return _device(payment)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """The payer was not here in the last `days`, and some other place of theirs is known."""

    days: int
    above: Amounts

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        return self.is_elsewhere(facts, now) and _is_above(self.above, payment)

    def is_elsewhere(self, facts: Facts, now: datetime) -> bool:
        """Whether the place is not one of the payer's, whatever they pay."""
        if facts.place is None or not facts.is_at_home_somewhere:
            return False
        return facts.seen_at is None or now - facts.seen_at > timedelta(days=self.days)

    def subject(self, payment: Payment) -> UUID:
        return _device(payment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Velocity:
    """With this payment more than `payments`, or more than `total`, fall into `minutes`."""

    minutes: int
    payments: int | None
    total: Amounts

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        window = facts.windows[self.minutes]
        most = self.total.get(payment.currency)
        is_often = self.payments is not None and window.payments + 1 > self.payments
        return is_often or (most is not None and window.total + payment.amount > most)

    def subject(self, payment: Payment) -> UUID:
        return _device(payment)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualAmount:
    """More than `times` what is usual for this wallet, and above a floor."""

    times: int
    above: Amounts
    past_payments: int

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        if facts.usual is None or facts.past_payments < self.past_payments:
            return False
        return payment.amount > self.times * facts.usual and _is_above(self.above, payment)

    def subject(self, payment: Payment) -> UUID:
        return payment.payee_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayee:
    """The first payment to this payee, and above an amount."""

    above: Amounts

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        return payment.is_new_payee and _is_above(self.above, payment)

    def subject(self, payment: Payment) -> UUID:
        return payment.payee_id


@dataclass(frozen=True, slots=True, kw_only=True)
class NightHours:
    """From `since` until before `until` where the payer lives, and above an amount."""

    since: time
    until: time
    above: Amounts

    def is_hit(self, payment: Payment, facts: Facts, now: datetime) -> bool:
        local = now.astimezone(ZoneInfo(payment.time_zone)).time()
        is_over_midnight = self.since > self.until
        after, before = local >= self.since, local < self.until
        is_night = (after or before) if is_over_midnight else (after and before)
        return is_night and _is_above(self.above, payment)

    def subject(self, payment: Payment) -> UUID:
        return _device(payment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the policy: what it looks at, and what follows when it fits.

    `ask`: the payer is asked whether it was them; `unanswered` is what follows if they say nothing.
    """

    name: str
    looks_at: Kind
    outcome: Outcome
    delay: bool = False
    ask: bool = False
    unanswered: Silence = Silence.NOTHING
    is_shadow: bool = False

    def hit(self, payment: Payment, facts: Facts, now: datetime) -> Hit | None:
        """What it found, or None when it does not fit."""
        if not self.looks_at.is_hit(payment, facts, now):
            return None
        subject_id = self.looks_at.subject(payment)
        return Hit(
            rule=self.name,
            outcome=self.outcome,
            force=self._force((self.name, subject_id) in facts.snoozed),
            delay=self.delay,
            ask=self.ask,
            unanswered=self.unanswered,
            subject_id=subject_id,
            is_device_new=isinstance(self.looks_at, NewDevice),
        )

    def _force(self, is_snoozed: bool) -> Force:
        if self.is_shadow:
            return Force.SHADOW
        return Force.SNOOZED if is_snoozed else Force.LIVE

"""Payments that rules of risk look at, in few words."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain import ledger, risk, risk_cases
from domain.decisions import decision
from domain.risk import Facts, Outcome, Payment, Places, Policy, Verdict
from domain.risk.rules import Kind, NewPayee, Rule
from models.ids import new_id
from models.movements import Movement, MovementStatus
from models.quotes import Challenge, Quote
from models.risk import CaseCause, Inquiry, RiskCase
from models.wallets import Account
from tests.domain import orders
from tests.factories import some_key
from tests.moments import NOON

ANYTHING = {"CNY": 0}
NOTHING_KNOWN = Facts(
    windows={},
    past_payments=0,
    usual=None,
    place=None,
    seen_at=None,
    is_at_home_somewhere=False,
    snoozed=frozenset(),
)


def rule(kind: Kind | None = None, outcome: Outcome = Outcome.REVIEW, **changes: Any) -> Rule:
    """A rule that fits each first payment, unless told otherwise."""
    made = Rule(name="first-payment", looks_at=kind or NewPayee(above=ANYTHING), outcome=outcome)
    return replace(made, **changes)


def install(*rules: Rule, places: Places | None = None) -> None:
    """These rules judge from now on."""
    risk.install(Policy(rules, digest="0123456789abcdef"), places)


def payment(wallet: Account, payee_id: UUID, amount: int = 100, **changes: Any) -> Payment:
    """A first payment out of `wallet`, from a device that is a month old."""
    assert wallet.owner_id is not None
    made = Payment(
        person_id=wallet.owner_id,
        session_id=new_id(),
        device_id=new_id(),
        device_since=NOON - timedelta(days=30),
        address="203.0.113.9",
        wallet=wallet,
        payee_id=payee_id,
        payee_name="B**",
        is_person_paid=True,
        amount=amount,
        currency=wallet.currency,
        is_new_payee=True,
        time_zone="Asia/Shanghai",
    )
    return replace(made, **changes)


async def judged(
    said: Payment, now: datetime = NOON, quote_id: UUID | None = None
) -> tuple[Verdict, Inquiry | None]:
    """What the rules say of a payment, recorded; and what the payer is asked, if anything."""
    verdict = await risk.assess(said, now)
    async with decision() as announce:
        await risk.record(announce, said, verdict, quote_id, now)
    asked = await Inquiry.filter(person_id=said.person_id).order_by("-asked_at", "-id").first()
    return verdict, asked


async def quoted(
    said: Payment, target: Account, now: datetime = NOON, *, used_at: datetime | None = None
) -> Quote:
    """The payment as it is shown, confirmed at `used_at` if it was."""
    quote = await Quote.create(
        id=new_id(),
        person_id=said.person_id,
        session_id=said.session_id,
        source_id=said.wallet.id,
        target_id=target.id,
        payee_id=said.payee_id,
        amount=said.amount,
        currency=said.currency,
        arrival="now",
        created_at=now,
        expires_at=now + timedelta(minutes=5),
    )
    await Challenge.create(
        id=new_id(),
        quote_id=quote.id,
        person_id=said.person_id,
        digest=bytes(32),
        expires_at=quote.expires_at,
        used_at=used_at,
    )
    return quote


async def reviewed(
    source: Account,
    target: Account,
    amount: int,
    *,
    now: datetime = NOON,
    arrives_at: datetime | None = None,
    quote_id: UUID | None = None,
) -> tuple[Movement, RiskCase]:
    """A payment that is set aside until somebody has looked, and its case."""
    held = ledger.hold(
        orders.transfer(source, target, amount),
        key=some_key(),
        at=now,
        expires_at=now + orders.WEEK,
        arrives_at=arrives_at,
        status=MovementStatus.IN_REVIEW,
    )
    async with decision() as announce:
        posted = await ledger.post_in(announce, held)
        assert posted.movement is not None
        case = await risk_cases.open_in(announce, posted.movement, quote_id, now)
    return posted.movement, case


async def questioned(wallet: Account, now: datetime) -> tuple[Inquiry, RiskCase]:
    """What the wallet's owner is asked about a payment to themselves, and a case about it."""
    assert wallet.owner_id is not None
    said = payment(wallet, wallet.owner_id)
    found = rule(ask=True).hit(said, NOTHING_KNOWN, now)
    assert found is not None
    verdict = Verdict.of((found,), policy="", place=None, is_place_noted=False)
    async with decision() as announce:
        await risk.record(announce, said, verdict, None, now)
        inquiry = await Inquiry.get(person_id=said.person_id)
        await risk_cases.open_for(inquiry, None, CaseCause.REPORT, now)
    return inquiry, await RiskCase.get(person_id=said.person_id)


async def status(movement: Movement) -> str:
    """Where a movement stands, with the reason if it failed."""
    now = await Movement.get(id=movement.id)
    return f"{now.status.value} {now.failure_code or ''}".strip()

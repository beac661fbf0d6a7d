"""The rules of risk: each kind where it fits, where it does not, and at its edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

import pytest

from domain.risk import Facts, Outcome, Payment, Silence, Verdict, Window, places, policy
from domain.risk.policy import PolicyInvalid
from domain.risk.rules import (
    Kind,
    NewDevice,
    NewPayee,
    NewPlace,
    NightHours,
    Rule,
    UnusualAmount,
    Velocity,
)
from domain.risk.verdicts import Force, Hit
from models.wallets import Account
from server import risk_files
from tests.moments import NOON

ADA, BOB, PHONE = UUID(int=1), UUID(int=2), UUID(int=3)
PAYMENT: Final = Payment(
    person_id=ADA,
    session_id=UUID(int=4),
    device_id=PHONE,
    device_since=NOON - timedelta(days=30),
    address="203.0.113.9",
    wallet=Account(id=UUID(int=5)),
    payee_id=BOB,
    payee_name="B**",
    is_person_paid=True,
    amount=1_000,
    currency="CNY",
    is_new_payee=False,
    time_zone="Asia/Shanghai",
)
FACTS: Final = Facts(
    windows={10: Window(payments=0, total=0)},
    past_payments=20,
    usual=500,
    place="CN",
    seen_at=NOON - timedelta(days=1),
    is_at_home_somewhere=True,
    snoozed=frozenset(),
)
ABOVE: Final = {"CNY": 999}
TIMES: Final = Velocity(minutes=10, payments=3, total={})
TOTAL: Final = Velocity(minutes=10, payments=None, total={"CNY": 5_000})
DEVICE: Final = NewDevice(hours=12, above=ABOVE)
PLACE: Final = NewPlace(days=90, above=ABOVE)
USUAL: Final = UnusualAmount(times=2, above=ABOVE, past_payments=20)
PAYEE: Final = NewPayee(above=ABOVE)
NIGHT: Final = NightHours(since=time(23), until=time(5), above=ABOVE)
DAY: Final = NightHours(since=time(9), until=time(17), above=ABOVE)


def since(**ago: float) -> dict[str, Any]:
    return {"device_since": NOON - timedelta(**ago)}


def seen(**ago: float) -> dict[str, Any]:
    return {"seen_at": NOON - timedelta(**ago)}


def window(payments: int, total: int) -> dict[str, Any]:
    return {"windows": {10: Window(payments, total)}}


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of day in Shanghai, eight hours ahead of UTC."""
    return datetime(2026, 3, 2, hour, minute, second, tzinfo=UTC) - timedelta(hours=8)


# Each row: a rule, how the payment and the facts differ from the ordinary, and whether it fits.
JUDGED: Final[list[tuple[Kind, dict[str, Any], dict[str, Any], bool]]] = [
    (DEVICE, since(hours=1), {}, True),
    (DEVICE, since(days=30), {}, False),
    (DEVICE, since(hours=11, minutes=59, seconds=59), {}, True),
    (DEVICE, since(hours=12), {}, False),
    (DEVICE, {"device_id": None, "device_since": None}, {}, True),
    (DEVICE, {**since(hours=1), "amount": 999}, {}, False),
    (DEVICE, {**since(hours=1), "currency": "USD"}, {}, False),
    (PLACE, {}, {"seen_at": None}, True),
    (PLACE, {}, {}, False),
    (PLACE, {}, seen(days=90, seconds=1), True),
    (PLACE, {}, seen(days=90), False),
    (PLACE, {}, {"seen_at": None, "place": None}, False),
    (PLACE, {}, {"seen_at": None, "is_at_home_somewhere": False}, False),
    (PLACE, {"amount": 999}, {"seen_at": None}, False),
    (TIMES, {}, window(9, 0), True),
    (TIMES, {}, window(0, 10**9), False),
    (TIMES, {}, window(3, 0), True),
    (TIMES, {}, window(2, 0), False),
    (TOTAL, {}, window(0, 9_000), True),
    (TOTAL, {}, window(400, 0), False),
    (TOTAL, {}, window(0, 4_001), True),
    (TOTAL, {}, window(0, 4_000), False),
    (TOTAL, {"currency": "USD"}, window(0, 9_000), False),
    (USUAL, {"amount": 5_000}, {}, True),
    (USUAL, {"amount": 1_001}, {}, True),
    (USUAL, {"amount": 1_000}, {}, False),
    (USUAL, {"amount": 999}, {"usual": 1}, False),
    (USUAL, {"amount": 5_000}, {"past_payments": 19}, False),
    (USUAL, {"amount": 5_000}, {"past_payments": 0, "usual": None}, False),
    (PAYEE, {"is_new_payee": True}, {}, True),
    (PAYEE, {"is_new_payee": False}, {}, False),
    (PAYEE, {"is_new_payee": True, "amount": 999}, {}, False),
    (PAYEE, {"is_new_payee": True, "currency": "USD"}, {}, False),
]


@pytest.mark.parametrize(("kind", "payment", "facts", "fits"), JUDGED)
def test_a_rule_fits_exactly_where_it_says(
    kind: Kind, payment: dict[str, Any], facts: dict[str, Any], fits: bool
) -> None:
    said = kind.is_hit(replace(PAYMENT, **payment), replace(FACTS, **facts), NOON)

    assert said is fits


@pytest.mark.parametrize(
    ("kind", "now", "fits"),
    [
        (NIGHT, at(2), True),
        (NIGHT, at(12), False),
        (NIGHT, at(23), True),
        (NIGHT, at(22, 59, 59), False),
        (NIGHT, at(4, 59, 59), True),
        (NIGHT, at(5), False),
        (DAY, at(9), True),
        (DAY, at(8, 59, 59), False),
        (DAY, at(17), False),
    ],
)
def test_night_is_where_the_payer_lives(kind: Kind, now: datetime, fits: bool) -> None:
    assert kind.is_hit(PAYMENT, FACTS, now) is fits
    assert not kind.is_hit(replace(PAYMENT, amount=999), FACTS, now)


def test_the_same_moment_is_night_in_one_place_and_day_in_another() -> None:
    london = replace(PAYMENT, time_zone="Europe/London")

    assert NIGHT.is_hit(PAYMENT, FACTS, at(1))
    assert not NIGHT.is_hit(london, FACTS, at(1))


def hit(outcome: Outcome, force: Force = Force.LIVE, *, delay: bool = False) -> Hit:
    return Hit(
        rule=outcome.value,
        outcome=outcome,
        force=force,
        delay=delay,
        ask=False,
        unanswered=Silence.NOTHING,
        subject_id=BOB,
    )


@pytest.mark.parametrize(
    ("hits", "outcome", "delay"),
    [
        ((), Outcome.ALLOW, False),
        ((hit(Outcome.ALLOW, delay=True),), Outcome.ALLOW, True),
        ((hit(Outcome.STEP_UP), hit(Outcome.ALLOW, delay=True)), Outcome.STEP_UP, True),
        ((hit(Outcome.REVIEW), hit(Outcome.STEP_UP)), Outcome.REVIEW, False),
        ((hit(Outcome.STEP_UP), hit(Outcome.DECLINE), hit(Outcome.REVIEW)), Outcome.DECLINE, False),
        ((hit(Outcome.DECLINE, Force.SHADOW, delay=True),), Outcome.ALLOW, False),
        ((hit(Outcome.DECLINE, Force.SNOOZED), hit(Outcome.STEP_UP)), Outcome.STEP_UP, False),
    ],
)
def test_the_strictest_of_what_counts_is_what_follows(
    hits: tuple[Hit, ...], outcome: Outcome, delay: bool
) -> None:
    said = Verdict.of(hits, policy="x", place=None, is_place_noted=False)

    assert (said.outcome, said.delay, said.hits) == (outcome, delay, hits)


def test_a_rule_is_snoozed_for_one_device_or_payee_and_a_shadow_stays_one() -> None:
    rule = Rule(name="new", looks_at=PAYEE, outcome=Outcome.REVIEW)
    payment = replace(PAYMENT, is_new_payee=True)
    snoozed = replace(FACTS, snoozed=frozenset({("new", BOB)}))
    other = replace(FACTS, snoozed=frozenset({("new", PHONE), ("old", BOB)}))

    forces = [
        found.force
        for each, facts in [
            (rule, FACTS),
            (rule, snoozed),
            (rule, other),
            (replace(rule, is_shadow=True), snoozed),
        ]
        if (found := each.hit(payment, facts, NOON))
    ]

    assert forces == [Force.LIVE, Force.SNOOZED, Force.LIVE, Force.SHADOW]


def test_a_rule_about_a_device_nobody_named_is_snoozed_for_the_payee() -> None:
    unnamed = replace(PAYMENT, device_id=None)

    assert DEVICE.subject(PAYMENT) == PHONE
    assert DEVICE.subject(unnamed) == PAYEE.subject(PAYMENT) == BOB


GOOD: Final = """
[[rule]]
name = "first"
kind = "new_payee"
above = { CNY = 1000 }
delay = true
"""


def test_a_policy_says_what_its_file_says() -> None:
    words = GOOD + '[[rule]]\nname = "off"\nkind = "velocity"\nminutes = 10\npayments = 3\n'
    words += 'outcome = "decline"\nenabled = false\n'

    read = policy.parsed(words)

    assert read.rules == (
        Rule(
            name="first", looks_at=NewPayee(above={"CNY": 1000}), outcome=Outcome.ALLOW, delay=True
        ),
    )
    assert read.minutes == frozenset()
    assert policy.parsed(words).digest == read.digest != policy.parsed(GOOD).digest


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("[[rule", "it is not TOML"),
        ("x = 1", "it holds at most 64 times [[rule]], and nothing else"),
        ("rule = 1", "it holds at most 64 times [[rule]], and nothing else"),
        ("rule = [1]", "rule 1 is not a table"),
        ("[[rule]]", "name of rule 1 must be"),
        ('[[rule]]\nname = "Bad name"', "name of rule 1 must be"),
        (GOOD + GOOD, "two rules are called 'first'"),
        (GOOD.replace("delay", "delays"), "delays of the rule 'first' is nothing"),
        (GOOD.replace("delay = true", ""), "outcome of the rule 'first' must be"),
        (GOOD.replace("true", '"yes"'), "delay of the rule 'first' must be true or false"),
        (GOOD.replace("new_payee", "old_payee"), "kind of the rule 'first' must be one of"),
        (GOOD.replace("{ CNY = 1000 }", "1000"), "above of the rule 'first' must be minor units"),
        (GOOD.replace("CNY", "XXX"), "above of the rule 'first' must name currencies"),
        (GOOD.replace("1000", "10.5"), "above of the rule 'first' must name currencies"),
        (GOOD.replace("1000", "-1"), "above of the rule 'first' must name currencies"),
        (GOOD.replace("1000", "true"), "above of the rule 'first' must name currencies"),
        (GOOD.replace("new_payee", "new_device"), "hours of the rule 'first' must be a whole"),
        (GOOD.replace("new_payee", "night_hours"), "since of the rule 'first' must be a time"),
        (
            GOOD.replace("new_payee", "velocity") + "minutes = 1441",
            "minutes of the rule 'first' must be a whole number from 1 to 1440",
        ),
        (
            GOOD.replace("new_payee", "velocity") + "minutes = 9",
            "payments of the rule 'first' or total must be there",
        ),
    ],
)
def test_a_policy_that_is_unclear_is_refused_with_what_it_must_say(
    words: str, sentence: str
) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        policy.parsed(words)

    assert str(refused.value).startswith(sentence)


def test_the_policy_that_comes_with_upay_has_every_kind_of_rule() -> None:
    shipped = policy.parsed(risk_files.SHIPPED.read_text("utf-8"))

    kinds = {type(rule.looks_at) for rule in shipped.rules}
    assert kinds == {NewDevice, NewPlace, Velocity, UnusualAmount, NewPayee, NightHours}
    assert shipped.minutes == {10, 60}


LIST: Final = """
# who is where
203.0.113.0/24,CN-SH
203.0.0.0/16, CN
2001:db8::/32,DE
10.0.0.1,"NL"
""".splitlines()


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("203.0.113.255", "CN-SH"),
        ("203.0.112.1", "CN"),
        ("203.1.0.0", None),
        ("::ffff:203.0.113.1", "CN-SH"),
        ("2001:db8::1", "DE"),
        ("10.0.0.1", "NL"),
        ("10.0.0.2", None),
        ("", None),
        ("testclient", None),
        ("1" * 60_000, None),
    ],
)
def test_an_address_is_where_the_smallest_network_around_it_is(
    address: str, place: str | None
) -> None:
    assert places.parsed(LIST).of(address) == place


@pytest.mark.parametrize(
    "line", ["203.0.113.0/24", "203.0.113.1/24,CN", "x,CN", "10.0.0.0/8,", f"10.0.0.0/8,{'x' * 17}"]
)
def test_a_list_of_places_with_an_unclear_line_is_refused(line: str) -> None:
    with pytest.raises(places.PlacesInvalid):
        places.parsed([line])


def test_a_small_payment_does_not_make_a_place_known_for_a_large_one() -> None:
    rules = policy.Policy(
        (Rule(name="place", looks_at=PLACE, outcome=Outcome.STEP_UP),), digest="x"
    )
    elsewhere, first = (
        replace(FACTS, seen_at=None),
        replace(FACTS, seen_at=None, is_at_home_somewhere=False),
    )

    assert not PLACE.is_hit(replace(PAYMENT, amount=1), elsewhere, NOON)
    assert not rules.is_place_noted(elsewhere, NOON)
    assert rules.is_place_noted(first, NOON)
    assert not rules.is_place_noted(replace(FACTS, seen_at=NOON), NOON)
    assert rules.is_place_noted(FACTS, NOON)

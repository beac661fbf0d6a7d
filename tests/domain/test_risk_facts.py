"""What is known about a payment: counted as the rules say, and as fast for a million entries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connections

from domain import ledger, risk
from domain.decisions import decision
from domain.risk import Outcome, Window, facts
from domain.risk.rules import NewPlace
from models.database import client
from models.ids import new_id
from models.movements import MovementKind, MovementStatus
from models.risk import PersonPlace, RiskHit
from models.wallets import Account
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import orders, risks
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def rules() -> Iterator[None]:
    yield
    risk.install(None)


@pytest.fixture
async def wallets() -> tuple[Account, Account]:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    return await factories.wallet(ada, holds=100_000), await factories.wallet(bob, holds=1_000)


async def pay(source: Account, target: Account, amount: int, ago: timedelta) -> None:
    order = orders.transfer(source, target, amount)
    posted = await ledger.post(ledger.pay(order, key=factories.some_key(), at=NOON - ago))
    assert posted.movement is not None


async def known(source: Account, target: Account, *minutes: int, **changes: Any) -> facts.Facts:
    assert target.owner_id is not None
    payment = replace(risks.payment(source, target.owner_id), **changes)
    return await facts.gather(payment, NOON, minutes=minutes, place=None)


async def test_a_window_counts_what_was_prepared_and_adds_up_what_left_or_still_could(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    payment = risks.payment(ada, bob.owner_id)
    for ago, amount in [(1, 10), (4, 20), (6, 40), (10, 80), (59, 160)]:
        await risks.quoted(replace(payment, amount=amount), bob, NOON - ago * MINUTE)
    await risks.quoted(replace(payment, amount=320), bob, NOON - MINUTE, used_at=NOON - MINUTE)
    await pay(ada, bob, 1_000, 9 * MINUTE)
    await pay(ada, bob, 2_000, 10 * MINUTE)
    await pay(ada, bob, 4_000, 61 * MINUTE)
    await pay(ada, bob, 10**9, MINUTE)
    await pay(bob, ada, 500, MINUTE)
    await risks.reviewed(ada, bob, 8_000, now=NOON - MINUTE)

    found = await known(ada, bob, 10, 60)

    assert found.windows == {
        10: Window(payments=4, total=10 + 20 + 1_000 + 8_000),
        60: Window(payments=6, total=10 + 20 + 1_000 + 2_000 + 8_000),
    }


async def test_what_is_usual_is_what_95_of_100_payments_of_90_days_stayed_within(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets
    for amount in range(1, 21):
        await pay(ada, bob, amount, amount * DAY)
    await pay(ada, bob, 50_000, 90 * DAY)
    await risks.reviewed(ada, bob, 9_000, now=NOON - DAY)

    found = await known(ada, bob)

    assert (found.past_payments, found.usual, found.windows) == (20, 19, {})


async def test_of_a_wallet_that_never_paid_nothing_is_known(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets

    found = await known(bob, ada, 10)

    assert (found.past_payments, found.usual, found.seen_at) == (0, None, None)
    assert (found.is_at_home_somewhere, found.snoozed) == (False, frozenset())
    assert found.windows == {10: Window(0, 0)}


PLACES = risk.places.parsed(["203.0.113.0/24,CN", "198.51.100.0/24,DE"])
AWAY = "198.51.100.7"


async def test_the_first_place_of_a_person_is_theirs_and_another_one_is_new(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    risks.install(risks.rule(NewPlace(days=90, above={"CNY": 0})), places=PLACES)
    payment = risks.payment(ada, bob.owner_id)

    first, _ = await risks.judged(payment)
    away, _ = await risks.judged(replace(payment, address=AWAY))
    again, _ = await risks.judged(replace(payment, address=AWAY))
    unknown, _ = await risks.judged(replace(payment, address="192.0.2.1"))

    outcomes = [each.outcome for each in (first, away, again, unknown)]
    assert outcomes == [Outcome.ALLOW, Outcome.REVIEW, Outcome.REVIEW, Outcome.ALLOW]
    assert [(row.place, row.seen_at) for row in await PersonPlace.all()] == [("CN", NOON)]


async def test_a_place_where_a_payment_was_proved_by_more_is_known_from_then_on(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    rule = risks.rule(NewPlace(days=90, above={"CNY": 0}), Outcome.STEP_UP)
    risks.install(rule, places=PLACES)
    payment = risks.payment(ada, bob.owner_id)
    await risks.judged(payment)
    shown = replace(payment, address=AWAY)
    unproved = await risks.quoted(shown, bob)
    await risks.judged(shown, quote_id=unproved.id)
    before = await risk.assess(shown, NOON)

    proved = await risks.quoted(shown, bob, used_at=NOON + MINUTE)
    await risks.judged(shown, quote_id=proved.id)
    after = await risk.assess(shown, NOON + 2 * MINUTE)

    assert (before.outcome, after.outcome) == (Outcome.STEP_UP, Outcome.ALLOW)


async def test_hits_are_kept_with_their_rule_and_the_policy_that_judged_shadows_too(
    wallets: tuple[Account, Account],
) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    shadow = risks.rule(outcome=Outcome.DECLINE, name="trying", is_shadow=True, ask=True)
    risks.install(risks.rule(), shadow)
    quote_id = new_id()

    verdict, asked = await risks.judged(risks.payment(ada, bob.owner_id), quote_id=quote_id)

    assert (verdict.outcome, asked) == (Outcome.REVIEW, None)
    kept = await RiskHit.all().order_by("rule")
    assert [(row.rule, row.outcome, row.force, row.policy, row.quote_id) for row in kept] == [
        ("first-payment", "review", "live", "0123456789abcdef", quote_id),
        ("trying", "decline", "shadow", "0123456789abcdef", quote_id),
    ]


async def test_without_rules_nobody_asks_the_database(wallets: tuple[Account, Account]) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    risk.install(None)

    verdict = await risk.assess(risks.payment(ada, bob.owner_id), NOON)

    assert (verdict.outcome, verdict.hits, verdict.delay) == (Outcome.ALLOW, (), False)


@pytest.fixture
async def owner(database_urls: DatabaseUrls) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database_urls.owner)
    yield connection
    await connection.close()


@pytest.mark.parametrize("is_known_to_be_long", [True, False])
async def test_of_a_long_past_no_more_is_read_than_of_a_short_one(
    wallets: tuple[Account, Account], owner: asyncpg.Connection, is_known_to_be_long: bool
) -> None:
    ada, bob = wallets
    await _paid(ada, bob, 20_000)
    if is_known_to_be_long:
        await owner.execute("ANALYZE movements")

    async with decision():
        here = get_connections().get("default")
        before = await _rows_read("movements")
        [found] = await here.execute_query_dict(
            facts._READ,
            [
                *(ada.owner_id, ada.id, NOON, NOON - 90 * DAY, [NOON - 1440 * MINUTE]),
                *("CN", [bob.owner_id], NOON - 1440 * MINUTE, facts.MOST_ROWS),
            ],
        )
        read = await _rows_read("movements") - before

    assert found["past_payments"] == facts.MOST_ROWS
    assert 0 < read <= facts.MOST_ROWS


async def _rows_read(table: str) -> int:
    """How many rows of a table this connection has read that were not reported yet."""
    [row] = (
        await get_connections()
        .get("default")
        .execute_query_dict(
            "SELECT seq_tup_read + idx_tup_fetch AS rows FROM pg_stat_xact_user_tables "
            "WHERE relname = $1",
            [table],
        )
    )
    rows: int = row["rows"]
    return rows


async def _paid(source: Account, target: Account, times: int) -> None:
    """Movements of the last 20 days, without their entries: only what is read is there."""
    await client().execute_query(
        "INSERT INTO movements (id, kind, status, person_id, source_id, target_id, amount, "
        "currency, created_at, settled_at) SELECT gen_random_uuid(), $1, $2, $3, $4, $5, n, 'CNY', "
        "at, at FROM generate_series(1, $6::int) n, "
        "LATERAL (SELECT $7::timestamptz - n * interval '86 seconds') d (at)",
        [
            MovementKind.TRANSFER.value,
            MovementStatus.COMPLETED.value,
            source.owner_id,
            source.id,
            target.id,
            times,
            NOON,
        ],
    )


async def test_facts_that_cannot_be_had_let_nothing_be_prepared(
    wallets: tuple[Account, Account], owner: asyncpg.Connection
) -> None:
    ada, bob = wallets
    assert bob.owner_id is not None
    risks.install(risks.rule(outcome=Outcome.STEP_UP))
    await owner.execute("ALTER TABLE rule_snoozes RENAME TO elsewhere")

    with pytest.raises(Exception, match="rule_snoozes"):
        await risk.assess(risks.payment(ada, bob.owner_id), NOON)

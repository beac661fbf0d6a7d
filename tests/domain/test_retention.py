"""What is past its day goes, a moment before it nothing does, and what is for ever stays."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import asyncpg
import pytest

from domain import contacts, guards, ledger, payees, pins, retention, sessions, streams, transfers
from domain.challenges import Proof
from domain.decisions import decision
from domain.refusals import NotFound
from domain.retention import RULES, Rule
from domain.streams import Reset
from models.database import client
from models.ids import new_id
from models.movements import Movement
from models.people import Contact, ContactKind
from models.sessions import Audience
from models.streams import StreamEvent
from tests import factories
from tests.domain import old_rows, orders
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MOMENT: Final = timedelta(microseconds=1)
DAY: Final = timedelta(days=1)
PIN: Final = "246810"
GUIDE: Final = (Path(__file__).parents[2] / "docs" / "operate" / "retention.md").read_text("utf-8")
FOR_EVER: Final = (
    *("postings", "entries", "movements", "holds", "idempotency_keys", "audit_records"),
    *("chain_links", "chain_anchors", "unsealed", "house_marks", "receive_tokens"),
    *("provider_orders", "provider_messages", "accounts", "people", "pins", "totps", "freezes"),
)


def test_every_rule_is_tried_and_told() -> None:
    told = [int(days) for days in re.findall(r"^\| (\d+) \|", GUIDE, re.MULTILINE)]

    assert told == [rule.days for rule in RULES]
    assert [rule.name for rule in RULES] == list(old_rows.MADE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
async def test_what_is_past_its_day_goes_and_a_moment_before_nothing_does(rule: Rule) -> None:
    ada = await factories.person("ada")
    await old_rows.MADE[rule.name](NOON, ada)
    at_its_day = NOON + timedelta(days=rule.days)
    rows = await _rows(rule.table)

    early = (await retention.count_past(rule, at_its_day), await retention.purge(rule, at_its_day))
    kept = await _rows(rule.table)
    late = at_its_day + MOMENT
    counted, gone = await retention.count_past(rule, late), await retention.purge(rule, late)

    assert (early, kept) == ((0, 0), rows)
    assert (counted, gone) == (1, 1)
    assert await _rows(rule.table) == rows - 1
    assert await retention.purge(rule, late) == 0


async def test_a_thousand_years_take_nothing_that_is_for_ever() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=1_000), await factories.wallet(bob)
    key = factories.some_key(ada.id)
    paid = await ledger.post(orders.pay(source, target, 250, key=key))
    for make in old_rows.MADE.values():
        await make(NOON, ada)
    await old_rows.job(NOON)
    proved = await contacts.add(ada.id, ContactKind.PHONE, "+8613800138000", NOON)
    await Contact.filter(id=proved.id).update(verified_at=NOON)
    before = {table: await _picture(table) for table in FOR_EVER}
    heads = await _heads()

    for rule in RULES:
        await retention.purge(rule, NOON + 365_000 * DAY)

    assert {table: await _picture(table) for table in FOR_EVER} == before
    assert await _heads() == heads
    left = {rule.table: await _rows(rule.table) for rule in RULES}
    assert {table: rows for table, rows in left.items() if rows} == {
        "jobs": 1,  # nobody has done it yet
        "contacts": 1,  # the proved one
        "stream_events": len(heads),
    }
    again = await ledger.post(orders.pay(source, target, 250, key=key))
    assert (again.outcome, again.movement) == (ledger.Outcome.REPLAYED, paid.movement)


async def test_a_key_gives_the_same_answer_when_quote_and_challenge_are_gone() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=1_000), await factories.wallet(bob)
    await pins.set_pin(ada.id, PIN, NOON)
    wish = transfers.Wish(
        wallet_id=source.id,
        payee=payees.Named(account_name="bob"),
        amount=250,
        currency="CNY",
    )
    payer = factories.identity(ada)
    prepared = await transfers.prepare(wish, by=payer, address="", now=NOON)

    async def confirmed(key: str, now: datetime) -> Movement:
        confirmation = transfers.Confirmation(
            quote_id=prepared.shown.quote.id,
            challenge_id=prepared.shown.challenge.id,
            proof=Proof(pin=PIN),
            key=key,
        )
        return await transfers.confirm(confirmation, by=payer, now=now)

    first = await confirmed("tea", NOON)
    for rule in RULES:
        await retention.purge(rule, NOON + 401 * DAY)
    again = await confirmed("tea", NOON + 401 * DAY)
    with pytest.raises(NotFound):
        await confirmed("another", NOON + 401 * DAY)

    assert (await _rows("quotes"), await _rows("challenges")) == (0, 0)
    assert again.id == first.id
    assert await factories.balances(source, target) == [750, 250]


async def test_a_session_stays_as_long_as_a_token_of_it_does() -> None:
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON)
    await sessions.sign_out(opened.session.id, NOON)

    gone = await _purge("ended sessions", NOON + 181 * DAY)

    assert gone == 0
    assert await _rows("sessions") == 1


async def test_wrong_tries_that_count_are_never_given_back() -> None:
    ada = await factories.person("ada")
    await guards.take_try(ada.id, NOON)

    gone = await _purge("sign-in guards", NOON + 4_000 * DAY)

    assert gone == 0
    assert await _rows("sign_in_guards") == 1


async def test_who_resumes_after_what_is_gone_reads_the_present_anew() -> None:
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON + 99 * DAY)
    stream_id = new_id()
    for seq in range(1, 6):
        await old_rows.event(stream_id, seq, NOON if seq < 4 else NOON + 50 * DAY)
    await _purge("stream events", NOON + 100 * DAY)

    told = {
        after: await _first(stream_id, opened.session.id, after, NOON + 100 * DAY)
        for after in (0, 2, 3, 4)
    }

    assert told[0] == told[2] == Reset(5)
    assert [event.seq for event in (told[3], told[4]) if isinstance(event, StreamEvent)] == [4, 5]


async def test_who_resumes_when_all_is_old_counts_on_from_the_head() -> None:
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON + 99 * DAY)
    stream_id = new_id()
    for seq in (1, 2, 3):
        await old_rows.event(stream_id, seq, NOON)
    await _purge("stream events", NOON + 100 * DAY)

    assert await _first(stream_id, opened.session.id, 1, NOON + 100 * DAY) == Reset(3)


async def test_no_follower_is_led_over_a_gap() -> None:
    """Clocks differ, so that what lies between younger events may be past its day before them."""
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON + 99 * DAY)
    stream_id = new_id()
    for seq, at in ((1, NOON + MOMENT), (2, NOON), (3, NOON + DAY)):
        await old_rows.event(stream_id, seq, at)
    await _purge("stream events", NOON + MOMENT + 90 * DAY)

    following = streams.follow(
        stream_id, session_id=opened.session.id, after=0, clock=lambda: NOON + 100 * DAY
    )
    told = [await anext(following), await anext(following)]
    await following.aclose()

    assert [each.seq for each in told if isinstance(each, StreamEvent)] == [1]
    assert told[1] == Reset(3)


async def test_many_rows_go_in_steps_that_read_no_more_than_their_blocks() -> None:
    await old_rows.many_jobs(30_000, NOON)
    [size] = await client().execute_query_dict("SELECT pg_relation_size('jobs') / 8192 AS blocks")
    plan = await _plan_of_a_step(_rule("finished jobs"))

    gone = await _purge("finished jobs", NOON + 31 * DAY)

    assert size["blocks"] > 2 * retention.STEP_BLOCKS
    assert gone == 15_000
    assert await _rows("jobs") == 15_000
    assert "Tid Range Scan on jobs r" in plan
    assert "Seq Scan" not in plan


async def test_two_purges_at_once_share_the_rows() -> None:
    ada = await factories.person("ada")
    for minute in range(100):
        await old_rows.finished_job(NOON + timedelta(minutes=minute), ada)

    gone = await asyncio.gather(*(_purge("finished jobs", NOON + 40 * DAY) for _ in range(4)))

    assert sum(gone) == 100
    assert await _rows("jobs") == 0


async def test_a_row_that_somebody_is_changing_is_left_for_the_next_time() -> None:
    ada = await factories.person("ada")
    await old_rows.unproved_contact(NOON, ada)

    async with decision():
        contact = await Contact.filter(person_id=ada.id).select_for_update().get()
        meanwhile = await asyncio.create_task(_purge("unproved contacts", NOON + 31 * DAY))
        contact.verified_at = NOON
        await contact.save(update_fields=["verified_at"])

    assert meanwhile == 0
    assert await _purge("unproved contacts", NOON + 31 * DAY) == 0
    assert await _rows("contacts") == 1


async def test_whatever_refers_to_what_goes_is_known_to_its_rule() -> None:
    tables = [rule.table for rule in RULES]

    references = await client().execute_query_dict(
        "SELECT conrelid::regclass::text AS child, confrelid::regclass::text AS parent "
        "FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'a' "
        "AND confrelid = ANY ($1::text[]::regclass[])",
        [tables],
    )

    for each in references:
        [*_, rule] = [rule for rule in RULES if rule.table == each["parent"]]
        assert f"FROM {each['child']} " in rule.is_past, each


@pytest.mark.parametrize("table", FOR_EVER[:2])
async def test_the_application_could_not_take_the_journal_if_it_wanted(table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await client().pool.execute(f"DELETE FROM {table}")


def test_the_next_quiet_hour_is_always_ahead() -> None:
    at_the_hour = NOON.replace(hour=retention.QUIET_HOUR)

    assert retention.next_quiet_hour(NOON) == at_the_hour
    assert retention.next_quiet_hour(at_the_hour - MOMENT) == at_the_hour
    assert retention.next_quiet_hour(at_the_hour) == at_the_hour + DAY


def _rule(name: str) -> Rule:
    return next(rule for rule in RULES if rule.name == name)


async def _purge(name: str, now: datetime) -> int:
    return await retention.purge(_rule(name), now)


async def _plan_of_a_step(rule: Rule) -> str:
    statement = retention._PURGE.format(table=rule.table, is_past=rule.is_past)
    for place, value in (("$1", NOON.isoformat()), ("$2", "(128,0)"), ("$3", "(256,0)")):
        statement = statement.replace(place, f"'{value}'")
    rows = await client().execute_query_dict(f"EXPLAIN {statement}")
    return "\n".join(row["QUERY PLAN"] for row in rows)


async def _first(stream_id: UUID, session_id: UUID, after: int, now: datetime) -> streams.Told:
    following = streams.follow(stream_id, session_id=session_id, after=after, clock=lambda: now)
    told = await anext(following)
    await following.aclose()
    return told


async def _rows(table: str) -> int:
    [row] = await client().execute_query_dict(f"SELECT count(*) AS rows FROM {table}")
    return int(row["rows"])


async def _heads() -> dict[str, int]:
    rows = await client().execute_query_dict(
        "SELECT stream_id, max(seq) AS head FROM stream_events GROUP BY stream_id"
    )
    return {str(row["stream_id"]): row["head"] for row in rows}


async def _picture(table: str) -> list[str]:
    rows = await client().execute_query_dict(f"SELECT * FROM {table}")
    return sorted(map(str, rows))

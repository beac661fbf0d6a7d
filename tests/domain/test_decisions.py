"""One decision per verb: all or nothing, heard after commit, done again when chosen to yield."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from tortoise.connection import get_connections

from domain import ledger
from domain.decisions import decision, retrying
from models.database import client
from models.people import Person
from models.wallets import Account
from realtime import bus
from tests import factories
from tests.domain import books, orders

pytestmark = pytest.mark.usefixtures("database")


class Changed(Exception):
    """Somebody changed their mind."""


async def test_what_a_decision_announces_is_heard_after_its_commit_and_not_before() -> None:
    async with bus.listen("news") as ear:
        async with decision() as announce:
            announce("news")
            before = await ear.heard(0)

        assert not before
        assert await ear.heard(0)


async def test_what_a_failed_decision_announced_is_never_heard() -> None:
    async with bus.listen("news") as ear:
        with pytest.raises(Changed):
            await _fail_after_announcing("news")

        assert not await ear.heard(0)
        assert await Person.all().count() == 0


async def test_an_inner_decision_is_heard_only_after_the_outermost_commit() -> None:
    async with bus.listen("inner") as ear:
        async with decision():
            async with decision() as announce:
                announce("inner")
            before = await ear.heard(0)

        assert not before
        assert await ear.heard(0)


async def test_a_failed_inner_decision_takes_back_its_own_news_and_writes_only() -> None:
    async with bus.listen("news") as ear, bus.listen("ada") as outer_ear:
        async with decision() as announce:
            await factories.person("ada")
            announce("ada")
            with pytest.raises(Changed):
                await _fail_after_announcing("news")

        assert await outer_ear.heard(0)
        assert not await ear.heard(0)
        assert [person.account_name for person in await Person.all()] == ["ada"]


async def test_a_failed_outer_decision_takes_back_what_its_inner_ones_announced() -> None:
    async with bus.listen("inner") as ear:
        with pytest.raises(Changed):
            await _fail_after_an_inner_one_announced("inner")

        assert not await ear.heard(0)
        assert await Person.all().count() == 0


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (None, "read committed"),
        ("repeatable_read", "repeatable read"),
        ("serializable", "serializable"),
    ],
)
async def test_a_decision_has_the_isolation_it_asked_for_and_the_next_has_its_own(
    asked: str | None, given: str
) -> None:
    async with decision(isolation=asked):
        during = await _isolation()
        async with decision():
            inside = await _isolation()
    async with decision():
        after = await _isolation()

    assert (during, inside, after) == (given, given, "read committed")


async def test_a_verb_that_lost_a_conflict_is_done_again() -> None:
    ada = await factories.person("ada")
    tries = 0

    async def rename() -> None:
        nonlocal tries
        tries += 1
        async with decision(isolation="repeatable_read"):
            person = await Person.get(id=ada.id)
            if tries == 1:
                await _freeze_elsewhere(ada)
            person.display_name += "!"
            await person.save(update_fields=["display_name"])

    await retrying(rename)

    person = await Person.get(id=ada.id)
    assert (tries, person.display_name, person.freeze_level) == (2, "Ada!", 3)


async def test_a_conflict_found_only_at_commit_is_answered_by_doing_it_again() -> None:
    """Each freezes the other while the other is free: one after another, only one is frozen."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    both_have_read = asyncio.Barrier(2)
    tries = 0

    async def freeze(whom: Person, unless: Person) -> None:
        nonlocal tries
        tries += 1
        is_first = tries <= 2
        async with decision(isolation="serializable"):
            other = await Person.get(id=unless.id)
            if is_first:
                await both_have_read.wait()
            if not other.freeze_level:
                await Person.filter(id=whom.id).update(freeze_level=3)

    await asyncio.gather(
        retrying(lambda: freeze(ada, unless=bob)), retrying(lambda: freeze(bob, unless=ada))
    )

    assert sorted(person.freeze_level for person in await Person.all()) == [0, 3]
    assert tries == 3


async def test_two_verbs_that_wait_for_each_other_are_both_done() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    both_hold_one = asyncio.Barrier(2)
    tries = 0

    async def rename(*in_order: Person) -> None:
        nonlocal tries
        tries += 1
        is_first = tries <= 2
        async with decision():
            for person in in_order:
                row = await Person.filter(id=person.id).select_for_update(no_key=True).get()
                row.display_name += "!"
                await row.save(update_fields=["display_name"])
                if is_first and person is in_order[0]:
                    await both_hold_one.wait()

    await asyncio.gather(retrying(lambda: rename(ada, bob)), retrying(lambda: rename(bob, ada)))

    assert sorted(person.display_name for person in await Person.all()) == ["Ada!!", "Bob!!"]
    assert tries == 3


async def test_a_verb_that_never_gets_through_gives_up_after_five_tries() -> None:
    tries = 0

    async def lose() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.SerializationError

    with pytest.raises(asyncpg.SerializationError):
        await retrying(lose)

    assert tries == 5


async def test_other_failures_are_not_tried_again() -> None:
    tries = 0

    async def fail() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.CheckViolationError

    with pytest.raises(asyncpg.CheckViolationError):
        await retrying(fail)

    assert tries == 1


async def test_a_task_started_in_a_decision_cannot_write_after_it() -> None:
    """It inherits the decision's connection, which is by then somebody else's: it fails loudly."""
    is_over = asyncio.Event()

    async def write_later() -> None:
        await is_over.wait()
        await factories.person("eve")

    async def decide_later() -> None:
        await is_over.wait()
        async with decision() as announce:
            announce("news")
            await factories.person("eve")

    async with bus.listen("news") as ear:
        async with decision():
            await factories.person("ada")
            tasks = [asyncio.create_task(write_later()), asyncio.create_task(decide_later())]
        is_over.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)

        assert [type(outcome) for outcome in outcomes] == [asyncpg.InterfaceError] * 2
        assert [person.account_name for person in await Person.all()] == ["ada"]
        assert not await ear.heard(0)


async def test_a_task_started_in_a_decision_writes_into_it_while_it_is_open() -> None:
    """Why none is started there: what the task wrote goes when the decision it never knew fails."""
    with pytest.raises(Changed):
        await _fail_after(lambda: asyncio.create_task(_create("eve")))

    assert await Person.all().count() == 0


async def test_the_queue_never_posts_inside_the_decision_of_whoever_happened_to_start_it() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=100), await factories.wallet(bob)

    with pytest.raises(Changed):
        await _fail_after(lambda: ledger.post(orders.pay(source, target, 30)))

    assert await factories.balances(source, target) == [70, 30]
    await books.assert_sound()


async def test_a_posting_in_a_decision_shares_its_fate() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=100), await factories.wallet(bob)
    before = await books.picture()

    async with bus.listen(f"stream:{source.id}") as ear:
        with pytest.raises(Changed):
            await _post_and_fail(source, target)

        assert not await ear.heard(0)
        assert await books.picture() == before


async def test_a_posting_in_a_decision_is_heard_after_its_commit() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=100), await factories.wallet(bob)

    async with bus.listen(f"stream:{target.id}") as ear:
        async with decision() as announce:
            await ledger.post_in(announce, orders.pay(source, target, 30))
            before = await ear.heard(0)

        assert not before
        assert await ear.heard(0)
        assert await factories.balances(source, target) == [70, 30]


async def _fail_after_announcing(topic: str) -> None:
    async with decision() as announce:
        await factories.person("eve")
        announce(topic)
        raise Changed


async def _fail_after_an_inner_one_announced(topic: str) -> None:
    async with decision():
        async with decision() as announce:
            await factories.person("eve")
            announce(topic)
        raise Changed


async def _fail_after(work: Callable[[], Awaitable[object]]) -> None:
    async with decision():
        await work()
        raise Changed


async def _post_and_fail(source: Account, target: Account) -> None:
    async with decision() as announce:
        await ledger.post_in(announce, orders.pay(source, target, 30))
        raise Changed


async def _create(name: str) -> None:
    await factories.person(name)


async def _isolation() -> str:
    [row] = await get_connections().get("default").execute_query_dict("SHOW transaction_isolation")
    return str(row["transaction_isolation"])


async def _freeze_elsewhere(person: Person) -> None:
    """On another connection than this task's decision has."""
    async with client().pool.acquire() as connection:
        await connection.execute("UPDATE people SET freeze_level = 3 WHERE id = $1", person.id)

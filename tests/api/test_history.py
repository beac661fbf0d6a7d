"""A wallet's history: pages that hold still, filters that find, failures that are not hidden."""

from __future__ import annotations

from typing import Any

import pytest

from models.database import client
from tests.api.conftest import PIN, Moving, Resident
from tests.api.test_subscriptions import pay
from tests.api.test_transfers import confirm, prepared
from tests.moments import Clock

HISTORY = """
query ($id: ID!, $first: Int, $after: String, $filter: MovementFilter) {
  wallet(id: $id) {
    movements(first: $first, after: $after, filter: $filter) {
      edges { cursor node {
        __typename id status note direction amount { amountMinor } counterparty { id name kind }
        failure { code }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


async def page(owner: Resident, **variables: Any) -> dict[str, Any]:
    answer = await owner.asker.data(HISTORY, id=owner.wallet_id, **variables)
    found: dict[str, Any] = answer["movements"]
    return found


def amounts(found: dict[str, Any]) -> list[int]:
    return [edge["node"]["amount"]["amountMinor"] for edge in found["edges"]]


async def test_pages_neither_repeat_nor_skip_when_money_arrives_between_them(
    resident: Moving, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    for number in range(1, 6):
        clock.advance(seconds=1)
        await pay(ada, "bob", number, f"key-{number}")

    first = await page(ada, first=2)
    clock.advance(seconds=1)
    await pay(ada, "bob", 6, "between")
    second = await page(ada, first=3, after=first["pageInfo"]["endCursor"])
    third = await page(ada, first=3, after=second["pageInfo"]["endCursor"])

    assert amounts(first) == [5, 4]
    assert amounts(second) == [3, 2, 1]
    assert second["pageInfo"]["hasNextPage"]
    assert amounts(third) == [1_000]
    assert not third["pageInfo"]["hasNextPage"]


async def test_a_failed_payment_stands_in_the_payers_history_and_not_in_the_payees(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    first, second = await prepared(ada, "bob", 80), await prepared(ada, "bob", 80)
    clock.advance(seconds=1)
    await confirm(ada, first, key="first")
    clock.advance(seconds=1)
    await confirm(ada, second, key="second")

    adas, bobs = await page(ada), await page(bob)

    assert [e["node"]["failure"] for e in adas["edges"]][:2] == [
        {"code": "INSUFFICIENT_FUNDS"},
        None,
    ]
    assert amounts(bobs) == [80]
    assert bobs["edges"][0]["node"]["counterparty"]["name"] == "A**"


async def test_a_payment_on_its_way_is_not_yet_in_the_payees_history(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    clock.advance(seconds=1)
    await pay(ada, "bob", 80, "later", arrival="NEXT_DAY")

    assert amounts(await page(bob)) == []
    assert amounts(await page(ada)) == [80, 100]


async def test_history_can_be_searched(resident: Moving, clock: Clock) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    await resident("cat")
    clock.advance(minutes=5)
    await pay(ada, "bob", 10, "1", note="Tea at Noon")
    await pay(ada, "bob", 20, "2", note="午饭一百%")
    clock.advance(minutes=5)
    await pay(ada, "cat", 30, "3", note="rent")
    cat = (await page(ada))["edges"][0]["node"]["counterparty"]["id"]

    async def found(**wanted: Any) -> list[int]:
        return amounts(await page(ada, filter=wanted))

    assert await found(text="tea AT") == [10]
    assert await found(text="午饭") == [20]
    assert await found(text="%") == [20]
    assert await found(text="_") == []
    assert await found(kinds=["ADJUSTMENT"]) == [1_000]
    assert await found(statuses=["FAILED", "PENDING"]) == []
    assert await found(amountFrom=20, amountTo=30) == [30, 20]
    assert await found(counterparty=cat) == [30]
    assert await found(since="2026-03-02T12:10:00Z") == [30]
    assert await found(until="2026-03-02T12:05:00Z") == [1_000]


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_1_to_100_rows(resident: Moving, first: int) -> None:
    ada = await resident("ada")

    assert await ada.asker.code(HISTORY, id=ada.wallet_id, first=first) == "BAD_USER_INPUT"


@pytest.mark.parametrize("after", ["", "x", "arrayconnection:1", "AAAA", "é"])
async def test_a_cursor_nobody_gave_out_is_refused(resident: Moving, after: str) -> None:
    ada = await resident("ada")

    assert await ada.asker.code(HISTORY, id=ada.wallet_id, after=after) == "BAD_USER_INPUT"


async def test_a_key_tells_what_became_of_it(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    done = await pay(ada, "bob", 80, "tea")
    by_key = "query ($key: ID!) { movementByKey(key: $key) { id status } }"

    assert await ada.asker.data(by_key, key="tea") == {
        "id": done["transfer"]["id"],
        "status": "COMPLETED",
    }
    assert await ada.asker.data(by_key, key="never used") is None
    assert await bob.asker.data(by_key, key="tea") is None


async def test_the_home_screen_costs_one_statement_per_list(
    resident: Moving, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    for number in range(1, 21):
        await pay(ada, "bob", number, f"key-{number}")
    screen = """{ me { displayName wallets { balance { available { display } }
        movements(first: 20) { edges { node { amount { display } direction
        counterparty { name } source { name } target { name } } } } } } }"""
    await ada.asker.data(screen)
    statements: list[str] = []
    for holder in client().pool._holders:
        if holder._con is not None:
            holder._con.add_query_logger(lambda query: statements.append(query.query))

    await ada.asker.data(screen)

    # me, wallets, movements, and who stands on both sides.
    assert len(statements) == 4, statements
    assert PIN not in str(statements)
    assert bob.person.id != ada.person.id

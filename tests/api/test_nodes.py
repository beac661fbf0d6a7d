"""Finding anything again by its id: each type by its own rule, and nothing by a wrong id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from graphql import GraphQLObjectType

from domain import top_ups
from models.ids import new_id
from server.api import public_schema
from tests import factories
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import confirm, prepared
from tests.moments import NOON

NODE: Final = "query ($id: ID!) { node(id: $id) { __typename id } }"
WALLET: Final = "query ($id: ID!) { wallet(id: $id) { id } }"
MOVEMENT: Final = "query ($id: ID!) { movement(id: $id) { id } }"
MOVEMENTS: Final = {"trf": "Transfer", "top": "TopUp", "adj": "Adjustment"}
TYPES: Final = {"per": "Person", "wal": "Wallet", **MOVEMENTS}


@pytest.fixture
def bank() -> Iterator[None]:
    top_ups.install("bank")
    yield
    top_ups.install(None)


async def belongings(ada: Resident) -> dict[str, str]:
    """One id of each type that ada can find again, by its prefix."""
    topped = await top_ups.start(
        by=ada.person.id, wallet_id=ada.wallet.id, amount=500, currency="CNY", key="t", now=NOON
    )
    funded = await factories.fund(ada.wallet, ada.person, 1_000)
    paid = await confirm(ada, await prepared(ada, "bob", 250))
    return {
        "per": f"per_{ada.person.id.hex}",
        "wal": ada.wallet_id,
        "trf": paid["transfer"]["id"],
        "top": f"top_{topped.id.hex}",
        "adj": f"adj_{funded.id.hex}",
    }


def test_every_type_that_is_a_node_is_in_the_table() -> None:
    types = public_schema._schema.type_map.values()

    nodes = {
        each.name
        for each in types
        if isinstance(each, GraphQLObjectType) and "Node" in {one.name for one in each.interfaces}
    }

    assert nodes == set(TYPES.values())


@pytest.mark.usefixtures("bank")
async def test_each_type_is_found_by_its_id_and_only_by_whom_it_concerns(resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    ids = await belongings(ada)

    found = {prefix: await ada.asker.data(NODE, id=id) for prefix, id in ids.items()}
    foreign = {prefix: await bob.asker.answer(NODE, id=id) for prefix, id in ids.items()}
    missing = await bob.asker.answer(NODE, id=f"wal_{new_id().hex}")

    assert found == {prefix: {"__typename": TYPES[prefix], "id": id} for prefix, id in ids.items()}
    assert foreign.pop("trf")["data"]["node"] == found["trf"], "it reached bob as well"
    assert all(answer == missing for answer in foreign.values())
    assert missing["errors"][0]["extensions"] == {"code": "NOT_FOUND"}


@pytest.mark.usefixtures("bank")
async def test_an_id_with_the_prefix_of_another_type_is_not_found(resident: Moving) -> None:
    ada, _ = await resident("ada"), await resident("bob")
    ids = await belongings(ada)
    prefixes = [*ids, "cus", "con", "pty", "quo", "cha", "ses", "", "trf_trf"]

    for prefix, id in ids.items():
        for other in set(prefixes) - {prefix}:
            wrong = f"{other}_{id.partition('_')[2]}"
            assert await ada.asker.code(NODE, id=wrong) == "NOT_FOUND", wrong
            if prefix in MOVEMENTS:
                assert await ada.asker.code(MOVEMENT, id=wrong) == "NOT_FOUND", wrong


async def test_an_id_has_one_spelling(resident: Moving) -> None:
    ada = await resident("ada")
    id = ada.wallet.id
    others = [
        f"wal_{id.hex.upper()}",
        f"wal_{id}",
        f"wal_+{id.hex[1:]}",
        f"wal_ {id.hex[1:]}",
        f"wal_{id.hex[:-1]}",
        f"wal_{id.hex}0",
        f" wal_{id.hex}",
        f"WAL_{id.hex}",
        f"wal_{id.hex[:-1]}\u0000",
        "wal_",
        "",
    ]

    codes = {await ada.asker.code(words, id=each) for words in (NODE, WALLET) for each in others}

    assert codes == {"NOT_FOUND"}
    assert await ada.asker.data(NODE, id=f"wal_{id.hex}")
    assert await ada.asker.data(WALLET, id=f"wal_{id.hex}")


async def test_a_payment_that_failed_is_found_by_the_payer_and_never_by_the_payee(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    first, second = await prepared(ada, "bob", 100), await prepared(ada, "bob", 100)
    await confirm(ada, first, key="first")

    failed = await confirm(ada, second, key="second")

    id = failed["transfer"]["id"]
    assert failed["__typename"] == "TransferFailed"
    assert (await ada.asker.data(NODE, id=id))["id"] == id
    assert await bob.asker.code(NODE, id=id) == "NOT_FOUND"

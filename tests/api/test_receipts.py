"""A receipt goes with a movement, and is checked by whoever was shown it, signed in or not."""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from domain import chain
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import confirm, prepared
from tests.moments import Clock

FACTS: Final = """status amount { amountMinor currency } fee { amountMinor } settledAt
    sourceName targetName livemode"""
RECEIPT: Final = f"""query ($id: ID!) {{ movement(id: $id) {{
    receipt {{ number code seal {{ seq hash }} {FACTS} }} }} }}"""
CHECK: Final = f"""query ($number: String!, $code: String!) {{
    receiptCheck(input: {{ number: $number, code: $code }}) {{ __typename
        ... on ReceiptGenuine {{ {FACTS} }}
        ... on Problem {{ code message field retry }} }} }}"""


async def test_a_receipt_says_how_a_transfer_ended_to_both_sides_and_to_strangers(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    done = await confirm(ada, await prepared(ada, "bob", 10))

    adas = await _receipt(ada, done)
    bobs = await _receipt(bob, done)
    checked = await Asker(app).data(CHECK, number=adas["number"], code=adas["code"])

    facts = {name: adas[name] for name in adas if name not in {"number", "code", "seal"}}
    assert facts == {
        "status": "COMPLETED",
        "amount": {"amountMinor": 10, "currency": "CNY"},
        "fee": {"amountMinor": 0},
        "settledAt": clock().isoformat(),
        "sourceName": "A**",
        "targetName": "B**",
        "livemode": False,
    }
    assert bobs == adas
    assert checked == {"__typename": "ReceiptGenuine", **facts}


async def test_a_receipt_names_its_place_in_the_chain_once_it_is_sealed(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    done = await confirm(ada, await prepared(ada, "bob", 10))

    before = await _receipt(ada, done)
    await chain.seal(clock())
    after = await _receipt(ada, done)

    assert before["seal"] is None
    assert after["seal"]["seq"] == 2
    assert len(bytes.fromhex(after["seal"]["hash"])) == 32


async def test_what_is_under_way_has_no_receipt(app: Starlette, resident: Moving) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    waiting = await confirm(ada, await prepared(ada, "bob", 10, arrival="TWO_HOURS"))

    assert await _receipt(ada, waiting) is None


async def test_whoever_guesses_learns_nothing(app: Starlette, resident: Moving) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    receipt = await _receipt(ada, await confirm(ada, await prepared(ada, "bob", 10)))
    key_id = receipt["code"].partition(".")[0]

    wrong_code = await Asker(app).data(
        CHECK, number=receipt["number"], code=f"{key_id}.AAAA-AAAA-AAAA-AAAA"
    )
    wrong_number = await Asker(app).data(CHECK, number="A" * 26, code=receipt["code"])

    assert wrong_code == wrong_number
    assert wrong_code == {
        "__typename": "ReceiptUnknown",
        "code": "RECEIPT_UNKNOWN",
        "message": "This is not a receipt of ours.",
        "field": None,
        "retry": "AFTER_FIX",
    }


async def _receipt(resident: Resident, done: dict[str, Any]) -> Any:
    movement = await resident.asker.data(RECEIPT, id=done["transfer"]["id"])
    return movement["receipt"]

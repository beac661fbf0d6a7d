"""Whoever holds a receipt can have it checked; whoever does not learns nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from domain import ledger, receipts, secrets
from domain.receipts import ReceiptUnknown
from models.movements import Movement, MovementStatus
from models.wallets import Account
from tests import factories
from tests.conftest import KEYRING
from tests.domain import orders
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

NEWER: Final = secrets.Keyring(current="newer", keys={"newer": bytes(32), **KEYRING.keys})
OTHER: Final = secrets.Keyring(current="newer", keys={"newer": bytes(32)})


@pytest.fixture
async def ada() -> Account:
    return await factories.wallet(await factories.person("ada"), holds=1_000)


@pytest.fixture
async def bob() -> Account:
    return await factories.wallet(await factories.person("bob"))


@pytest.fixture
async def paid(ada: Account, bob: Account) -> Movement:
    return await _posted(orders.pay(ada, bob, 10))


@pytest.mark.parametrize("amount", [10, 5_000], ids=["completed", "failed"])
async def test_a_receipt_is_known_by_its_number_and_code(
    ada: Account, bob: Account, amount: int
) -> None:
    movement = await _posted(orders.pay(ada, bob, amount))

    known = await receipts.check(receipts.number(movement), receipts.code(movement))

    assert known == movement


async def test_it_does_not_matter_how_they_are_typed(paid: Movement) -> None:
    number, code = receipts.number(paid), receipts.code(paid)
    groups = " ".join(number[start : start + 5] for start in range(0, 26, 5))
    key_id, _, letters = code.rpartition(".")

    known = await receipts.check(
        f" {groups.lower()} ", f" {key_id}.{letters.lower().replace('o', '0').replace('-', ' ')}\n"
    )

    assert known == paid


@pytest.mark.parametrize("place", range(-19, 0))
async def test_an_altered_code_is_unknown(paid: Movement, place: int) -> None:
    code = receipts.code(paid)
    letters = list(code)
    letters[place] = "A" if letters[place] != "A" else "B"

    with pytest.raises(ReceiptUnknown):
        await receipts.check(receipts.number(paid), "".join(letters) if code[place] != "-" else "")


async def test_a_code_is_of_one_receipt_only(ada: Account, bob: Account, paid: Movement) -> None:
    other = await _posted(orders.pay(ada, bob, 10))

    with pytest.raises(ReceiptUnknown):
        await receipts.check(receipts.number(other), receipts.code(paid))


@pytest.mark.parametrize("number", ["", "x", "A" * 26, "7" * 26, "é" * 26, "A" * 10_000, "\0"])
async def test_no_other_number_is_known(paid: Movement, number: str) -> None:
    with pytest.raises(ReceiptUnknown):
        await receipts.check(number, receipts.code(paid))


@pytest.mark.parametrize("code", ["", ".", "test.", "test", "elsewhere.AAAA", "\0.\ud800", "é"])
async def test_no_other_code_is_known(paid: Movement, code: str) -> None:
    with pytest.raises(ReceiptUnknown):
        await receipts.check(receipts.number(paid), code)


async def test_what_is_not_final_has_no_receipt(ada: Account, bob: Account) -> None:
    waiting, held = await orders.placed(ada, bob, 10)
    release = ledger.release(
        waiting, held, key=factories.some_key(), at=NOON, to=MovementStatus.CANCELLED
    )
    guess = waiting.clone(pk=waiting.id)
    guess.settled_at = NOON

    with pytest.raises(AssertionError):
        receipts.code(waiting)
    with pytest.raises(ReceiptUnknown):
        await receipts.check(receipts.number(waiting), receipts.code(guess))
    cancelled = await _posted(release)
    assert await receipts.check(receipts.number(cancelled), receipts.code(cancelled)) == cancelled


async def test_an_old_keys_receipts_are_known_until_the_key_is_taken_away(paid: Movement) -> None:
    number, code = receipts.number(paid), receipts.code(paid)

    secrets.install(NEWER)
    known = await receipts.check(number, code)
    newer = receipts.code(paid)
    secrets.install(OTHER)

    assert known == paid
    assert newer.startswith("newer.")
    assert await receipts.check(number, newer) == paid
    with pytest.raises(ReceiptUnknown):
        await receipts.check(number, code)


@pytest.mark.parametrize(
    "change",
    [
        {"amount": 11},
        {"fee": 1},
        {"currency": "JPY"},
        {"note": "for nothing"},
        {"status": MovementStatus.FAILED, "failure_code": "X"},
        {"settled_at": NOON + timedelta(microseconds=1)},
        {"created_at": NOON + timedelta(microseconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_a_code_stands_for_everything_that_stays(
    paid: Movement, change: dict[str, object]
) -> None:
    code = receipts.code(paid)

    paid.update_from_dict(change)

    assert receipts.code(paid) != code


async def _posted(command: ledger.Command) -> Movement:
    posted = await ledger.post(command)
    assert posted.movement is not None
    return posted.movement

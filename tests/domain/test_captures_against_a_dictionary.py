"""Any sequence of captures, voids and time does with the money what a dictionary would."""

from __future__ import annotations

import random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain import payments
from models.quotes import Capture
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.domain import shopping
from tests.domain.shopping import OVER, Deal


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    # Each try goes on in the database of the one before: making one small would find another.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(amount=st.integers(1, 1_000), numbers=st.lists(st.integers(0, 2**32), max_size=6))
async def test_no_sequence_of_steps_makes_or_loses_money(
    database: DatabaseUrls, amount: int, numbers: list[int]
) -> None:
    """Against a dictionary: what was authorised is captured, voided, or waits."""
    del database
    uid = uuid4().hex[:8]
    shop = await factories.merchant(await factories.person(f"mei-{uid}"))
    ada = await shopping.customer(f"ada-{uid}", holds=1_000)
    order = await factories.order(shop, amount, capture=Capture.LATER)
    one = Deal(shop, ada, order, (await ada.pays(order)).id)
    book = {"waiting": amount, "captured": 0, "voided": 0}

    for number in numbers:
        await _step(one, book, random.Random(number))
        assert await one.sums() == (amount, book["captured"], book["voided"])
        assert sum(book.values()) == amount
        captured = book["captured"]
        assert await one.money() == (1_000 - captured, book["waiting"], captured)


async def _step(one: Deal, book: dict[str, int], dice: random.Random) -> None:
    """One step of a merchant or of time, and the same in the dictionary."""
    waiting = book["waiting"]
    match dice.choice(["capture", "capture", "capture", "void", "expire"]):
        case "capture":
            amount = dice.choice([None, dice.randint(1, 500)])
            is_final = dice.random() < 0.4
            wanted = waiting if amount is None else amount
            if waiting and wanted <= waiting:
                await one.captures(amount, is_final=is_final)
                rest = waiting - wanted
                book["captured"] += wanted
                book["waiting"] = 0 if is_final else rest
                book["voided"] += rest if is_final else 0
            else:
                with pytest.raises((payments.CaptureExceeds, payments.NothingToCapture)):
                    await one.captures(amount, is_final=is_final)
        case "void" if waiting:
            await one.voids()
            book["voided"], book["waiting"] = book["voided"] + waiting, 0
        case "void":
            with pytest.raises(payments.NothingToVoid):
                await one.voids()
        case _:
            await payments.expire(one.id, OVER)
            book["voided"], book["waiting"] = book["voided"] + waiting, 0

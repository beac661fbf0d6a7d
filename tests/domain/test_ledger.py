"""The books: what is posted, refused, replayed and held, against a real PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest

from domain import ledger
from domain.ledger import Outcome
from domain.money import MinorUnits
from models.movements import MovementKind, MovementStatus
from models.people import Person
from models.postings import Entry
from models.streams import StreamEvent
from models.wallets import Account
from tests import factories
from tests.factories import balances, some_key
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


def transfer(payer: Person, source: Account, target: Account, amount: int) -> ledger.Order:
    return ledger.Order(
        kind=MovementKind.TRANSFER,
        person_id=payer.id,
        source_id=source.id,
        target_id=target.id,
        amount=MinorUnits(amount),
        currency=source.currency,
    )


async def test_a_payment_moves_the_money_and_tells_both_sides() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=1_000), await factories.wallet(bob)

    posted = await ledger.post(
        ledger.pay(transfer(ada, source, target, 300), key=some_key(ada.id), at=NOON)
    )

    assert posted.outcome is Outcome.DONE
    assert posted.movement is not None
    assert posted.movement.status is MovementStatus.COMPLETED
    assert await balances(source, target) == [700, 300]
    assert [(e.seq, e.status) for e in await StreamEvent.filter(stream_id=target.id)] == [
        (1, "completed")
    ]
    assert [
        e.balance_after for e in await Entry.filter(account_id=source.id).order_by("version")
    ] == [1_000, 700]


async def test_too_little_money_is_recorded_as_a_failure_and_moves_nothing() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=100), await factories.wallet(bob)
    key = some_key(ada.id)

    posted = await ledger.post(ledger.pay(transfer(ada, source, target, 300), key=key, at=NOON))
    again = await ledger.post(ledger.pay(transfer(ada, source, target, 300), key=key, at=NOON))

    assert (posted.outcome, posted.code, posted.missing) == (
        Outcome.FAILED,
        "INSUFFICIENT_FUNDS",
        200,
    )
    assert again.outcome is Outcome.REPLAYED
    assert again.movement == posted.movement
    assert await balances(source, target) == [100, 0]
    assert await StreamEvent.filter(stream_id=target.id).count() == 0


async def test_one_balance_spent_twenty_times_at_once_is_spent_once() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source, target = await factories.wallet(ada, holds=100), await factories.wallet(bob)

    answers = await asyncio.gather(
        *(
            ledger.post(
                ledger.pay(transfer(ada, source, target, 100), key=some_key(ada.id), at=NOON)
            )
            for _ in range(20)
        )
    )

    assert sorted(answer.outcome for answer in answers) == ["done"] + ["failed"] * 19
    assert await balances(source, target) == [0, 100]

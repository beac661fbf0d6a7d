"""Money set aside: captured in whole or in part, let go, expired, and never twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from domain import ledger
from domain.chart import house_account
from domain.ledger import Outcome
from domain.money import MinorUnits
from models.jobs import Job
from models.movements import Hold, Movement, MovementStatus
from models.postings import Posting, PostingKind
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books, orders
from tests.factories import balances, some_key
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def two_wallets() -> tuple[Account, Account]:
    """Ada's, with 100 in it, and bob's."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    return await factories.wallet(ada, holds=100), await factories.wallet(bob)


async def again(movement: Movement, held: Hold) -> tuple[Movement, Hold]:
    """Both as they stand now."""
    return await Movement.get(id=movement.id), await Hold.get(id=held.id)


async def test_money_set_aside_is_still_there_and_cannot_be_spent() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)

    spent = await ledger.post(orders.pay(source, target, 41))

    wallet = await Account.get(id=source.id)
    assert movement.status is MovementStatus.PENDING
    assert (wallet.balance, wallet.held, wallet.available) == (100, 60, 40)
    assert (spent.outcome, spent.code, spent.missing) == (Outcome.FAILED, "FUNDS_ON_HOLD", 1)
    assert held.remaining == 60
    await books.assert_sound()


async def test_a_hold_larger_than_what_is_left_sets_nothing_aside_and_asks_nobody_later() -> None:
    source, target = await two_wallets()
    await orders.placed(source, target, 60)
    job = ("settle_transfer", NOON + timedelta(hours=2))

    posted = await ledger.post(
        ledger.hold(
            orders.transfer(source, target, 41),
            key=some_key(),
            at=NOON,
            expires_at=NOON + orders.WEEK,
            arrives_at=NOON + timedelta(hours=2),
            job=job,
        )
    )

    assert (posted.outcome, posted.code, posted.missing) == (
        Outcome.FAILED,
        "FUNDS_ON_HOLD",
        1,
    )
    assert posted.movement is not None
    assert posted.movement.arrives_at is None
    assert await Hold.filter(movement_id=posted.movement.id).count() == 0
    assert await Job.filter(subject_id=posted.movement.id).count() == 0
    assert (await Account.get(id=source.id)).held == 60
    await books.assert_sound()


async def test_a_capture_of_all_pays_the_payee_and_the_fee() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60, fee=5)
    fees = await Account.get(id=house_account(AccountKind.FEES, "CNY"))

    posted = await ledger.post(
        ledger.capture(movement, held, key=some_key(), at=NOON, fees_id=fees.id)
    )

    assert posted.movement is not None
    assert posted.movement.status is MovementStatus.COMPLETED
    assert await balances(source, target, fees) == [35, 60, 5]
    assert (await Account.get(id=source.id)).held == 0
    await books.assert_sound()


async def test_a_final_capture_of_a_part_lets_the_rest_go() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)

    await ledger.post(
        ledger.capture(movement, held, key=some_key(), at=NOON, amount=MinorUnits(20))
    )

    movement, held = await again(movement, held)
    assert movement.status is MovementStatus.COMPLETED
    assert (held.captured, held.released, held.remaining) == (20, 40, 0)
    assert await balances(source, target) == [80, 20]
    await books.assert_sound()


async def test_parts_can_be_captured_to_the_last_unit_and_the_payment_then_completed() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)

    for part in (25, 35):
        await ledger.post(
            ledger.capture(
                movement, held, key=some_key(), at=NOON, amount=MinorUnits(part), is_final=False
            )
        )
        movement, held = await again(movement, held)
        assert movement.status is MovementStatus.PENDING
    last = await ledger.post(ledger.capture(movement, held, key=some_key(), at=NOON))

    assert last.movement is not None
    assert last.movement.status is MovementStatus.COMPLETED
    assert await balances(source, target) == [40, 60]
    assert await Posting.filter(movement_id=movement.id, kind=PostingKind.CAPTURE).count() == 2
    await books.assert_sound()


async def test_a_hold_captured_to_the_last_unit_can_be_released() -> None:
    """As the clock does when a hold expires, whatever has been captured meanwhile."""
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    await ledger.post(
        ledger.capture(
            movement, held, key=some_key(), at=NOON, amount=MinorUnits(60), is_final=False
        )
    )
    movement, held = await again(movement, held)

    posted = await ledger.post(
        ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.COMPLETED)
    )

    assert posted.outcome is Outcome.DONE
    assert await balances(source, target) == [40, 60]
    await books.assert_sound()


@pytest.mark.parametrize("is_final", [True, False])
async def test_a_capture_of_more_than_remains_breaks_and_moves_nothing(is_final: bool) -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    before = await books.picture()

    with pytest.raises(asyncpg.CheckViolationError):
        await ledger.post(
            ledger.capture(
                movement,
                held,
                key=some_key(),
                at=NOON,
                amount=MinorUnits(61),
                is_final=is_final,
            )
        )

    assert await books.picture() == before


async def test_a_hold_is_captured_until_the_instant_it_expires_and_not_then() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    key, before = some_key(), await books.picture()

    late = await ledger.post(ledger.capture(movement, held, key=key, at=held.expires_at))
    unchanged = await books.picture()
    just_in_time = await ledger.post(
        ledger.capture(movement, held, key=key, at=held.expires_at - timedelta(microseconds=1))
    )

    assert (late.outcome, late.code) == (Outcome.REFUSED, "HOLD_EXPIRED")
    assert unchanged == before
    assert just_in_time.outcome is Outcome.DONE
    await books.assert_sound()


async def test_an_expired_hold_still_goes_back() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)

    posted = await ledger.post(
        ledger.release(
            movement,
            held,
            key=some_key(),
            at=held.expires_at + timedelta(days=1),
            to=MovementStatus.FAILED,
            failure_code="HOLD_EXPIRED",
        )
    )

    assert posted.movement is not None
    assert (posted.movement.status, posted.movement.failure_code) == ("failed", "HOLD_EXPIRED")
    assert (await Account.get(id=source.id)).available == 100
    await books.assert_sound()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"freeze_level": 1}, "ACCOUNT_FROZEN_BY_USER"),
        ({"freeze_level": 2}, "ACCOUNT_RESTRICTED"),
        ({"freeze_level": 3}, "ACCOUNT_RESTRICTED"),
        ({"closed_at": NOON}, "ACCOUNT_CLOSED"),
    ],
)
async def test_a_capture_waits_while_nothing_may_leave_the_wallet(
    change: dict[str, object], code: str
) -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    await Account.filter(id=source.id).update(**change)
    before, key = await books.picture(), some_key()

    refused = await ledger.post(ledger.capture(movement, held, key=key, at=NOON))
    unchanged = await books.picture()
    await Account.filter(id=source.id).update(freeze_level=0, closed_at=None)
    done = await ledger.post(ledger.capture(movement, held, key=key, at=NOON))

    assert (refused.outcome, refused.code) == (Outcome.REFUSED, code)
    assert unchanged == before
    assert done.outcome is Outcome.DONE
    assert await balances(source, target) == [40, 60]


async def test_a_frozen_wallet_lets_a_hold_go_back_and_takes_what_a_provider_has_taken() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    recorded = await ledger.post(ledger.record(orders.top_up(source, 30), key=some_key(), at=NOON))
    await Account.filter(id=source.id).update(freeze_level=3)

    released = await ledger.post(
        ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED)
    )
    assert recorded.movement is not None
    landed = await ledger.post(ledger.settle(recorded.movement, key=some_key(), at=NOON))

    assert (released.outcome, landed.outcome) == (Outcome.DONE, Outcome.DONE)
    assert await balances(source, target) == [130, 0]
    await books.assert_sound()


async def test_a_hold_captured_twice_at_once_pays_once_and_leaves_the_second_key_unused() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    one, other = some_key(key="one"), some_key(key="other")

    answers = await asyncio.gather(
        *(ledger.post(ledger.capture(movement, held, key=key, at=NOON)) for key in (one, other))
    )
    reused = await ledger.post(orders.pay(source, target, 1, key=other))

    assert [answer.outcome for answer in answers] == [Outcome.DONE, Outcome.STALE]
    assert reused.outcome is Outcome.DONE
    assert await balances(source, target) == [39, 61]
    await books.assert_sound()


async def test_parts_captured_at_once_from_the_same_reading_are_captured_once() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)

    answers = await asyncio.gather(
        *(
            ledger.post(
                ledger.capture(
                    movement, held, key=some_key(), at=NOON, amount=MinorUnits(20), is_final=False
                )
            )
            for _ in range(5)
        )
    )

    assert sorted(answer.outcome for answer in answers) == [Outcome.DONE, *[Outcome.STALE] * 4]
    assert await balances(source, target) == [80, 20]
    await books.assert_sound()


@pytest.mark.parametrize("first", ["capture", "release"])
async def test_a_hold_is_captured_or_released_but_never_both(first: str) -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 60)
    commands = [
        ledger.capture(movement, held, key=some_key(), at=NOON),
        ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED),
    ]

    answers = await asyncio.gather(
        *map(ledger.post, commands if first == "capture" else reversed(commands))
    )

    assert [answer.outcome for answer in answers] == [Outcome.DONE, Outcome.STALE]
    assert await balances(source, target) == ([40, 60] if first == "capture" else [100, 0])
    await books.assert_sound()


async def test_a_status_changed_from_an_old_reading_is_stale_and_its_key_still_good() -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    recorded = await ledger.post(ledger.record(orders.top_up(wallet, 30), key=some_key(), at=NOON))
    assert recorded.movement is not None
    await ledger.post(
        ledger.mark(recorded.movement, MovementStatus.UNKNOWN, key=some_key(), at=NOON)
    )
    key, before = some_key(), await books.picture()

    stale = await ledger.post(
        ledger.mark(recorded.movement, MovementStatus.CANCELLED, key=key, at=NOON)
    )
    unchanged = await books.picture()
    fresh = await Movement.get(id=recorded.movement.id)
    settled = await ledger.post(ledger.settle(fresh, key=key, at=NOON))

    assert stale.outcome is Outcome.STALE
    assert stale.movement == fresh
    assert unchanged == before
    assert settled.outcome is Outcome.DONE
    assert await balances(wallet) == [30]
    await books.assert_sound()

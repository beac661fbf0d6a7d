"""Limits that people set themselves: lower at once, higher only after a day and a proof."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from domain import fresh_proofs, ledger, own_limits
from domain.amounts import AmountInvalid, CurrencyMismatch
from domain.refusals import NotFound
from domain.sessions import Identity
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.jobs import Job
from models.limits import OwnLimitKind, OwnLimitRaise
from models.security_events import EventKind, SecurityEvent
from models.wallets import Account
from tests import factories
from tests.domain import books, orders
from tests.domain.registers import identity_of
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

DAY = OwnLimitKind.DAY
TOMORROW = NOON + own_limits.RAISE_WAITS


async def ada_with_money() -> tuple[Identity, Account]:
    """Ada, who has just proved who she is, and her wallet."""
    person = await factories.person("ada")
    return await identity_of(person), await factories.wallet(person, holds=1_000)


async def set_day(
    by: Identity, wallet: Account, amount: int | None, now: datetime = NOON
) -> own_limits.Set:
    return await own_limits.set_limit(
        by=by, wallet_id=wallet.id, kind=DAY, amount=amount, currency="CNY", now=now
    )


async def own_day(wallet: Account) -> int | None:
    return (await Account.get(id=wallet.id)).own_day


async def kinds() -> list[EventKind]:
    return [row.kind for row in await SecurityEvent.all().order_by("at", "id")]


async def test_a_lower_limit_holds_at_once_and_needs_no_proof() -> None:
    by, wallet = await ada_with_money()
    bob = await factories.wallet(await factories.person("bob"))
    late = NOON + timedelta(hours=1)

    first = await set_day(by, wallet, 500, late)
    second = await set_day(by, wallet, 0, late)

    assert (first.wallet.own_day, second.wallet.own_day, second.asked) == (500, 0, None)
    posted = await ledger.post(orders.pay(wallet, bob, 1, day=NOON.date()))
    assert (posted.code, posted.missing) == ("LIMIT_SELF_SET", 1)
    assert await kinds() == [EventKind.LIMIT_LOWERED, EventKind.LIMIT_LOWERED]
    await books.assert_sound()


@pytest.mark.parametrize("amount", [501, None])
async def test_a_higher_limit_or_none_holds_after_a_day(amount: int | None) -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    clock = Clock()

    asked = (await set_day(by, wallet, amount)).asked
    before = await own_day(wallet)
    clock.now = TOMORROW - timedelta(seconds=1)
    await Worker(registry(Wires()), clock=clock).run_due()
    too_early = await own_day(wallet)
    clock.now = TOMORROW
    await Worker(registry(Wires()), clock=clock).run_due()

    assert asked is not None
    assert (asked.amount, asked.due_at) == (amount, TOMORROW)
    assert (before, too_early, await own_day(wallet)) == (500, 500, amount)
    assert (await OwnLimitRaise.get()).applied_at == TOMORROW
    assert await kinds() == [
        EventKind.LIMIT_LOWERED,
        EventKind.LIMIT_RAISE_ASKED,
        EventKind.LIMIT_RAISED,
    ]


async def test_a_higher_limit_needs_a_fresh_proof() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)

    with pytest.raises(fresh_proofs.ProofNeeded):
        await set_day(by, wallet, 501, NOON + timedelta(minutes=11))

    assert await own_day(wallet) == 500
    assert await OwnLimitRaise.all().count() == 0
    assert await Job.filter(kind=own_limits.RAISE_JOB).count() == 0


async def test_a_raise_asked_for_again_does_not_wait_anew() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    first = (await set_day(by, wallet, 800)).asked

    again = (await set_day(by, wallet, 800, NOON + timedelta(minutes=5))).asked

    assert first is not None
    assert again is not None
    assert (again.id, again.due_at) == (first.id, TOMORROW)
    assert (await kinds()).count(EventKind.LIMIT_RAISE_ASKED) == 1


async def test_another_raise_takes_the_place_of_the_first_and_waits_its_own_day() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    await set_day(by, wallet, 600)
    clock = Clock()

    await set_day(by, wallet, 900, NOON + timedelta(minutes=5))
    clock.now = TOMORROW
    await Worker(registry(Wires()), clock=clock).run_due()

    assert await own_day(wallet) == 500
    clock.advance(minutes=5)
    await Worker(registry(Wires()), clock=clock).run_due()
    assert await own_day(wallet) == 900


@pytest.mark.parametrize("amount", [400, 500])
async def test_a_lower_limit_or_the_same_voids_a_raise_that_waits(amount: int) -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    asked = (await set_day(by, wallet, 800)).asked
    assert asked is not None

    await set_day(by, wallet, amount)
    await own_limits.apply_raise(asked.id, TOMORROW)

    assert await own_day(wallet) == amount
    assert (await OwnLimitRaise.get()).withdrawn_at == NOON


async def test_a_raise_can_be_withdrawn_once() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    asked = (await set_day(by, wallet, None)).asked
    assert asked is not None

    await own_limits.withdraw_raise(by=by, wallet_id=wallet.id, kind=DAY, now=NOON)
    with pytest.raises(own_limits.NoRaiseOpen):
        await own_limits.withdraw_raise(by=by, wallet_id=wallet.id, kind=DAY, now=NOON)
    await own_limits.apply_raise(asked.id, TOMORROW)

    assert await own_day(wallet) == 500


async def test_a_raise_and_its_withdrawal_at_once_end_one_way() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    asked = (await set_day(by, wallet, 800)).asked
    assert asked is not None

    _, withdrawn = await asyncio.gather(
        own_limits.apply_raise(asked.id, TOMORROW),
        own_limits.withdraw_raise(by=by, wallet_id=wallet.id, kind=DAY, now=TOMORROW),
        return_exceptions=True,
    )

    is_refused = isinstance(withdrawn, own_limits.NoRaiseOpen)
    assert await own_day(wallet) == (800 if is_refused else 500)
    row = await OwnLimitRaise.get()
    assert (row.applied_at is None) != (row.withdrawn_at is None)


async def test_ten_raises_asked_for_at_once_leave_one_that_waits() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)

    await asyncio.gather(*(set_day(by, wallet, 600 + number) for number in range(10)))

    waiting = await OwnLimitRaise.filter(applied_at__isnull=True, withdrawn_at__isnull=True)
    assert len(waiting) == 1
    assert await own_day(wallet) == 500


async def test_a_raise_applied_twice_is_applied_once() -> None:
    by, wallet = await ada_with_money()
    await set_day(by, wallet, 500)
    asked = (await set_day(by, wallet, 800)).asked
    assert asked is not None

    await own_limits.apply_raise(asked.id, TOMORROW)
    await set_day(by, wallet, 100, TOMORROW)
    await own_limits.apply_raise(asked.id, TOMORROW)

    assert await own_day(wallet) == 100
    assert (await kinds()).count(EventKind.LIMIT_RAISED) == 1


async def test_what_cannot_be_a_limit_is_refused_and_changes_nothing() -> None:
    by, wallet = await ada_with_money()
    stranger = await identity_of(await factories.person("eve"))

    for amount in (-1, 2**53):
        with pytest.raises(AmountInvalid):
            await set_day(by, wallet, amount)
    with pytest.raises(CurrencyMismatch):
        await own_limits.set_limit(
            by=by, wallet_id=wallet.id, kind=DAY, amount=5, currency="JPY", now=NOON
        )
    with pytest.raises(NotFound):
        await set_day(stranger, wallet, 5)
    with pytest.raises(NotFound):
        await own_limits.withdraw_raise(by=stranger, wallet_id=wallet.id, kind=DAY, now=NOON)

    assert await own_day(wallet) is None
    assert await kinds() == []

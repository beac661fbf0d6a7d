"""How much may leave a wallet: counted with the posting, given back when nothing left after all."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import ledger, limits, own_limits
from domain.ledger import Outcome, wire
from domain.limits import SetBy, policies
from domain.limits.policies import Allowance
from domain.money import MinorUnits
from models.database import client
from models.limits import LimitKind, OwnLimitKind
from models.movements import Movement, MovementStatus
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.domain import books, orders
from tests.domain.registers import identity_of
from tests.factories import balances, some_key
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
UTC_ZONE = "UTC"


async def allow(currency: str = "CNY", *, level: int = 0, **allowance: int) -> None:
    await policies.install({(level, currency): Allowance(**allowance)})


async def two_wallets(*, holds: int = 10_000, currency: str = "CNY") -> tuple[Account, Account]:
    """Ada's, with money in it, and bob's."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    source = await factories.wallet(ada, currency=currency, holds=holds)
    return source, await factories.wallet(bob, currency=currency)


async def fresh(wallet: Account) -> Account:
    return await Account.get(id=wallet.id)


async def posted(
    source: Account, target: Account, amount: int, day: date = TODAY, *, fee: int = 0
) -> tuple[Outcome, str | None, int | None]:
    answer = await ledger.post(orders.pay(source, target, amount, day=day, fee=fee))
    return answer.outcome, answer.code, answer.missing


DONE = (Outcome.DONE, None, None)


@pytest.mark.parametrize(
    ("allowance", "amounts", "code", "missing"),
    [
        ({"single": 99}, [100], "LIMIT_PER_PAYMENT", 1),
        ({"day": 250}, [100, 100, 100], "LIMIT_DAY", 50),
        ({"month": 250}, [100, 100, 100], "LIMIT_MONTH", 50),
        ({"year": 250}, [100, 100, 100], "LIMIT_YEAR", 50),
        ({"payments_per_day": 2}, [1, 1, 1], "LIMIT_COUNT", None),
        ({"single": 0}, [1], "IDENTITY_REQUIRED", 1),
        # The first that stands against it.
        ({"single": 99, "day": 50, "payments_per_day": 0}, [100], "LIMIT_PER_PAYMENT", 1),
        ({"payments_per_day": 1, "day": 50}, [40, 40], "LIMIT_COUNT", None),
    ],
)
async def test_a_payment_that_would_pass_a_limit_is_recorded_as_failed_and_moves_nothing(
    allowance: dict[str, int], amounts: Sequence[int], code: str, missing: int | None
) -> None:
    source, target = await two_wallets()
    await allow("CNY", **allowance)

    answers = [await posted(source, target, amount) for amount in amounts]

    assert answers == [DONE] * (len(amounts) - 1) + [(Outcome.FAILED, code, missing)]
    spent = sum(amounts[:-1])
    assert await balances(source, target) == [10_000 - spent, spent]
    failed = await Movement.get(failure_code=code)
    assert (failed.counted_on, failed.failure_missing) == (None, missing)
    assert (await fresh(source)).spent_day == spent
    await books.assert_sound()


async def test_exactly_the_limit_can_be_paid_with_its_fee() -> None:
    source, target = await two_wallets()
    await allow(single=107, day=107)

    assert await posted(source, target, 101, fee=7) == (Outcome.FAILED, "LIMIT_PER_PAYMENT", 1)
    assert await posted(source, target, 100, fee=7) == DONE
    assert await posted(source, target, 1) == (Outcome.FAILED, "LIMIT_DAY", 1)


async def test_what_is_missing_is_said_before_a_limit_is() -> None:
    source, target = await two_wallets(holds=10)
    await allow(single=5)

    assert await posted(source, target, 11) == (Outcome.FAILED, "INSUFFICIENT_FUNDS", 1)
    assert await posted(source, target, 10) == (Outcome.FAILED, "LIMIT_PER_PAYMENT", 5)


async def test_a_payment_that_counts_for_nothing_passes_every_limit() -> None:
    source, target = await two_wallets()
    await allow(single=0, day=0)

    answer = await ledger.post(orders.pay(source, target, 500))

    assert answer.outcome is Outcome.DONE
    assert (await fresh(source)).spent_on is None


async def test_twenty_payments_at_once_against_a_limit_for_ten_are_ten() -> None:
    source, target = await two_wallets()
    await allow(day=1_000)

    answers = await asyncio.gather(*(posted(source, target, 100) for _ in range(20)))

    assert Counter(code for _, code, _ in answers) == {None: 10, "LIMIT_DAY": 10}
    assert await balances(source, target) == [9_000, 1_000]
    await books.assert_sound()


async def test_twenty_decisions_at_once_against_a_limit_for_ten_payments_are_ten() -> None:
    source, target = await two_wallets()
    await allow(payments_per_day=10)

    async def alone() -> str | None:
        async with client().pool.acquire() as connection:
            [answer] = await wire.send(connection, [orders.pay(source, target, 1, day=TODAY)])
        return answer.code

    codes = await asyncio.gather(*(alone() for _ in range(20)))

    assert Counter(codes) == {None: 10, "LIMIT_COUNT": 10}
    await books.assert_sound()


async def test_a_batch_counts_in_its_order_and_passes_over_what_it_refuses() -> None:
    source, target = await two_wallets()
    other = await factories.wallet(await factories.person("eve"), holds=500)
    await allow(day=250)
    wanted = [(source, 200), (other, 200), (source, 100), (source, 50), (other, 51), (other, 50)]

    async with client().pool.acquire() as connection:
        answers = await wire.send(
            connection, [orders.pay(payer, target, amount, day=TODAY) for payer, amount in wanted]
        )

    assert [answer.code for answer in answers] == [None, None, "LIMIT_DAY", None, "LIMIT_DAY", None]
    assert [answer.missing for answer in answers] == [None, None, 50, None, 1, None]
    assert (await fresh(source)).spent_day == (await fresh(other)).spent_day == 250
    await books.assert_sound()


async def test_money_set_aside_counts_and_comes_back_when_it_is_cancelled() -> None:
    source, target = await two_wallets()
    await allow(day=250, payments_per_day=2)
    movement, held = await orders.placed(source, target, 200, day=TODAY)
    refused = await posted(source, target, 100)

    await ledger.post(
        ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED)
    )

    assert refused == (Outcome.FAILED, "LIMIT_DAY", 50)
    wallet = await fresh(source)
    assert (wallet.spent_day, wallet.spent_month, wallet.spent_year) == (0, 0, 0)
    assert wallet.payments_day == 0
    assert await posted(source, target, 250) == DONE
    await books.assert_sound()


async def test_what_a_capture_lets_go_comes_back_and_the_payment_still_counts() -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 200, day=TODAY)

    await ledger.post(
        ledger.capture(movement, held, key=some_key(), at=NOON, amount=MinorUnits(120))
    )

    wallet = await fresh(source)
    assert (wallet.spent_day, wallet.spent_year, wallet.payments_day) == (120, 120, 1)
    await books.assert_sound()


async def test_two_who_cancel_at_once_give_back_once() -> None:
    source, target = await two_wallets()
    await ledger.post(orders.pay(source, target, 70, day=TODAY))
    movement, held = await orders.placed(source, target, 200, day=TODAY)

    def released() -> ledger.Command:
        return ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED)

    answers = await asyncio.gather(ledger.post(released()), ledger.post(released()))

    assert sorted(answer.outcome for answer in answers) == [Outcome.DONE, Outcome.STALE]
    assert (await fresh(source)).spent_day == 70
    await books.assert_sound()


@pytest.mark.parametrize("days", [1, 40, 400])
async def test_what_comes_back_later_comes_back_to_the_periods_it_was_counted_in(
    days: int,
) -> None:
    source, target = await two_wallets()
    movement, held = await orders.placed(source, target, 200, day=TODAY)
    later = TODAY + timedelta(days=days)
    await posted(source, target, 10, later)

    await ledger.post(
        ledger.release(movement, held, key=some_key(), at=NOON, to=MovementStatus.CANCELLED)
    )

    wallet = await fresh(source)
    assert (wallet.spent_day, wallet.spent_month, wallet.spent_year) == (10, 10, 10)
    assert (wallet.spent_on, wallet.payments_day) == (later, 1)
    await books.assert_sound()


async def test_days_months_and_years_begin_anew() -> None:
    source, target = await two_wallets()
    await allow(day=100, month=250, year=400)
    days = [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1)]

    seen = []
    for day in days:
        assert await posted(source, target, 100, day) == DONE
        wallet = await fresh(source)
        seen.append((wallet.spent_day, wallet.spent_month, wallet.spent_year))

    assert seen == [(100, 100, 100), (100, 200, 200), (100, 100, 300), (100, 100, 100)]
    await books.assert_sound()


async def test_whoever_travels_west_gets_no_second_day() -> None:
    source, target = await two_wallets()
    await allow(day=100)
    await posted(source, target, 100, TODAY)

    again = await posted(source, target, 1, TODAY - timedelta(days=1))

    assert again == (Outcome.FAILED, "LIMIT_DAY", 1)
    assert (await fresh(source)).spent_on == TODAY


@pytest.mark.parametrize(("currency", "limit"), [("JPY", 1_234), ("KWD", 1_234_567)])
async def test_a_limit_is_in_the_minor_units_of_its_currency(currency: str, limit: int) -> None:
    source, target = await two_wallets(holds=2_000_000, currency=currency)
    await allow(currency, day=limit)

    assert await posted(source, target, limit + 1) == (Outcome.FAILED, "LIMIT_DAY", 1)
    assert await posted(source, target, limit) == DONE


async def test_a_level_opens_limits_and_keeps_what_was_spent() -> None:
    source, target = await two_wallets()
    await allow(day=100)
    await allow(level=2, day=300)
    await posted(source, target, 100)
    assert source.owner_id is not None

    await limits.apply_level(source.owner_id, 2)

    assert (await Person.get(id=source.owner_id)).level == 2
    assert await posted(source, target, 201) == (Outcome.FAILED, "LIMIT_DAY", 1)
    assert await posted(source, target, 200) == DONE


async def test_preview_and_posting_say_the_same() -> None:
    source, target = await two_wallets()
    await allow(single=300, day=350, payments_per_day=5)
    await posted(source, target, 100)
    await Account.filter(id=source.id).update(own_day=320)
    wallet = await fresh(source)

    for amount in (220, 221, 250, 251, 301):
        try:
            await limits.check_can_spend(wallet, MinorUnits(amount), NOON, UTC_ZONE)
            seen = None
        except limits.EXCEEDED as refusal:
            seen = (type(refusal), refusal.missing)
        answer = await _asked(orders.pay(source, target, amount, day=TODAY))
        told = None if answer.code is None else (REFUSALS[answer.code], answer.missing)
        assert seen == told, amount


REFUSALS = {
    "LIMIT_PER_PAYMENT": limits.SingleLimitExceeded,
    "LIMIT_DAY": limits.DayLimitExceeded,
    "LIMIT_SELF_SET": limits.OwnLimitExceeded,
}


async def _asked(command: ledger.Command) -> ledger.Posted:
    """What the ledger would answer; nothing is posted."""
    async with client().pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        [answer] = await wire.send(connection, [command])
        await transaction.rollback()
    return answer


async def test_a_standing_says_what_is_used_what_remains_and_what_will_be() -> None:
    source, target = await two_wallets()
    await allow(single=300, day=400, payments_per_day=3)
    await posted(source, target, 150)
    await Account.filter(id=source.id).update(own_month=200)

    standing = await limits.standing(await fresh(source), NOON, UTC_ZONE)
    after = [each.after(MinorUnits(60)) for each in standing]

    seen = [(each.set_by, each.kind, each.limit, each.used, each.remaining) for each in standing]
    assert seen == [
        (SetBy.POLICY, LimitKind.SINGLE, 300, 0, 300),
        (SetBy.POLICY, LimitKind.PAYMENTS_PER_DAY, 3, 1, 2),
        (SetBy.POLICY, LimitKind.DAY, 400, 150, 250),
        (SetBy.YOU, LimitKind.MONTH, 200, 150, 50),
    ]
    assert [each.remaining for each in after] == [300, 1, 190, 0]
    next_day = await limits.standing(await fresh(source), NOON + timedelta(days=1), UTC_ZONE)
    assert [each.used for each in next_day] == [0, 0, 0, 150]


async def test_a_limit_lowered_while_payments_fly_lets_none_through_after_it() -> None:
    source, target = await two_wallets()
    by = await identity_of(await Person.get(id=source.owner_id))

    async def lowers() -> None:
        await own_limits.set_limit(
            by=by,
            wallet_id=source.id,
            kind=OwnLimitKind.SINGLE,
            amount=0,
            currency="CNY",
            now=NOON,
        )

    before = await asyncio.gather(*(posted(source, target, 10) for _ in range(10)), lowers())
    after = await asyncio.gather(*(posted(source, target, 10) for _ in range(10)))

    told = Counter(answer[1] for answer in before if answer is not None)
    assert set(told) <= {None, "LIMIT_SELF_SET"}
    assert {code for _, code, _ in after} == {"LIMIT_SELF_SET"}
    assert await balances(target) == [10 * told[None]]
    await books.assert_sound()


async def test_a_failed_batch_neighbour_leaves_the_counters_of_others_alone() -> None:
    source, target = await two_wallets()
    poisoned = replace(orders.pay(source, target, 10, day=TODAY), currency=None)  # type: ignore[arg-type]

    answers = await asyncio.gather(
        ledger.post(orders.pay(source, target, 10, day=TODAY)),
        ledger.post(poisoned),
        ledger.post(orders.pay(source, target, 10, day=TODAY)),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    assert (await fresh(source)).spent_day == 20
    await books.assert_sound()

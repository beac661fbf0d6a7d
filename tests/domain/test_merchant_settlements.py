"""Merchants are settled: every entry once, fees as they were agreed, and a file that adds up."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import fees, ledger, merchant_settlements, provider_orders
from domain.chart import house_account
from domain.money import MinorUnits
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.payments import MerchantEvent, Payment
from models.people import Person
from models.providers import ProviderOrder
from models.quotes import Capture
from models.settlements import FeePayer, MerchantFee, Settlement
from models.wallets import Account, AccountKind
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
NIGHT = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(
    minutes=10
)


async def shop_with_fee(
    *, fixed: int = 0, rate: int = 0, payer: FeePayer = FeePayer.MERCHANT
) -> tuple[Merchant, Account, Account]:
    """A merchant, its account, and the wallet of somebody with money."""
    mei, ada = await factories.person("mei"), await factories.person("ada")
    shop = await factories.merchant(mei)
    await fee(mei, fixed=fixed, rate=rate, payer=payer)
    wallet = await factories.wallet(ada, holds=1_000_000)
    return shop, await Account.get(merchant_id=shop.id), wallet


async def fee(setter: Person, **facts: Any) -> MerchantFee:
    """A fee of everybody that was always in force."""
    ago = NOON - timedelta(days=400)
    known: dict[str, Any] = {
        "merchant_id": None,
        "currency": "CNY",
        "fixed": 0,
        "rate": 0,
        "since": ago,
    }
    return await MerchantFee.create(
        id=new_id(), set_by=setter.id, set_at=ago, **{"payer": FeePayer.MERCHANT, **known, **facts}
    )


async def pays(shop: Merchant, wallet: Account, amount: int) -> Payment:
    return await factories.payment(await factories.order(shop, amount), wallet)


async def gives_back(payment: Payment, amount: int, at: datetime = NOON) -> None:
    """The postings of a refund, without its row."""
    paid = await payment.movement()
    order = ledger.Order(
        kind=MovementKind.REFUND,
        person_id=paid.person_id,
        source_id=paid.target_id,
        target_id=paid.source_id,
        amount=MinorUnits(amount),
        currency=paid.currency,
        origin_id=paid.id,
    )
    posted = await ledger.post(ledger.pay(order, key=factories.some_key(), at=at))
    assert posted.outcome is ledger.Outcome.DONE, posted.code


async def file_of(settlement: Settlement) -> list[dict[str, str]]:
    """The file as somebody else reads it."""
    text = b"".join([part async for part in merchant_settlements.content(settlement)])
    return list(csv.DictReader(io.StringIO(text.decode("utf-8"), newline="")))


async def settled(account: Account, day: date = TODAY, now: datetime = NIGHT) -> Settlement:
    found = await merchant_settlements.settle(account.id, day, now)
    assert found is not None
    return found


async def test_a_day_is_settled_once_and_its_merchant_is_told() -> None:
    shop, account, wallet = await shop_with_fee(fixed=10, rate=6_000)
    first = await pays(shop, wallet, 10_000)
    await pays(shop, wallet, 333)
    await gives_back(first, 1_000)

    made = await settled(account)
    again = await settled(account)

    # 0.6 % and 10: 70 of the first, 11.998 of the second.
    assert again.id == made.id
    assert (made.opening, made.captured, made.refunded) == (0, 10_333, 1_000)
    assert (made.fees, made.closing, made.payout) == (70 + 12, 9_251, 0)
    fees_account = await Account.get(id=house_account(AccountKind.FEES, "CNY"))
    assert (fees_account.balance, (await Account.get(id=account.id)).balance) == (82, 9_251)
    told = await MerchantEvent.filter(type="settlement.created")
    assert [event.subject_id for event in told] == [made.id]


async def test_a_settlement_file_adds_up_for_whoever_reads_it() -> None:
    shop, account, wallet = await shop_with_fee(rate=15_000)
    for amount in (1, 99, 1_001, 5_050):
        await gives_back(await pays(shop, wallet, amount), 1)
    await settled(account)
    late = await factories.order(shop, 777, reference="=HYPERLINK(1)")
    await factories.payment(late, wallet)

    for settlement in (
        await Settlement.get(account_id=account.id),
        await settled(account, TODAY + timedelta(days=1), NIGHT + timedelta(days=1)),
    ):
        rows = await file_of(settlement)
        lines = [row for row in rows if row["line"]]
        opening, closing = rows[0], next(row for row in rows if row["type"] == "closing")
        carried = [row for row in rows if row["type"] == "fees_carried"]
        assert len(rows[0]) == 13
        assert int(opening["net_minor"]) + sum(
            int(row["net_minor"]) for row in [*lines, *carried]
        ) == int(closing["net_minor"])
        assert all(Decimal(row["net"]) * 100 == int(row["net_minor"]) for row in rows)
        assert [int(row["line"]) for row in lines] == list(range(1, len(lines) + 1))
        assert all(not row["reference"].startswith("=") for row in rows)
    assert int(closing["net_minor"]) == (await Account.get(id=account.id)).balance


async def test_what_comes_after_midnight_is_tomorrows() -> None:
    shop, account, wallet = await shop_with_fee()
    await pays(shop, wallet, 500)
    midnight = datetime.combine(TODAY + timedelta(days=1), datetime.min.time(), UTC)
    await gives_back(await pays(shop, wallet, 300), 100, at=midnight)

    today = await settled(account)
    tomorrow = await settled(account, TODAY + timedelta(days=1), NIGHT + timedelta(days=1))

    assert (today.captured, today.refunded, today.closing) == (800, 0, 800)
    assert (tomorrow.opening, tomorrow.captured, tomorrow.refunded) == (800, 0, 100)
    assert tomorrow.from_version == today.to_version


async def test_days_on_which_nobody_settled_are_in_the_next_settlement() -> None:
    shop, account, wallet = await shop_with_fee()
    await pays(shop, wallet, 500)
    await settled(account)
    await gives_back(await pays(shop, wallet, 300), 100, at=NOON + timedelta(days=1))

    late = await settled(account, TODAY + timedelta(days=4), NIGHT + timedelta(days=4))

    assert (late.opening, late.captured, late.refunded, late.closing) == (500, 300, 100, 700)
    assert await merchant_settlements.settle(account.id, TODAY + timedelta(days=2), NIGHT) is None


async def test_an_account_that_nothing_happened_to_is_not_settled() -> None:
    _, account, _ = await shop_with_fee()

    assert await merchant_settlements.settle(account.id, TODAY, NIGHT) is None

    assert await MerchantEvent.all().count() == 0


async def test_two_who_settle_one_account_settle_it_once() -> None:
    shop, account, wallet = await shop_with_fee(rate=10_000)
    await pays(shop, wallet, 10_000)

    answers = await asyncio.gather(
        *(merchant_settlements.settle(account.id, TODAY, NIGHT) for _ in range(4)),
        return_exceptions=True,
    )

    assert await Settlement.filter(account_id=account.id).count() == 1
    assert await Movement.filter(kind=MovementKind.FEE).count() == 1
    assert any(isinstance(answer, Settlement) for answer in answers)
    assert (await Account.get(id=account.id)).balance == 9_900


async def test_fees_that_an_account_cannot_pay_are_due_again() -> None:
    shop, account, wallet = await shop_with_fee(fixed=50)
    await gives_back(await pays(shop, wallet, 100), 80)

    short = await settled(account)
    await pays(shop, wallet, 1_000)
    later = await settled(account, TODAY + timedelta(days=1), NIGHT + timedelta(days=1))

    assert (short.fees_due, short.fees, short.closing) == (50, 20, 0)
    assert (later.fees_due, later.fees, later.closing) == (80, 80, 920)
    rows = {row["type"]: row for row in await file_of(later) if not row["line"]}
    assert rows["fees_carried"]["net_minor"] == "-30"


@pytest.fixture
def provider() -> Iterator[None]:
    """A provider is connected."""
    provider_orders.install("simulator")
    yield
    provider_orders.install(None)


@pytest.mark.usefixtures("provider")
async def test_what_was_settled_is_sent_to_the_merchants_bank() -> None:
    shop, account, wallet = await shop_with_fee(rate=10_000)
    bank = await factories.bank_account(shop)
    await pays(shop, wallet, 10_000)
    waiting = await factories.order(shop, 700, capture=Capture.LATER)
    await factories.payment(waiting, wallet)

    made = await settled(account)

    assert (made.fees, made.closing, made.payout) == (100, 9_900, 9_900)
    payout = await Movement.get(id=made.payout_id)
    assert (payout.kind, payout.status) == (MovementKind.PAYOUT, MovementStatus.PENDING)
    assert payout.target_id == house_account(AccountKind.PROVIDER_CLEARING, "CNY")
    assert (await ProviderOrder.get(movement_id=payout.id)).bank_account_id == bank.id
    assert await Job.filter(kind="submit_withdrawal", subject_id=payout.id).exists()
    assert (await Account.get(id=account.id)).available == 0


@pytest.mark.usefixtures("provider")
async def test_a_payout_that_is_on_its_way_is_not_sent_twice_and_counts_when_the_bank_has_it() -> (
    None
):
    shop, account, wallet = await shop_with_fee()
    await factories.bank_account(shop)
    await pays(shop, wallet, 10_000)
    first = await settled(account)

    tomorrow = TODAY + timedelta(days=1)
    second = await merchant_settlements.settle(account.id, tomorrow, NIGHT + timedelta(days=1))
    payout = await Movement.get(id=first.payout_id)
    held = await Hold.get(movement_id=payout.id)
    at = NIGHT + timedelta(days=1, hours=3)
    await ledger.post(
        ledger.capture(payout, held, key=factories.some_key(), at=at, is_guarded=False)
    )
    third = await settled(account, TODAY + timedelta(days=2), NIGHT + timedelta(days=2))

    assert (first.payout, second) == (10_000, None)
    assert (third.paid_out, third.closing, third.payout) == (10_000, 0, 0)


async def test_what_a_payment_costs_is_what_was_in_force_when_it_was_made() -> None:
    shop, account, wallet = await shop_with_fee(rate=10_000)
    mei = await Person.get(account_name="mei")
    await fee(mei, merchant_id=shop.id, rate=20_000, since=NOON + timedelta(seconds=1))
    table = await fees.table(shop.id, "CNY")
    before = table.of_merchant(1_000, NOON, is_paid=False)
    after = table.of_merchant(1_000, NOON + timedelta(hours=1), is_paid=False)
    await pays(shop, wallet, 1_000)

    made = await settled(account)

    assert (before, after, made.fees) == (10, 20, 10)


async def test_a_fee_the_customer_paid_costs_the_merchant_nothing() -> None:
    shop, account, wallet = await shop_with_fee(rate=10_000, payer=FeePayer.CUSTOMER)
    fee = await fees.for_payer(shop.id, 1_000, "CNY", NOON)
    await factories.payment(await factories.order(shop, 1_000), wallet, fee=fee)
    await pays(shop, wallet, 500)

    made = await settled(account)

    # Nobody asked the customer of the second one, as of one that is captured later.
    assert (fee, made.fees, made.closing) == (10, 5, 1_495)
    house = await Account.get(id=house_account(AccountKind.FEES, "CNY"))
    assert house.balance == 15


@given(amount=st.integers(1, 10**12), fixed=st.integers(0, 10**6), rate=st.integers(0, 200_000))
def test_a_fee_is_the_nearest_whole_unit_and_never_more_than_the_payment(
    amount: int, fixed: int, rate: int
) -> None:
    told = fees.cost(MerchantFee(fixed=fixed, rate=rate), amount)

    exact = fixed + Decimal(amount) * rate / 1_000_000
    assert told == min(exact.quantize(Decimal(1), rounding="ROUND_HALF_UP"), amount)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(
        st.lists(st.tuples(st.integers(1, 5_000), st.integers(0, 5_000)), max_size=3),
        min_size=1,
        max_size=5,
    ),
    fixed=st.integers(0, 90),
    off=st.sets(st.integers(0, 4)),
)
async def test_any_row_of_days_leaves_every_entry_in_one_settlement(
    days: list[list[tuple[int, int]]], fixed: int, off: set[int]
) -> None:
    name = f"p{new_id().hex[-12:]}"
    mei, ada = await factories.person(f"{name}m"), await factories.person(f"{name}a")
    shop = await factories.merchant(mei)
    await fee(mei, merchant_id=shop.id, fixed=fixed)
    account = await Account.get(merchant_id=shop.id)
    wallet = await factories.wallet(ada, holds=1_000_000)

    for number, payments in enumerate(days):
        at = NOON + timedelta(days=number)
        for amount, back in payments:
            payment = await pays(shop, wallet, amount)
            free = (await Account.get(id=account.id)).available
            if min(back, amount, free) > 0:
                await gives_back(payment, min(back, amount, free), at)
        if number not in off:
            day = TODAY + timedelta(days=number)
            await merchant_settlements.settle(account.id, day, NIGHT + timedelta(days=number))
    last_day = TODAY + timedelta(days=len(days))
    await merchant_settlements.settle(account.id, last_day, NIGHT + timedelta(days=len(days)))

    made = await Settlement.filter(account_id=account.id).order_by("day")
    runs = [(row.from_version, row.to_version) for row in made]
    assert [start for start, _ in runs[1:]] == [end for _, end in runs[:-1]]
    assert [row.opening for row in made[1:]] == [row.closing for row in made[:-1]]
    if made:
        assert made[-1].closing == (await Account.get(id=account.id)).balance
        assert runs[0][0] == 0

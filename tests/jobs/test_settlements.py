"""Merchants are settled by the clock, and paid out through a real provider in another process."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest

from domain import jobs, keys, merchant_settlements, reconciliation
from domain.decisions import decision
from jobs.worker import Worker
from models.cases import Case, CaseKind
from models.ids import new_id
from models.jobs import Job
from models.merchants import Merchant
from models.movements import Movement, MovementKind, MovementStatus
from models.payments import MerchantEvent
from models.settlements import Settlement
from models.statements import BookingKind, StatementDifference, StatementLine
from models.wallets import Account
from tests import factories
from tests.domain import books
from tests.domain.withdrawers import withdrawer
from tests.jobs.conftest import Clock
from tests.moments import NOON
from tests.services import Simulator

pytestmark = pytest.mark.usefixtures("database", "provider")

DAY = timedelta(days=1)


async def shop_that_took(amount: int) -> tuple[Merchant, Account]:
    """A merchant with a bank account, and what a customer has just paid it."""
    shop = await factories.merchant(await factories.person("mei"))
    await factories.bank_account(shop)
    wallet = await factories.wallet(await factories.person("ada"), holds=amount)
    await factories.payment(await factories.order(shop, amount), wallet)
    return shop, await Account.get(merchant_id=shop.id)


async def events_of(shop: Merchant) -> list[str]:
    told = await MerchantEvent.filter(merchant_id=shop.id).order_by("at", "id")
    return sorted(event.type for event in told if not event.type.startswith("payment."))


async def a_night_passes(clock: Clock, worker: Worker) -> None:
    """The clock goes on to the next day, past the time of settling; what is due is done."""
    tomorrow = (clock() + DAY).astimezone(UTC).replace(hour=0, minute=30)
    clock.advance(seconds=(tomorrow - clock()).total_seconds())
    await worker.run_due()


async def test_what_a_merchant_took_is_at_its_bank_after_the_night(
    worker: Worker, clock: Clock
) -> None:
    shop, account = await shop_that_took(10_000)
    await merchant_settlements.schedule(clock())

    await a_night_passes(clock, worker)

    settlement = await Settlement.get(account_id=account.id)
    payout = await Movement.get(id=settlement.payout_id)
    assert (settlement.day, settlement.payout) == (NOON.date(), 10_000)
    assert (payout.status, payout.amount) == (MovementStatus.COMPLETED, 10_000)
    assert await factories.balances(account) == [0]
    assert await events_of(shop) == ["payout.succeeded", "settlement.created", "settlement.paid"]
    await books.assert_sound()


async def test_a_payout_that_the_bank_declines_goes_out_with_the_next_settlement(
    worker: Worker, clock: Clock
) -> None:
    shop, account = await shop_that_took(10_101)
    await merchant_settlements.schedule(clock())
    await a_night_passes(clock, worker)
    declined = await Movement.get(kind=MovementKind.PAYOUT)
    assert (declined.status, declined.failure_code) == (MovementStatus.FAILED, "PROVIDER_DECLINED")
    assert await factories.balances(account) == [10_101]
    assert "payout.failed" in await events_of(shop)
    assert await Case.filter(kind=CaseKind.PAYOUT_FAILED, subject_id=declined.id).exists()

    again = await factories.wallet(await factories.person("bob"), holds=9)
    await factories.payment(await factories.order(shop, 9), again)
    await a_night_passes(clock, worker)

    later = await Settlement.filter(account_id=account.id).order_by("-day").first()
    assert later is not None
    assert (later.opening, later.captured, later.payout) == (10_101, 9, 10_110)
    assert await factories.balances(account) == [0]
    await books.assert_sound()


async def test_a_clock_that_was_off_for_days_settles_them_together(
    worker: Worker, clock: Clock
) -> None:
    _, account = await shop_that_took(10_000)
    await merchant_settlements.schedule(clock())

    clock.advance(seconds=4 * DAY.total_seconds())
    await worker.run_due()
    await a_night_passes(clock, worker)

    first, second = await Settlement.filter(account_id=account.id).order_by("day")
    assert (first.day, second.day) == (NOON.date(), NOON.date() + 4 * DAY)
    assert (first.payout, second.paid_out, second.closing) == (10_000, 10_000, 0)
    waiting = await Job.filter(kind=merchant_settlements.SCAN_JOB, done_at__isnull=True).get()
    assert waiting.due_at > clock()
    assert await factories.balances(account) == [0]


async def test_the_providers_statement_of_a_day_is_read_and_agrees(
    worker: Worker, clock: Clock
) -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws(300)
    await worker.run_due()
    today = datetime.now(UTC).date()

    await fetched(worker, clock, today)

    line = await StatementLine.get(order_id=withdrawal.id)
    assert (line.kind, line.amount, line.currency) == (BookingKind.PAYOUT, 300, "CNY")
    assert not await StatementDifference.filter(movement_id=withdrawal.id).exists()
    waiting = await Job.filter(kind=reconciliation.FETCH_JOB, done_at__isnull=True).get()
    assert waiting.due_at == (NOON + DAY).replace(hour=3)


async def test_a_spoilt_statement_is_four_cases_and_moves_no_money(
    worker: Worker, clock: Clock, provider_server: Simulator
) -> None:
    ada = await withdrawer()
    missing, doubled, changed = [await ada.withdraws(amount) for amount in (200, 203, 206)]
    # What we say was done is done on the provider's day, which is the machine's.
    today = datetime.now(UTC)
    clock.advance(seconds=(today - clock()).total_seconds())
    await worker.run_due()
    extra = {
        "reference": "bank-7",
        "order_id": None,
        "kind": "payout",
        "amount_minor": 9,
        "fee_minor": 0,
        "currency": "CNY",
        "booked_at": today.isoformat(),
    }
    for order_id, how, line in (
        (missing.id, "missing", {}),
        (doubled.id, "doubled", {}),
        (changed.id, "changed", {"amount_minor": 207}),
        (new_id(), "extra", extra),
    ):
        await control(provider_server, "statement", order_id=str(order_id), how=how, line=line)
    before = await ada.has()

    await fetched(worker, clock, today.date())

    found = await StatementDifference.filter(day=today.date())
    about = {(row.kind.value, row.reference) for row in found}
    assert {
        ("missing", str(missing.id)),
        ("doubled", str(doubled.id)),
        ("changed", str(changed.id)),
        ("extra", "bank-7"),
    } <= about
    cases = await Case.filter(kind=CaseKind.STATEMENT_DIFFERENCE)
    assert {case.subject_id for case in cases} == {row.id for row in found}
    assert await ada.has() == before


async def fetched(worker: Worker, clock: Clock, day: date) -> None:
    """The statement of a day is fetched now, as the desk may want it."""
    async with decision() as announce:
        await jobs.enqueue(
            announce,
            reconciliation.FETCH_JOB,
            subject_id=keys.SYSTEM,
            due_at=clock(),
            payload={"day": day.isoformat()},
        )
    await worker.run_due()


async def control(server: Simulator, path: str, **words: object) -> None:
    headers = {"Authorization": f"Bearer {server.secret}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        answer = await client.post(f"/control/{path}", json=words)
    assert answer.status_code == 200, answer.text

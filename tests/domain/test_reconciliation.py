"""A provider's statement is held against our books; what differs is a case, told once."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from domain import ledger, reconciliation
from domain.chart import house_account
from domain.money import MinorUnits
from domain.reconciliation import Booking
from models.cases import Case, CaseKind
from models.ids import new_id
from models.jobs import Job
from models.movements import Movement, MovementKind, MovementStatus
from models.providers import ProviderOrder
from models.statements import BookingKind, DifferenceKind, StatementDifference, StatementLine
from models.wallets import Account, AccountKind
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

TODAY = NOON.date()
PROVIDER = "simulator"


async def a_wallet() -> Account:
    return await factories.wallet(await factories.person("ada"))


async def top_up(wallet: Account, amount: int, *, is_done: bool = True) -> Movement:
    """Money from the provider, in its hands or landed."""
    assert wallet.owner_id is not None
    order = ledger.Order(
        kind=MovementKind.TOP_UP,
        person_id=wallet.owner_id,
        source_id=house_account(AccountKind.PROVIDER_CLEARING, "CNY"),
        target_id=wallet.id,
        amount=MinorUnits(amount),
        currency="CNY",
    )
    posted = await ledger.post(ledger.record(order, key=factories.some_key(), at=NOON))
    assert posted.movement is not None
    await ProviderOrder.create(
        movement_id=posted.movement.id, provider=PROVIDER, created_at=NOON, told_at=NOON
    )
    if not is_done:
        return posted.movement
    done = await ledger.post(ledger.settle(posted.movement, key=factories.some_key(), at=NOON))
    assert done.movement is not None
    return done.movement


def booked(order_id: UUID | None, amount: int, **changes: object) -> Booking:
    facts = {
        "reference": f"bank-{new_id().hex[:8]}",
        "order_id": order_id,
        "kind": BookingKind.CHARGE,
        "amount": amount,
        "fee": 0,
        "currency": "CNY",
        "booked_at": NOON,
        **changes,
    }
    return Booking(**facts)  # type: ignore[arg-type]


async def kept(*bookings: Booking, day: date = TODAY) -> list[tuple[str, str]]:
    """What is new, as kind and reference."""
    found = await reconciliation.keep(PROVIDER, day, bookings, NOON + timedelta(days=1))
    return sorted((each.kind.value, each.reference) for each in found)


async def looked_at() -> set[UUID]:
    jobs = await Job.filter(kind="look_at_provider_order")
    return {job.subject_id for job in jobs}


async def test_a_statement_that_says_what_we_say_tells_nothing() -> None:
    wallet = await a_wallet()
    first, second = await top_up(wallet, 100), await top_up(wallet, 200)

    assert await kept(booked(first.id, 100), booked(second.id, 200)) == []

    assert await Case.all().count() == 0
    assert await looked_at() == set()


async def test_a_missing_an_extra_a_doubled_and_a_changed_line_are_four_cases() -> None:
    wallet = await a_wallet()
    missing, doubled, changed = [await top_up(wallet, amount) for amount in (100, 200, 300)]
    stranger = new_id()
    statement = (
        booked(doubled.id, 200),
        booked(doubled.id, 200),
        booked(changed.id, 301),
        booked(stranger, 5),
    )

    first = await kept(*statement)
    again = await kept(*statement)

    assert first == [
        ("changed", str(changed.id)),
        ("doubled", str(doubled.id)),
        ("extra", str(stranger)),
        ("missing", str(missing.id)),
    ]
    assert again == []
    rows = await StatementDifference.all()
    assert {row.kind for row in rows} == set(DifferenceKind)
    cases = await Case.filter(kind=CaseKind.STATEMENT_DIFFERENCE)
    assert {case.subject_id for case in cases} == {row.id for row in rows}
    assert (await Account.get(id=wallet.id)).balance == 600


async def test_money_the_provider_names_no_order_for_is_extra() -> None:
    line = booked(None, 77)

    assert await kept(line) == [("extra", line.reference)]


async def test_what_was_booked_a_day_before_we_knew_it_is_not_missing() -> None:
    wallet = await a_wallet()
    late = await top_up(wallet, 100)

    assert await kept(booked(late.id, 100), day=TODAY - timedelta(days=1)) == []
    assert await kept() == []


@pytest.mark.parametrize("status", [MovementStatus.PENDING, MovementStatus.UNKNOWN])
async def test_a_line_about_a_movement_that_has_not_ended_has_the_provider_asked(
    status: MovementStatus,
) -> None:
    wallet = await a_wallet()
    waiting = await top_up(wallet, 100, is_done=False)
    if status is MovementStatus.UNKNOWN:
        await ledger.post(ledger.mark(waiting, status, key=factories.some_key(), at=NOON))

    assert await kept(booked(waiting.id, 100)) == []

    assert await looked_at() == {waiting.id}
    assert (await Account.get(id=wallet.id)).balance == 0


async def test_a_charge_that_was_taken_back_has_the_provider_asked() -> None:
    wallet = await a_wallet()
    done = await top_up(wallet, 100)

    lines = (booked(done.id, 100), booked(done.id, 100, kind=BookingKind.REVERSAL))

    assert await kept(*lines) == []
    assert await looked_at() == {done.id}


async def test_a_payout_booked_for_a_top_up_is_changed() -> None:
    wallet = await a_wallet()
    done = await top_up(wallet, 100)

    assert await kept(booked(done.id, 100, kind=BookingKind.PAYOUT)) == [("changed", str(done.id))]


async def test_a_day_that_is_fetched_again_has_the_new_lines() -> None:
    wallet = await a_wallet()
    done = await top_up(wallet, 100)

    await kept()
    await kept(booked(done.id, 100))

    assert await StatementLine.filter(day=TODAY).count() == 1


async def test_days_that_nobody_fetched_are_caught_up_with() -> None:
    await kept(day=TODAY - timedelta(days=5))
    await kept(day=TODAY - timedelta(days=3))

    missed = await reconciliation.missed_days(PROVIDER, TODAY)

    assert missed == [TODAY - timedelta(days=days) for days in (4, 2, 1)]
    assert await reconciliation.missed_days("another", TODAY) == []


async def test_the_first_statement_ever_catches_up_with_nothing() -> None:
    assert await reconciliation.missed_days(PROVIDER, date(2026, 1, 1)) == []

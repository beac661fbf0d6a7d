"""Closing: only what is empty is closed, and no payment slips into what is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from domain import closings, freezes, ledger, payees, provider_orders, sessions, wallets
from domain.closings import CaseUnderWay, WalletInUse, WalletNotEmpty
from domain.fresh_proofs import ProofNeeded
from domain.ledger import Outcome
from domain.payees import PayeeNotFound
from domain.refusals import NotFound
from domain.sessions import Identity, SignInRefused
from models.freezes import FreezeOwner
from models.ids import new_id
from models.jobs import Job
from models.links import Link
from models.movements import Movement, MovementStatus
from models.people import ContactKind, Person
from models.risk import CaseCause, CaseStatus, RiskCase
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience, Session
from models.wallets import Account
from tests import factories
from tests.domain import books, orders, proved, registers
from tests.moments import NOON

Closing: TypeAlias = Callable[["World"], Awaitable[object]]

pytestmark = pytest.mark.usefixtures("database")


@dataclass(frozen=True)
class World:
    """ada, who has proved twice that it is she, with an empty wallet; and bob, who has money."""

    ada: Person
    by: Identity
    wallet: Account
    bobs: Account


@pytest.fixture
async def world() -> World:
    ada, bob = await registers.resident("ada"), await factories.person("bob")
    return World(
        ada=ada,
        by=await proved.twice(ada),
        wallet=await factories.wallet(ada),
        bobs=await factories.wallet(bob, holds=10_000),
    )


async def close_wallet(world: World) -> Account:
    return await closings.close_wallet(by=world.by, wallet_id=world.wallet.id, now=NOON)


async def close_account(world: World) -> Person:
    return await closings.close_account(by=world.by, now=NOON)


async def is_closed(world: World) -> list[bool]:
    """The person, and the wallet."""
    person = await Person.get(id=world.ada.id)
    wallet = await Account.get(id=world.wallet.id)
    return [person.closed_at is not None, wallet.closed_at is not None]


async def test_an_empty_wallet_is_closed_and_nothing_comes_into_it(world: World) -> None:
    closed = await close_wallet(world)

    posted = await ledger.post(orders.pay(world.bobs, world.wallet, 100))
    assert closed.closed_at == NOON
    assert (posted.outcome, posted.code) == (Outcome.FAILED, "PAYEE_CANNOT_RECEIVE")
    assert await factories.balances(world.wallet, world.bobs) == [0, 10_000]
    event = await SecurityEvent.get()
    assert (event.kind, event.detail) == (EventKind.WALLET_CLOSED, {"currency": "CNY"})


async def test_a_closed_wallet_stays_closed_when_asked_again_and_opens_when_asked_to(
    world: World,
) -> None:
    await close_wallet(world)
    await close_wallet(world)
    events = await SecurityEvent.all().count()

    opened = await wallets.open_wallet(world.ada.id, "CNY", NOON)

    assert events == 1
    assert (opened.id, opened.closed_at) == (world.wallet.id, None)
    posted = await ledger.post(orders.pay(world.bobs, world.wallet, 100))
    assert posted.outcome is Outcome.DONE


@pytest.mark.parametrize("close", [close_wallet, close_account])
async def test_a_wallet_with_money_is_not_closed_and_the_balance_is_named(
    world: World, close: Closing
) -> None:
    await ledger.post(orders.pay(world.bobs, world.wallet, 7))

    with pytest.raises(WalletNotEmpty) as refused:
        await close(world)

    assert (refused.value.balance, refused.value.currency) == (7, "CNY")
    assert await is_closed(world) == [False, False]


@pytest.mark.parametrize("close", [close_wallet, close_account])
async def test_a_wallet_that_a_delayed_transfer_is_on_its_way_to_is_not_closed(
    world: World, close: Closing
) -> None:
    await orders.placed(world.bobs, world.wallet, 300)

    with pytest.raises(WalletInUse):
        await close(world)

    assert await is_closed(world) == [False, False]


@pytest.mark.parametrize("status", ["pending", "unknown"])
async def test_a_wallet_that_a_provider_may_have_taken_money_for_is_not_closed(
    world: World, status: str
) -> None:
    made = await ledger.post(
        ledger.record(orders.top_up(world.wallet, 500), key=factories.some_key(), at=NOON)
    )
    if status == "unknown":
        assert made.movement is not None
        key = factories.some_key()
        await ledger.post(ledger.mark(made.movement, MovementStatus.UNKNOWN, key=key, at=NOON))

    for close in (close_wallet, close_account):
        with pytest.raises(WalletInUse):
            await close(world)

    assert await is_closed(world) == [False, False]


async def test_nobody_closes_the_wallet_of_another(world: World) -> None:
    for wallet_id in (world.bobs.id, new_id()):
        with pytest.raises(NotFound):
            await closings.close_wallet(by=world.by, wallet_id=wallet_id, now=NOON)

    assert (await Account.get(id=world.bobs.id)).closed_at is None


async def test_each_payment_in_flight_is_before_the_closing_or_refused_by_it(
    world: World,
) -> None:
    for _ in range(10):
        paid, closed = await asyncio.gather(
            ledger.post(orders.pay(world.bobs, world.wallet, 10)),
            close_wallet(world),
            return_exceptions=True,
        )
        assert isinstance(paid, ledger.Posted)
        if paid.outcome is Outcome.DONE:
            assert isinstance(closed, WalletNotEmpty)
            await ledger.post(orders.pay(world.wallet, world.bobs, 10))
        else:
            assert paid.code == "PAYEE_CANNOT_RECEIVE"
            assert isinstance(closed, Account)
            await wallets.open_wallet(world.ada.id, "CNY", NOON)

    assert await factories.balances(world.wallet, world.bobs) == [0, 10_000]
    await books.assert_sound()


async def test_a_top_up_asked_for_at_the_moment_of_closing_never_lands_in_a_closed_wallet(
    world: World,
) -> None:
    asked = ledger.post(
        ledger.record(orders.top_up(world.wallet, 500), key=factories.some_key(), at=NOON)
    )
    posted, closed = await asyncio.gather(asked, close_wallet(world), return_exceptions=True)
    assert isinstance(posted, ledger.Posted)
    assert posted.movement is not None

    is_void = await provider_orders.is_void(posted.movement, NOON)

    assert is_void is isinstance(closed, Account)
    movement = await Movement.get(id=posted.movement.id)
    assert movement.status == ("failed" if is_void else "pending")


async def test_a_closed_account_has_nothing_open_any_more(world: World) -> None:
    await freezes.freeze_own(by=world.by, now=NOON)
    await factories.session(world.ada, Audience.PUBLIC, NOON)

    await close_account(world)

    assert await is_closed(world) == [True, True]
    assert await Session.filter(person_id=world.ada.id, ended_at__isnull=True).count() == 0
    event = await SecurityEvent.get(kind=EventKind.ACCOUNT_CLOSED)
    assert await Job.filter(subject_id=event.id).count() == 1
    assert await Link.filter(person_id=world.ada.id, used_at__isnull=True).count() == 0
    with pytest.raises(NotFound):
        await wallets.open_wallet(world.ada.id, "EUR", NOON)


async def test_whoever_closed_their_account_signs_in_like_somebody_unknown(world: World) -> None:
    await close_account(world)
    answers = []

    for name in ("ada", "nobody-at-all"):
        with pytest.raises(SignInRefused) as refused:
            await sessions.sign_in(
                name=name,
                password=registers.PASSWORD,
                audience=Audience.PUBLIC,
                client="192.0.2.7",
                now=NOON,
            )
        answers.append(str(refused.value))

    assert answers[0] == answers[1]


async def test_closing_an_account_takes_two_kinds_of_proof(world: World) -> None:
    by = await registers.identity_of(world.ada)

    with pytest.raises(ProofNeeded) as needed:
        await closings.close_account(by=by, now=NOON)

    assert needed.value.count == 2
    assert await is_closed(world) == [False, False]


async def test_an_account_that_upay_froze_is_not_closed(world: World) -> None:
    await freezes.freeze(
        person_id=world.ada.id, owner=FreezeOwner.RULE, by=None, reason="Odd hours", now=NOON
    )

    with pytest.raises(CaseUnderWay):
        await close_account(world)

    assert await is_closed(world) == [False, False]


async def test_an_account_with_a_case_that_is_not_decided_is_not_closed(world: World) -> None:
    await RiskCase.create(
        id=new_id(),
        person_id=world.ada.id,
        cause=CaseCause.REPORT,
        status=CaseStatus.PENDING,
        opened_at=NOON,
        deadline_at=NOON,
    )

    with pytest.raises(CaseUnderWay):
        await close_account(world)

    assert await is_closed(world) == [False, False]


async def test_of_two_closings_at_once_one_closes(world: World) -> None:
    closed = await asyncio.gather(
        close_account(world), close_account(world), return_exceptions=True
    )

    assert sum(isinstance(each, Person) for each in closed) == 1
    assert sum(isinstance(each, NotFound) for each in closed) == 1
    assert await SecurityEvent.filter(kind=EventKind.ACCOUNT_CLOSED).count() == 1


async def test_a_closing_and_a_wallet_opened_at_once_leave_no_open_wallet(world: World) -> None:
    await asyncio.gather(
        close_account(world),
        wallets.open_wallet(world.ada.id, "EUR", NOON),
        return_exceptions=True,
    )

    assert (await Person.get(id=world.ada.id)).closed_at == NOON
    assert await Account.filter(owner_id=world.ada.id, closed_at__isnull=True).count() == 0


async def test_nobody_finds_a_closed_account_to_pay_it(world: World) -> None:
    await registers.proved(world.ada, ContactKind.PHONE, "+8613800138000")
    await close_account(world)

    for named in (payees.Named(account_name="ada"), payees.Named(phone="+8613800138000")):
        with pytest.raises(PayeeNotFound):
            await payees.find(named, by=new_id(), now=NOON)

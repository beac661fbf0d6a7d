"""Freezes: who may place and lift them, and that no payment slips past one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from domain import freezes, ledger, wallets
from domain.audit import ReasonRequired
from domain.decisions import decision
from domain.freezes import AlreadyFrozen, FreezeIsStronger, NotFrozen
from domain.ledger import Outcome
from domain.refusals import NotFound
from domain.sessions import Identity
from models.audit import AuditRecord
from models.freezes import Freeze, FreezeOwner
from models.ids import new_id
from models.people import Person, Role
from models.wallets import Account
from realtime import bus
from tests import factories
from tests.domain import books, orders, registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

CUSTOMER, RULE, AGENT = FreezeOwner.CUSTOMER, FreezeOwner.RULE, FreezeOwner.AGENT


@dataclass(frozen=True)
class World:
    """ada, who may be frozen, with two wallets; and who acts for each owner of a freeze."""

    ada: Person
    wallet: Account
    dollars: Account
    bobs: Account
    by: dict[FreezeOwner, Identity | None]


@pytest.fixture
async def world() -> World:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    lin = await factories.person("lin", role=Role.AGENT)
    return World(
        ada=ada,
        wallet=await factories.wallet(ada, holds=10_000),
        dollars=await factories.wallet(ada, currency="USD"),
        bobs=await factories.wallet(bob),
        by={
            CUSTOMER: await registers.identity_of(ada),
            RULE: None,
            AGENT: await registers.identity_of(lin),
        },
    )


async def freeze(world: World, owner: FreezeOwner) -> Person:
    return await freezes.freeze(
        person_id=world.ada.id, owner=owner, by=world.by[owner], reason="phone lost", now=NOON
    )


async def lift(world: World, owner: FreezeOwner) -> Person:
    return await freezes.lift(
        person_id=world.ada.id, owner=owner, by=world.by[owner], reason="phone found", now=NOON
    )


async def levels(world: World) -> list[int]:
    """As the person and each of their wallets say."""
    person = await Person.get(id=world.ada.id)
    kept = [await Account.get(id=each.id) for each in (world.wallet, world.dollars)]
    return [person.freeze_level, *(wallet.freeze_level for wallet in kept)]


@pytest.mark.parametrize("owner", FreezeOwner)
async def test_a_freeze_covers_the_person_and_every_wallet(
    world: World, owner: FreezeOwner
) -> None:
    async with bus.listen(f"person:{world.ada.id}") as ear:
        frozen = await freeze(world, owner)

        assert await ear.heard(0)
    assert frozen.freeze_level == owner
    assert await levels(world) == [owner] * 3
    assert (await Account.get(id=world.bobs.id)).freeze_level == 0
    row, by = await Freeze.get(), world.by[owner]
    assert (row.owner, row.reason, row.frozen_at, row.lifted_at) == (
        owner,
        "phone lost",
        NOON,
        None,
    )
    assert row.frozen_by.int == (0 if by is None else by.person_id.int)


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        (CUSTOMER, "ACCOUNT_FROZEN_BY_USER"),
        (RULE, "ACCOUNT_RESTRICTED"),
        (AGENT, "ACCOUNT_RESTRICTED"),
    ],
)
async def test_nothing_leaves_until_the_freeze_is_lifted(
    world: World, owner: FreezeOwner, code: str
) -> None:
    await freeze(world, owner)
    refused = await ledger.post(orders.pay(world.wallet, world.bobs, 100))
    during = await factories.balances(world.wallet, world.bobs)

    await lift(world, owner)
    done = await ledger.post(orders.pay(world.wallet, world.bobs, 100))

    assert (refused.outcome, refused.code) == (Outcome.FAILED, code)
    assert during == [10_000, 0]
    assert done.outcome is Outcome.DONE
    assert await factories.balances(world.wallet, world.bobs) == [9_900, 100]
    await books.assert_sound()


@pytest.mark.parametrize(
    ("owner", "outcome"), [(CUSTOMER, "done"), (RULE, "failed"), (AGENT, "failed")]
)
async def test_money_still_arrives_where_only_the_customer_froze(
    world: World, owner: FreezeOwner, outcome: str
) -> None:
    await factories.fund(world.bobs, await Person.get(account_name="bob"), 500)
    await freeze(world, owner)

    posted = await ledger.post(orders.pay(world.bobs, world.wallet, 100))

    assert posted.outcome == outcome


async def test_a_wallet_opened_later_is_frozen_from_the_beginning(world: World) -> None:
    await freeze(world, AGENT)

    later = await wallets.open_wallet(world.ada.id, "EUR", NOON)

    assert later.freeze_level == AGENT


async def test_a_wallet_opened_at_the_same_moment_is_frozen_too(world: World) -> None:
    opened, _ = await asyncio.gather(
        wallets.open_wallet(world.ada.id, "EUR", NOON), freeze(world, AGENT)
    )

    assert (await Account.get(id=opened.id)).freeze_level == AGENT


@pytest.mark.parametrize("owner", FreezeOwner)
async def test_each_owner_freezes_once(world: World, owner: FreezeOwner) -> None:
    await freeze(world, owner)
    before = await registers.picture()

    with pytest.raises(AlreadyFrozen):
        await freeze(world, owner)

    assert await registers.picture() == before


async def test_of_eight_freezes_at_once_exactly_one_is_placed(world: World) -> None:
    answers = await asyncio.gather(
        *(freeze(world, AGENT) for _ in range(8)), return_exceptions=True
    )

    assert [type(answer) for answer in answers].count(AlreadyFrozen) == 7
    assert await Freeze.all().count() == await AuditRecord.all().count() == 1


async def test_the_strongest_open_freeze_counts(world: World) -> None:
    seen = []
    for owner in (CUSTOMER, AGENT, RULE):
        await freeze(world, owner)
        seen.append(await levels(world))

    assert seen == [[CUSTOMER] * 3, [AGENT] * 3, [AGENT] * 3]


@pytest.mark.parametrize(("owner", "lifter"), [(RULE, CUSTOMER), (AGENT, CUSTOMER), (AGENT, RULE)])
async def test_nobody_lifts_what_somebody_stronger_placed(
    world: World, owner: FreezeOwner, lifter: FreezeOwner
) -> None:
    await freeze(world, owner)
    before = await registers.picture()

    with pytest.raises(FreezeIsStronger):
        await lift(world, lifter)

    assert await registers.picture() == before


async def test_a_customer_lifts_their_own_freeze_and_the_stronger_one_stays(world: World) -> None:
    await freeze(world, CUSTOMER)
    await freeze(world, RULE)

    lifted = await lift(world, CUSTOMER)

    assert lifted.freeze_level == RULE
    assert await levels(world) == [RULE] * 3
    assert [row.owner for row in await Freeze.filter(lifted_at__isnull=True)] == [RULE]


async def test_an_agent_lifts_everything(world: World) -> None:
    for owner in FreezeOwner:
        await freeze(world, owner)

    await lift(world, AGENT)

    by = world.by[AGENT]
    assert by is not None
    assert await levels(world) == [0] * 3
    assert [(row.lifted_at, row.lifted_by, row.lift_reason) for row in await Freeze.all()] == [
        (NOON, by.person_id, "phone found")
    ] * 3


async def test_what_was_lifted_can_be_frozen_again(world: World) -> None:
    await freeze(world, AGENT)
    await lift(world, AGENT)

    await freeze(world, AGENT)

    assert await levels(world) == [AGENT] * 3
    assert await Freeze.all().count() == 2


@pytest.mark.parametrize("owner", FreezeOwner)
async def test_what_is_not_frozen_is_not_lifted(world: World, owner: FreezeOwner) -> None:
    before = await registers.picture()

    with pytest.raises(NotFrozen):
        await lift(world, owner)

    assert await registers.picture() == before


@pytest.mark.parametrize(
    "reason", ["", "  ", "no", "x" * 501, "lost\x00", "lost\u202e", "lost\ud800"]
)
async def test_freezing_and_lifting_have_a_reason_that_can_be_read(
    world: World, reason: str
) -> None:
    await freeze(world, RULE)
    before = await registers.picture()

    for verb in (freezes.freeze, freezes.lift):
        with pytest.raises(ReasonRequired):
            await verb(
                person_id=world.ada.id, owner=AGENT, by=world.by[AGENT], reason=reason, now=NOON
            )

    assert await registers.picture() == before


@pytest.mark.parametrize(
    ("owner", "actor"),
    [
        (CUSTOMER, RULE),
        (CUSTOMER, AGENT),
        (RULE, CUSTOMER),
        (RULE, AGENT),
        (AGENT, CUSTOMER),
        (AGENT, RULE),
    ],
)
async def test_nobody_acts_as_another_owner(
    world: World, owner: FreezeOwner, actor: FreezeOwner
) -> None:
    await freeze(world, owner)
    before = await registers.picture()

    for verb in (freezes.freeze, freezes.lift):
        with pytest.raises(NotFound):
            await verb(
                person_id=world.ada.id, owner=owner, by=world.by[actor], reason="because", now=NOON
            )

    assert await registers.picture() == before


async def test_customers_freeze_nobody_but_themselves(world: World) -> None:
    eve = await registers.identity_of(await factories.person("eve"))
    before = await registers.picture()

    for verb in (freezes.freeze, freezes.lift):
        with pytest.raises(NotFound):
            await verb(person_id=world.ada.id, owner=CUSTOMER, by=eve, reason="because", now=NOON)

    assert await registers.picture() == before


async def test_only_people_with_keptcan_be_frozen(world: World) -> None:
    wang = await factories.person("wang", role=Role.SUPERVISOR)
    before = await registers.picture()

    for person_id in (wang.id, new_id()):
        for verb in (freezes.freeze, freezes.lift):
            with pytest.raises(NotFound):
                await verb(
                    person_id=person_id, owner=AGENT, by=world.by[AGENT], reason="because", now=NOON
                )

    assert await registers.picture() == before


async def test_what_agents_do_is_on_record_and_what_others_do_is_not(world: World) -> None:
    for owner in FreezeOwner:
        await freeze(world, owner)
    await lift(world, CUSTOMER)
    await lift(world, RULE)
    await lift(world, AGENT)

    by = world.by[AGENT]
    assert by is not None
    assert [
        (row.actor_id, row.action, row.subject_id, row.reason, row.at)
        for row in await AuditRecord.all().order_by("id")
    ] == [
        (by.person_id, "freeze_customer", world.ada.id, "phone lost", NOON),
        (by.person_id, "unfreeze_customer", world.ada.id, "phone found", NOON),
    ]


async def test_a_payment_that_waits_for_the_freeze_is_refused_by_it(world: World) -> None:
    start = asyncio.Event()

    async def pay() -> ledger.Posted:
        await start.wait()
        return await ledger.post(orders.pay(world.wallet, world.bobs, 100))

    paying = asyncio.create_task(pay())
    async with decision():
        await freeze(world, CUSTOMER)
        start.set()
        await registers.somebody_waits_for_a_lock()
    posted = await paying

    assert (posted.outcome, posted.code) == (Outcome.FAILED, "ACCOUNT_FROZEN_BY_USER")
    assert await factories.balances(world.wallet, world.bobs) == [10_000, 0]


async def test_a_freeze_that_waits_for_a_payment_is_after_it(world: World) -> None:
    start = asyncio.Event()

    async def freeze_later() -> Person:
        await start.wait()
        return await freeze(world, CUSTOMER)

    freezing = asyncio.create_task(freeze_later())
    async with decision() as announce:
        posted = await ledger.post_in(announce, orders.pay(world.wallet, world.bobs, 100))
        start.set()
        await registers.somebody_waits_for_a_lock()
    await freezing

    assert posted.outcome is Outcome.DONE
    assert await factories.balances(world.wallet, world.bobs) == [9_900, 100]
    assert await levels(world) == [CUSTOMER] * 3


async def test_of_a_stream_of_payments_none_that_began_after_the_freeze_is_done(
    world: World,
) -> None:
    ten_are_in, is_frozen = asyncio.Event(), asyncio.Event()
    early: list[ledger.Posted] = []
    late: list[ledger.Posted] = []

    async def pay_ten_times() -> None:
        for _ in range(10):
            into = late if is_frozen.is_set() else early
            into.append(await ledger.post(orders.pay(world.wallet, world.bobs, 10)))
            if len(early) >= 10:
                ten_are_in.set()

    async def freeze_meanwhile() -> None:
        await ten_are_in.wait()
        await freeze(world, CUSTOMER)
        is_frozen.set()

    await asyncio.gather(*(pay_ten_times() for _ in range(8)), freeze_meanwhile())
    late.append(await ledger.post(orders.pay(world.wallet, world.bobs, 10)))

    assert {posted.outcome for posted in late} == {Outcome.FAILED}
    done = [posted for posted in early if posted.outcome is Outcome.DONE]
    assert await factories.balances(world.wallet, world.bobs) == [
        10_000 - 10 * len(done),
        10 * len(done),
    ]
    await books.assert_sound()


async def test_freezing_lifting_opening_and_paying_at_once_never_wait_for_each_other(
    world: World,
) -> None:
    async def freeze_and_lift(owner: FreezeOwner) -> None:
        for _ in range(5):
            await freeze(world, owner)
            await asyncio.gather(lift(world, owner), return_exceptions=True)

    async def pay() -> None:
        for _ in range(10):
            await ledger.post(orders.pay(world.wallet, world.bobs, 1))
            await ledger.post(orders.pay(world.bobs, world.wallet, 1))

    async with asyncio.timeout(30):
        await asyncio.gather(
            freeze_and_lift(AGENT),
            *(pay() for _ in range(4)),
            *(wallets.open_wallet(world.ada.id, currency, NOON) for currency in ("EUR", "JPY")),
        )

    assert await levels(world) == [0] * 3
    assert {row.freeze_level for row in await Account.filter(owner_id=world.ada.id)} == {0}
    await books.assert_sound()

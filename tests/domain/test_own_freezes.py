"""A customer's own freeze: placed by a session or a link, lifted only with two kinds of proof."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain import freezes, ledger, links, transfers
from domain.freezes import FreezeIsStronger, NotFrozen
from domain.fresh_proofs import FRESH_FOR, ProofNeeded
from domain.ledger import Outcome
from domain.links import LinkDead
from domain.sessions import Identity
from models.freezes import Freeze, FreezeOwner
from models.ids import new_id
from models.links import Link, LinkKind
from models.movements import Movement
from models.people import Person, Role
from models.security_events import EventKind, SecurityEvent
from models.wallets import Account
from tests import factories
from tests.domain import books, orders, proved, registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

CUSTOMER, RULE, AGENT = FreezeOwner.CUSTOMER, FreezeOwner.RULE, FreezeOwner.AGENT


@dataclass(frozen=True)
class World:
    """ada, signed in and with money; and bob, whom she pays."""

    ada: Person
    by: Identity
    wallet: Account
    bobs: Account


@pytest.fixture
async def world() -> World:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    return World(
        ada=ada,
        by=await registers.identity_of(ada),
        wallet=await factories.wallet(ada, holds=1_000),
        bobs=await factories.wallet(bob),
    )


async def level_of(person: Person) -> int:
    return (await Person.get(id=person.id)).freeze_level


async def frozen_by_upay(world: World) -> None:
    await freezes.freeze(person_id=world.ada.id, owner=RULE, by=None, reason="Odd hours", now=NOON)


async def letter_link(person: Person) -> Link:
    return await links.make(LinkKind.FREEZE, person_id=person.id, subject_id=new_id(), now=NOON)


async def test_a_session_is_enough_to_freeze_and_the_owner_is_told(world: World) -> None:
    frozen = await freezes.freeze_own(by=world.by, now=NOON, address="192.0.2.7")

    assert frozen.freeze_level == CUSTOMER
    posted = await ledger.post(orders.pay(world.wallet, world.bobs, 100))
    assert (posted.outcome, posted.code) == (Outcome.FAILED, "ACCOUNT_FROZEN_BY_USER")
    event = await SecurityEvent.get(kind=EventKind.FROZEN)
    assert (event.person_id, event.session_id, event.address) == (
        world.ada.id,
        world.by.session_id,
        "192.0.2.7",
    )
    assert event.detail == {"owner": "CUSTOMER"}


async def test_who_freezes_again_is_frozen_once(world: World) -> None:
    await asyncio.gather(*(freezes.freeze_own(by=world.by, now=NOON) for _ in range(8)))

    assert await level_of(world.ada) == CUSTOMER
    assert await Freeze.all().count() == 1
    assert await SecurityEvent.filter(kind=EventKind.FROZEN).count() == 1


async def test_who_upay_froze_can_freeze_themselves_as_well(world: World) -> None:
    await frozen_by_upay(world)

    await freezes.freeze_own(by=world.by, now=NOON)

    assert await level_of(world.ada) == RULE
    assert await Freeze.filter(lifted_at__isnull=True).count() == 2


@pytest.mark.parametrize("later", [timedelta(0), FRESH_FOR])
async def test_lifting_takes_two_kinds_of_proof_that_are_fresh(
    world: World, later: timedelta
) -> None:
    by = world.by if later == timedelta(0) else await proved.twice(world.ada)
    await freezes.freeze_own(by=by, now=NOON)

    with pytest.raises(ProofNeeded) as needed:
        await freezes.unfreeze_own(by=by, now=NOON + later)

    assert needed.value.count == 2
    assert await level_of(world.ada) == CUSTOMER


async def test_two_proofs_lift_ones_own_freeze_and_money_leaves_again(world: World) -> None:
    by = await proved.twice(world.ada)
    await freezes.freeze_own(by=by, now=NOON)

    lifted = await freezes.unfreeze_own(by=by, now=NOON)

    assert lifted.freeze_level == 0
    posted = await ledger.post(orders.pay(world.wallet, world.bobs, 100))
    assert posted.outcome is Outcome.DONE
    assert (await SecurityEvent.get(kind=EventKind.UNFROZEN)).detail["is_frozen"] is False


async def test_ones_own_lift_leaves_what_upay_froze(world: World) -> None:
    by = await proved.twice(world.ada)
    await frozen_by_upay(world)
    await freezes.freeze_own(by=by, now=NOON)

    lifted = await freezes.unfreeze_own(by=by, now=NOON)

    assert lifted.freeze_level == RULE
    with pytest.raises(FreezeIsStronger):
        await freezes.unfreeze_own(by=by, now=NOON)
    assert await level_of(world.ada) == RULE


async def test_who_is_not_frozen_has_nothing_to_lift(world: World) -> None:
    by = await proved.twice(world.ada)

    with pytest.raises(NotFrozen):
        await freezes.unfreeze_own(by=by, now=NOON)

    assert await SecurityEvent.all().count() == 0


async def test_a_link_in_a_letter_freezes_once(world: World) -> None:
    link = await letter_link(world.ada)

    await freezes.freeze_by_link(link, NOON)

    assert await level_of(world.ada) == CUSTOMER
    assert (await Account.get(id=world.wallet.id)).freeze_level == CUSTOMER
    assert (await SecurityEvent.get(kind=EventKind.FROZEN)).detail["by"] == "link"
    with pytest.raises(LinkDead):
        await freezes.freeze_by_link(link, NOON)
    assert await Freeze.all().count() == 1


async def test_of_one_link_used_eight_times_at_once_one_freezes(world: World) -> None:
    link = await letter_link(world.ada)

    tried = await asyncio.gather(
        *(freezes.freeze_by_link(link, NOON) for _ in range(8)), return_exceptions=True
    )

    assert sum(each is None for each in tried) == 1
    assert sum(isinstance(each, LinkDead) for each in tried) == 7
    assert await Freeze.all().count() == 1


async def test_a_link_of_somebody_frozen_already_is_used_up_and_nothing_else_happens(
    world: World,
) -> None:
    await freezes.freeze_own(by=world.by, now=NOON)
    link = await letter_link(world.ada)

    await freezes.freeze_by_link(link, NOON)

    assert (await Link.get(id=link.id)).used_at == NOON
    assert await Freeze.all().count() == 1
    assert await SecurityEvent.filter(kind=EventKind.FROZEN).count() == 1


async def test_the_link_of_somebody_at_the_desk_freezes_nothing() -> None:
    lin = await factories.person("lin", role=Role.AGENT)
    link = await letter_link(lin)

    with pytest.raises(LinkDead):
        await freezes.freeze_by_link(link, NOON)

    assert await Freeze.all().count() == 0
    assert (await Link.get(id=link.id)).used_at is None


async def test_a_transfer_that_waits_is_returned_when_its_payer_has_frozen_meanwhile(
    world: World,
) -> None:
    movement, _ = await orders.placed(world.wallet, world.bobs, 300)
    await freezes.freeze_own(by=world.by, now=NOON)

    await transfers.settle(movement.id, NOON)

    settled = await Movement.get(id=movement.id)
    assert (settled.status, settled.failure_code) == ("failed", "ACCOUNT_FROZEN_BY_USER")
    wallet = await Account.get(id=world.wallet.id)
    assert (wallet.balance, wallet.available) == (1_000, 1_000)
    await books.assert_sound()


async def test_each_of_twenty_payments_in_flight_is_before_the_freeze_or_refused_by_it(
    world: World,
) -> None:
    link = await letter_link(world.ada)

    async def freeze() -> None:
        await freezes.freeze_by_link(link, NOON)

    *posted, _ = await asyncio.gather(
        *(ledger.post(orders.pay(world.wallet, world.bobs, 10)) for _ in range(20)), freeze()
    )

    done = sum(each.outcome is Outcome.DONE for each in posted if each is not None)
    assert {each.code for each in posted if each is not None and each.code} <= {
        "ACCOUNT_FROZEN_BY_USER"
    }
    assert await factories.balances(world.wallet, world.bobs) == [1_000 - 10 * done, 10 * done]
    last = await ledger.post(orders.pay(world.wallet, world.bobs, 10))
    assert last.outcome is Outcome.FAILED
    await books.assert_sound()

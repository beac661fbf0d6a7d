"""Blocks, favourites, payees of lately, and surnames that a payer can have checked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import blocks, favourites, ledger, payees, pins, surnames, transfers
from domain.ledger import Outcome
from domain.payees import Named, PayeeCannotReceive, PayeeNotFound, SelfPayment
from domain.refusals import NotFound
from domain.surnames import SurnamesPaused, SurnameWrong
from models.acquaintances import FavouritePayee, PersonBlock
from models.movements import MovementStatus
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.domain import orders
from tests.moments import NOON

DATABASE = pytest.mark.usefixtures("database")
PIN = "246810"


async def prepares(ada: Person, wallet: Account, payee: Named, **changes: Any) -> None:
    wish = transfers.Wish(
        wallet_id=wallet.id, payee=payee, **{"amount": 10, "currency": "CNY", **changes}
    )
    by = factories.identity(ada)
    await transfers.prepare(wish, by=by, address="203.0.113.9", now=NOON)


async def two() -> tuple[Person, Account, Person, Account]:
    ada, bob = await factories.person("ada"), await factories.person("bob", display_name="Bob Ross")
    wallet = await factories.wallet(ada, holds=1_000)
    await pins.set_pin(ada.id, PIN, NOON)
    return ada, wallet, bob, await factories.wallet(bob)


@DATABASE
async def test_whoever_is_blocked_is_told_what_anybody_is_told_who_cannot_pay() -> None:
    ada, wallet, bob, _ = await two()
    await blocks.block(by=bob.id, blocked_id=ada.id, now=NOON)

    with pytest.raises(PayeeCannotReceive):
        await prepares(ada, wallet, Named(account_name="bob"))

    assert await payees.find(Named(account_name="bob"), by=ada.id, now=NOON) == bob


@DATABASE
async def test_a_block_set_after_looking_fails_the_payment_without_saying_so() -> None:
    ada, wallet, bob, his = await two()
    await blocks.block(by=bob.id, blocked_id=ada.id, now=NOON)

    posted = await ledger.post(orders.pay(wallet, his, 10))
    other_way = await ledger.post(orders.pay(his, wallet, 10))

    assert (posted.outcome, posted.code) == (Outcome.FAILED, "PAYEE_CANNOT_RECEIVE")
    assert other_way.code == "INSUFFICIENT_FUNDS"
    assert await factories.balances(wallet, his) == [1_000, 0]


@DATABASE
async def test_what_was_under_way_arrives_in_spite_of_a_block() -> None:
    ada, wallet, bob, his = await two()
    movement, hold = await orders.placed(wallet, his, 10)
    await blocks.block(by=bob.id, blocked_id=ada.id, now=NOON)

    posted = await ledger.post(ledger.capture(movement, hold, key=factories.some_key(), at=NOON))

    assert posted.outcome is Outcome.DONE
    assert await factories.balances(wallet, his) == [990, 10]


@DATABASE
async def test_a_block_is_taken_back_and_nobody_blocks_themselves() -> None:
    ada, wallet, bob, _ = await two()
    for _time in range(2):
        await blocks.block(by=bob.id, blocked_id=ada.id, now=NOON)
    assert [person.id for person in await blocks.blocked_by(bob.id)] == [ada.id]

    await blocks.unblock(by=bob.id, blocked_id=ada.id)
    await prepares(ada, wallet, Named(account_name="bob"))

    with pytest.raises(NotFound):
        await blocks.unblock(by=bob.id, blocked_id=ada.id)
    with pytest.raises(SelfPayment):
        await blocks.block(by=bob.id, blocked_id=bob.id, now=NOON)
    assert await PersonBlock.all().count() == 0


@DATABASE
async def test_a_favourite_is_kept_paid_and_given_up() -> None:
    ada, wallet, bob, _ = await two()
    kept = await favourites.add(Named(account_name="bob"), "Painter", by=ada.id, now=NOON)
    again = await favourites.add(Named(account_name="bob"), "Bobby", by=ada.id, now=NOON)

    await prepares(ada, wallet, Named(favourite_id=kept.row.id))

    assert again.row.id == kept.row.id
    assert [(each.row.alias, each.payee.id) for each in await favourites.of(ada.id)] == [
        ("Bobby", bob.id)
    ]
    await favourites.remove(kept.row.id, by=ada.id)
    assert await favourites.of(ada.id) == []


@DATABASE
async def test_a_favourite_is_its_owners_alone() -> None:
    ada, _, bob, his = await two()
    kept = await favourites.add(Named(account_name="bob"), "", by=ada.id, now=NOON)
    await factories.fund(his, bob, 100)
    await pins.set_pin(bob.id, PIN, NOON)

    with pytest.raises(PayeeNotFound):
        await prepares(bob, his, Named(favourite_id=kept.row.id))
    with pytest.raises(NotFound):
        await favourites.remove(kept.row.id, by=bob.id)

    assert await FavouritePayee.all().count() == 1


@DATABASE
@pytest.mark.parametrize("alias", ["x" * 33, "a\u202eb", "a\x00b"])
async def test_an_alias_can_be_seen(alias: str) -> None:
    ada, _, __, ___ = await two()

    with pytest.raises(favourites.AliasInvalid):
        await favourites.add(Named(account_name="bob"), alias, by=ada.id, now=NOON)

    assert await FavouritePayee.all().count() == 0


@DATABASE
async def test_recent_payees_are_people_and_merchants_each_once_the_last_first() -> None:
    ada, wallet, _, his = await two()
    cy = await factories.wallet(await factories.person("cyd"))
    shop = await factories.merchant(await factories.person("mei"))
    for target, hours in ((his, 1), (cy, 2), (his, 3)):
        at = NOON + timedelta(hours=hours)
        order = orders.transfer(wallet, target, 10)
        await ledger.post(ledger.pay(order, key=factories.some_key(), at=at))
    await factories.payment(await factories.order(shop, 50), wallet)
    failed = await ledger.post(orders.pay(wallet, cy, 10**6))
    assert failed.movement is not None
    assert failed.movement.status is MovementStatus.FAILED

    found = await favourites.paid_lately(ada.id, NOON + timedelta(days=1), limit=10)

    names = [each.side.owner.display_name for each in found if each.side.owner]
    assert names == ["Bob Ross", "Cyd", "Tea House"]
    assert [each.side.owner.is_merchant for each in found if each.side.owner] == [
        False,
        False,
        True,
    ]
    assert await favourites.paid_lately(ada.id, NOON + timedelta(days=200), limit=10) == []
    assert len(await favourites.paid_lately(ada.id, NOON + timedelta(days=1), limit=2)) == 2


@DATABASE
async def test_three_wrong_surnames_stop_the_checking_for_a_day() -> None:
    ada, wallet, __, ___ = await two()
    bob = Named(account_name="bob")
    await prepares(ada, wallet, bob, surname=" ROSS ")

    lefts = []
    for _time in range(3):
        with pytest.raises(SurnameWrong) as wrong:
            await prepares(ada, wallet, bob, surname="Rossi")
        lefts.append(wrong.value.tries_left)
    with pytest.raises(SurnamesPaused) as paused:
        await prepares(ada, wallet, bob, surname="Ross")

    assert lefts == [2, 1, 0]
    assert paused.value.until == NOON + timedelta(days=1)
    await prepares(ada, wallet, bob)


@DATABASE
async def test_many_guesses_at_once_are_as_many_guesses() -> None:
    ada, _, bob, __ = await two()

    tries = [surnames.check(bob, f"name{place}", by=ada.id, now=NOON) for place in range(8)]
    answers = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(each, SurnameWrong) for each in answers) == 3
    assert sum(isinstance(each, SurnamesPaused) for each in answers) == 5


@pytest.mark.parametrize(
    ("name", "surname", "fits"),
    [
        ("王小明", "王", True),
        ("王小明", "王小", False),
        ("欧阳修", "欧阳", True),
        ("欧阳修", "欧", False),
        ("Ada Lovelace", "lovelace", True),
        ("Ada Lovelace", "ada", False),
        ("Plato", "plato", True),
        ("Ada", "", False),
        ("Ａｄａ Ｒｏｓｓ", "ross", True),
    ],
)
def test_a_surname_is_the_first_of_a_chinese_name_and_the_last_of_any_other(
    name: str, surname: str, fits: bool
) -> None:
    assert surnames.matches(name, surname) is fits


@given(name=st.text(max_size=80), surname=st.text(max_size=80))
def test_whatever_is_named_a_surname_fits_or_does_not(name: str, surname: str) -> None:
    assert surnames.matches(name, surname) in {True, False}

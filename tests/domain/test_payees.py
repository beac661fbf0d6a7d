"""Payees: who is found by which name, and which of their wallets a payment would reach."""

from __future__ import annotations

from typing import Any

import pytest

from domain import contacts, payees
from domain.money import MinorUnits
from domain.payees import Named, PayeeCannotReceive, PayeeNotFound, SelfPayment
from models.ids import new_id
from models.movements import Movement, MovementKind, MovementStatus
from models.people import ContactKind, Person, Role
from models.wallets import Account
from tests import factories
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

PHONE = "+8613800000000"


async def found(by: Person, **named: Any) -> Person | None:
    try:
        return await payees.find(Named(**named), by=by.id, now=NOON)
    except PayeeNotFound:
        return None


async def test_a_payee_is_found_by_name_and_by_a_number_that_was_proved() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    await registers.proved(bob, ContactKind.PHONE, PHONE)

    assert await found(ada, account_name="bob") == bob
    assert await found(ada, account_name=" ＢＯＢ ") == bob
    assert await found(ada, phone="+86 138-0000-0000") == bob


async def test_a_number_that_was_not_proved_finds_nobody_whoever_named_it() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    for person in (ada, bob):
        await contacts.add(person.id, ContactKind.PHONE, PHONE, NOON)

    assert await found(ada, phone=PHONE) is None


async def test_who_left_or_works_at_the_desk_and_what_is_no_name_finds_nobody() -> None:
    ada = await factories.person("ada")
    await factories.person("left", closed_at=NOON)
    for role in (Role.AGENT, Role.SUPERVISOR, Role.ADMIN):
        await factories.person(role.value, role=role)

    for name in ("left", "agent", "supervisor", "admin", "nobody", "", "a b", PHONE, "x" * 9_999):
        assert await found(ada, account_name=name) is None, name
    for number in ("", "ada", "138", "13800000000", "+999", "+86 138 0000 0001", "+" * 9_999):
        assert await found(ada, phone=number) is None, number
    assert await found(ada) is None


async def test_nobody_pays_themselves_by_whichever_name() -> None:
    ada = await factories.person("ada")
    await registers.proved(ada, ContactKind.PHONE, PHONE)

    for named in (Named(account_name="ADA"), Named(phone=PHONE)):
        with pytest.raises(SelfPayment):
            await payees.find(named, by=ada.id, now=NOON)


async def test_a_payment_reaches_the_wallet_in_its_currency_or_none() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    wallet = await factories.wallet(ada)
    await factories.wallet(bob, currency="USD")

    reached = await payees.wallet_for(ada, MinorUnits(1), "CNY")

    assert reached.id == wallet.id
    for person, currency in ((ada, "USD"), (bob, "CNY")):
        with pytest.raises(PayeeCannotReceive):
            await payees.wallet_for(person, MinorUnits(1), currency)


@pytest.mark.parametrize(
    ("changes", "receives"),
    [
        ({"freeze_level": 1}, True),
        ({"freeze_level": 2}, False),
        ({"freeze_level": 3}, False),
        ({"closed_at": NOON}, False),
    ],
)
async def test_only_a_freeze_of_their_own_lets_money_in(
    changes: dict[str, object], receives: bool
) -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    await Account.filter(id=wallet.id).update(**changes)

    if receives:
        assert (await payees.wallet_for(ada, MinorUnits(1), "CNY")).id == wallet.id
    else:
        with pytest.raises(PayeeCannotReceive):
            await payees.wallet_for(ada, MinorUnits(1), "CNY")


async def test_a_payee_is_known_once_a_transfer_of_that_payer_reached_them() -> None:
    ada, bob, eve = [await factories.person(name) for name in ("ada", "bob", "eve")]
    adas, bobs = await factories.wallet(ada), await factories.wallet(bob)
    await factories.fund(bobs, bob, 100)

    await _transfer(ada, adas, bobs, MovementStatus.FAILED)
    before = await payees.is_known(bob.id, to=ada.id)
    await _transfer(ada, adas, bobs, MovementStatus.COMPLETED)

    assert not before
    assert await payees.is_known(bob.id, to=ada.id)
    assert not await payees.is_known(ada.id, to=bob.id)
    assert not await payees.is_known(bob.id, to=eve.id)
    assert not await payees.is_known(eve.id, to=ada.id)


async def _transfer(
    payer: Person, source: Account, target: Account, status: MovementStatus
) -> None:
    """A transfer as history knows it; no money moves."""
    await Movement.create(
        id=new_id(),
        kind=MovementKind.TRANSFER,
        status=status,
        person_id=payer.id,
        source_id=source.id,
        target_id=target.id,
        amount=1,
        currency="CNY",
        failure_code="INSUFFICIENT_FUNDS" if status is MovementStatus.FAILED else None,
        created_at=NOON,
        settled_at=NOON,
    )

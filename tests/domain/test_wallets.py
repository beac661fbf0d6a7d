"""Wallets: one for each person and currency, and whether one could pay."""

from __future__ import annotations

import asyncio

import pytest

from domain import wallets
from domain.money import EXPONENTS, MinorUnits
from domain.refusals import Refusal
from domain.wallets import (
    CurrencyNotOffered,
    FrozenByOwner,
    FundsOnHold,
    InsufficientFunds,
    Restricted,
    WalletClosed,
)
from models.ids import new_id
from models.wallets import Account, AccountKind, Side
from tests import factories
from tests.moments import NOON


def account(**changes: object) -> Account:
    """A wallet with 100 minor units, of which 30 are set aside."""
    facts = {"posted_credits": 100, "pending_debits": 30, "currency": "CNY", **changes}
    return Account(
        id=new_id(), kind=AccountKind.WALLET, normal_side=Side.CREDIT, opened_at=NOON, **facts
    )


@pytest.mark.usefixtures("database")
async def test_a_wallet_is_opened_empty_and_ready() -> None:
    ada = await factories.person("ada")

    opened = await wallets.open_wallet(ada.id, "JPY", NOON)

    kept = await Account.get(owner_id=ada.id)
    assert kept.id == opened.id
    assert (kept.kind, kept.currency, kept.floor) == (AccountKind.WALLET, "JPY", 0)
    assert (kept.balance, kept.available, kept.version) == (0, 0, 0)
    assert (kept.freeze_level, kept.closed_at, kept.opened_at) == (0, None, NOON)


@pytest.mark.usefixtures("database")
async def test_a_person_has_one_wallet_in_each_currency_however_often_it_is_opened() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    bobs = await wallets.open_wallet(bob.id, "CNY", NOON)

    opened = await asyncio.gather(
        *(wallets.open_wallet(ada.id, currency, NOON) for currency in ["CNY", "USD"] * 5)
    )

    assert len({each.id for each in opened}) == 2
    assert await Account.filter(owner_id=ada.id).count() == 2
    assert bobs.id not in {each.id for each in opened}


@pytest.mark.usefixtures("database")
async def test_a_wallet_that_is_opened_again_keeps_what_is_in_it() -> None:
    ada = await factories.person("ada")
    full = await factories.wallet(ada, holds=500)

    again = await wallets.open_wallet(ada.id, "CNY", NOON)

    assert (again.id, again.balance) == (full.id, 500)


@pytest.mark.usefixtures("database")
async def test_a_currency_that_is_not_offered_opens_nothing() -> None:
    ada = await factories.person("ada")

    for currency in ("XXX", "cny", "", "CNY "):
        assert currency not in EXPONENTS
        with pytest.raises(CurrencyNotOffered):
            await wallets.open_wallet(ada.id, currency, NOON)

    assert await Account.filter(owner_id=ada.id).count() == 0


def test_a_wallet_pays_what_is_not_set_aside_and_says_what_is_missing() -> None:
    wallets.check_can_pay(account(), MinorUnits(70))

    with pytest.raises(FundsOnHold) as held:
        wallets.check_can_pay(account(), MinorUnits(71))
    with pytest.raises(InsufficientFunds) as short:
        wallets.check_can_pay(account(), MinorUnits(101))

    assert (held.value.missing, held.value.currency) == (1, "CNY")
    assert (short.value.missing, short.value.currency) == (31, "CNY")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"freeze_level": 1}, FrozenByOwner),
        ({"freeze_level": 2}, Restricted),
        ({"freeze_level": 3}, Restricted),
        ({"closed_at": NOON}, WalletClosed),
        ({"closed_at": NOON, "freeze_level": 3, "posted_credits": 0}, WalletClosed),
        ({"freeze_level": 3, "posted_credits": 0}, Restricted),
    ],
)
def test_the_gravest_reason_is_told_first(
    changes: dict[str, object], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        wallets.check_can_pay(account(**changes), MinorUnits(1))

"""Receive codes: made for a wallet, leading to its owner, void once they are replaced."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain import amounts, receive_codes
from domain.money import MAX_MINOR_UNITS
from domain.receive_codes import CodeNoteInvalid, Life, QrExpired
from domain.refusals import NotFound
from domain.wallets import WalletClosed
from models.people import Person
from models.receive_codes import ReceiveToken
from models.wallets import Account
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def created(owner: Person, wallet: Account, **changes: Any) -> receive_codes.Written:
    wish: dict[str, Any] = {
        "by": owner.id,
        "wallet_id": wallet.id,
        "amount": None,
        "currency": None,
        "note": "",
        "life": Life.FIFTEEN_MINUTES,
        "now": NOON,
    }
    return await receive_codes.create(**{**wish, **changes})


async def test_a_code_leads_to_its_owner_and_tells_no_id_of_theirs() -> None:
    ada = await factories.person("adalove", display_name="Ada Lovelace")
    wallet = await factories.wallet(ada)

    made = await created(ada, wallet)

    assert await receive_codes.payee(made.text, NOON) == ada
    assert "A** L*******" in made.text
    for hidden in ("adalove", "Lovelace", ada.id.hex, str(ada.id), wallet.id.hex):
        assert hidden.lower() not in made.text.lower()


async def test_two_first_codes_of_a_wallet_at_once_are_one() -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)

    first, second = await asyncio.gather(created(ada, wallet), created(ada, wallet))

    assert first == second


async def test_a_wallet_keeps_its_word_and_each_wallet_has_its_own() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    wallet = await factories.wallet(ada)

    first, second = await created(ada, wallet), await created(ada, wallet)
    others = [
        await created(ada, await factories.wallet(ada, currency="JPY")),
        await created(bob, await factories.wallet(bob)),
    ]

    assert first == second
    assert len({made.code.token for made in (first, *others)}) == 3


async def test_replacing_voids_every_code_of_that_wallet_and_of_no_other() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    wallet = await factories.wallet(ada)
    of_bob = await created(bob, await factories.wallet(bob))
    old = [
        await created(ada, wallet),
        await created(ada, wallet, amount=5, currency="CNY", life=Life.ONE_WEEK),
    ]

    fresh = await receive_codes.replace(by=ada.id, wallet_id=wallet.id, now=NOON)

    for made in old:
        with pytest.raises(QrExpired):
            await receive_codes.payee(made.text, NOON)
    assert await receive_codes.payee(fresh.text, NOON) == ada
    assert await receive_codes.payee(of_bob.text, NOON) == bob
    assert (await created(ada, wallet)).text == fresh.text


async def test_the_first_code_of_a_wallet_may_be_a_replacement() -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)

    made = await receive_codes.replace(by=ada.id, wallet_id=wallet.id, now=NOON)

    assert await receive_codes.payee(made.text, NOON) == ada


@pytest.mark.parametrize("life", Life)
async def test_a_code_with_an_amount_lives_as_long_as_its_owner_chose(life: Life) -> None:
    ada = await factories.person("ada")
    late = NOON + timedelta(microseconds=999_999)

    made = await created(
        ada, await factories.wallet(ada), amount=5, currency="CNY", life=life, now=late
    )

    assert made.code.expires_at == NOON + life.duration


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount": 0, "currency": "CNY"}, amounts.AmountInvalid),
        ({"amount": -1, "currency": "CNY"}, amounts.AmountInvalid),
        ({"amount": 10**12, "currency": "CNY"}, amounts.AmountInvalid),
        ({"amount": MAX_MINOR_UNITS + 1, "currency": "CNY"}, amounts.AmountInvalid),
        ({"amount": 5, "currency": "JPY"}, amounts.CurrencyMismatch),
        ({"note": "x" * 41}, CodeNoteInvalid),
        ({"note": "a\u202eb"}, CodeNoteInvalid),
    ],
)
async def test_a_code_that_cannot_be_is_refused_and_leaves_nothing(
    change: dict[str, Any], refusal: type[Exception]
) -> None:
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)

    with pytest.raises(refusal):
        await created(ada, wallet, **change)

    assert await ReceiveToken.all().count() == 0


async def test_only_the_owner_makes_codes_for_a_wallet_and_only_while_it_is_open() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    wallet = await factories.wallet(ada)

    with pytest.raises(NotFound):
        await created(bob, wallet)
    with pytest.raises(NotFound):
        await receive_codes.replace(by=bob.id, wallet_id=wallet.id, now=NOON)

    await Account.filter(id=wallet.id).update(closed_at=NOON)
    with pytest.raises(WalletClosed):
        await created(ada, wallet)
    with pytest.raises(WalletClosed):
        await receive_codes.replace(by=ada.id, wallet_id=wallet.id, now=NOON)
    assert await ReceiveToken.all().count() == 0

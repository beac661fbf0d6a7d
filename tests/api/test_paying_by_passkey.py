"""Payments confirmed with a passkey: exactly what was shown, once, and nothing on a no."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from models.passkeys import Passkey
from tests import factories
from tests.api.conftest import Moving, Resident
from tests.api.test_passkeys import added
from tests.api.test_transfers import wish
from tests.authenticators import Authenticator
from tests.moments import Clock

PREPARE: Final = """mutation ($input: PrepareTransferInput!) { prepareTransfer(input: $input) {
    ... on TransferPrepared { quote { id } challenge { id methods passkeyOptions } }
    ... on Problem { code } } }"""
CONFIRM: Final = """mutation ($input: ConfirmTransferInput!) { confirmTransfer(input: $input) {
    ... on TransferCompleted { transfer { id } }
    ... on Problem { code field } } }"""

Signing = Callable[[Authenticator, str], str]


async def prepared(payer: Resident, payee: str, amount: int) -> Any:
    """What the payer is shown, with what a device must be asked."""
    return await payer.asker.data(PREPARE, input=wish(payer, payee, amount))


async def confirmed(payer: Resident, shown: Any, answer: str, key: str = "k") -> Any:
    """The answer to confirming it with what a device answered."""
    words = {
        "quoteId": shown["quote"]["id"],
        "challengeId": shown["challenge"]["id"],
        "proof": {"passkey": answer},
        "idempotencyKey": key,
    }
    return await payer.asker.data(CONFIRM, input=words)


async def test_a_payment_is_confirmed_with_a_passkey_once(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    device = Authenticator()
    await added(ada.asker, device)
    shown = await prepared(ada, "bob", 250)
    answer = device.sign(shown["challenge"]["passkeyOptions"])

    first = await confirmed(ada, shown, answer)
    again = await confirmed(ada, shown, answer)

    assert "PASSKEY" in shown["challenge"]["methods"]
    assert first == again
    assert "transfer" in first
    assert await factories.balances(ada.wallet, bob.wallet) == [750, 250]


async def test_of_ten_confirms_at_once_with_one_signature_one_pays(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    device = Authenticator(counts=False)
    await added(ada.asker, device)
    shown = await prepared(ada, "bob", 250)
    answer = device.sign(shown["challenge"]["passkeyOptions"])

    answers = await asyncio.gather(
        *(confirmed(ada, shown, answer, f"key-{number}") for number in range(10))
    )

    assert ["transfer" in each for each in answers].count(True) == 1
    assert {each["code"] for each in answers if "code" in each} == {"CHALLENGE_SPENT"}
    assert await factories.balances(ada.wallet, bob.wallet) == [750, 250]


async def test_a_signature_for_one_payment_confirms_no_other(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    device = Authenticator()
    await added(ada.asker, device)
    small, large = await prepared(ada, "bob", 1), await prepared(ada, "bob", 999)

    refused = await confirmed(ada, large, device.sign(small["challenge"]["passkeyOptions"]))

    assert refused["code"] == "PASSKEY_REFUSED"
    assert await factories.balances(ada.wallet, bob.wallet) == [1_000, 0]


@pytest.mark.parametrize(
    "signing",
    [
        lambda device, asked: device.sign(asked, origin="https://upay.example"),
        lambda device, asked: device.twin(rp_id="upay.example").sign(asked),
        lambda device, asked: device.twin(verifies=False).sign(asked),
        lambda device, asked: device.twin(count=-1).sign(asked),
        lambda device, asked: Authenticator().sign(asked),
        lambda device, asked: "x" * 61_440,
        lambda device, asked: "",
    ],
)
async def test_what_proves_nothing_pays_nothing_and_leaves_the_key_unused(
    resident: Moving, signing: Signing
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    device = Authenticator(count=7)
    await added(ada.asker, device)
    shown = await prepared(ada, "bob", 250)
    options = shown["challenge"]["passkeyOptions"]
    before = await Passkey.all().values()

    refused = await confirmed(ada, shown, signing(device, options))

    assert refused["code"] == "PASSKEY_REFUSED"
    assert await factories.balances(ada.wallet, bob.wallet) == [1_000, 0]
    assert await Passkey.all().values() == before
    assert "transfer" in await confirmed(ada, shown, device.sign(options))


async def test_anothers_passkey_pays_nothing(resident: Moving) -> None:
    ada, eve = await resident("ada", holds=1_000), await resident("eve")
    adas, eves = Authenticator(), Authenticator()
    await added(ada.asker, adas)
    await added(eve.asker, eves)
    shown = await prepared(ada, "eve", 250)

    refused = await confirmed(ada, shown, eves.sign(shown["challenge"]["passkeyOptions"]))

    assert refused["code"] == "PASSKEY_REFUSED"
    assert await factories.balances(ada.wallet, eve.wallet) == [1_000, 0]


async def test_after_five_minutes_the_signature_comes_too_late(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    device = Authenticator()
    await added(ada.asker, device)
    shown = await prepared(ada, "bob", 250)
    answer = device.sign(shown["challenge"]["passkeyOptions"])

    clock.advance(minutes=5)

    assert (await confirmed(ada, shown, answer))["code"] == "QUOTE_EXPIRED"
    assert await factories.balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_whoever_has_no_passkey_is_not_offered_one(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)
    await resident("bob")

    challenge = (await prepared(ada, "bob", 250))["challenge"]

    assert (challenge["methods"], challenge["passkeyOptions"]) == (["PIN"], None)

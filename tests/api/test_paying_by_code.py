"""Paying by a scanned code through the API, and every code that is not to be paid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest

from domain import secrets
from models.movements import Movement
from models.people import Person
from models.quotes import Challenge, Quote
from models.receive_codes import ReceiveToken
from models.wallets import Account
from tests import factories
from tests.api.conftest import Moving, Resident, Returning
from tests.api.test_receive_codes import REPLACE, cny, code_of
from tests.api.test_transfers import confirm
from tests.conftest import KEYRING
from tests.domain.test_tlv import PUBLISHED, closed
from tests.factories import balances
from tests.moments import Clock

SCANNED: Final = """
query ($text: String!) {
  scannedCode(text: $text) {
    __typename
    ... on ScannedCode {
      payee { maskedName isMerchant } currency amount { amountMinor } note expiresAt
    }
    ... on Problem { code field message nextStep }
  }
}
"""

PREPARE: Final = """
mutation ($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    __typename
    ... on TransferPrepared {
      quote { id total { amountMinor } payee { maskedName } note }
      challenge { id }
    }
    ... on CodeAmountDiffers { expected { amountMinor currency } }
    ... on Problem { code field message nextStep }
  }
}
"""


async def pay(payer: Resident, text: str, **changes: Any) -> dict[str, Any]:
    """What the payer is shown once they have scanned."""
    wish = {"walletId": payer.wallet_id, "payee": {"receiveCode": text}, **changes}
    answer: dict[str, Any] = await payer.asker.data(PREPARE, input=wish)
    return answer


async def nothing_moved(ada: Resident, bob: Resident) -> None:
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    assert await Challenge.all().count() == await Quote.all().count() == 0
    assert await Movement.filter(target_id=bob.wallet.id).count() == 0


async def test_a_lasting_code_is_paid_with_whatever_the_payer_chooses(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", display_name="Bob Marley")
    shown = await code_of(bob)

    for turn, amount in enumerate((250, 300)):
        quoted = await pay(ada, shown["text"], amount=cny(amount))
        assert quoted["quote"]["payee"] == {"maskedName": "B** M*****"}
        words = {"quoteId": quoted["quote"]["id"], "challengeId": quoted["challenge"]["id"]}
        paid = await confirm(ada, words, key=f"key-{turn}")
        assert paid["__typename"] == "TransferCompleted"

    assert (shown["amount"], shown["expiresAt"]) == (None, None)
    assert await balances(ada.wallet, bob.wallet) == [450, 550]


async def test_a_code_with_an_amount_brings_its_amount_and_its_note(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(bob, amount=cny(250), note="午饭")

    quoted = await pay(ada, shown["text"])
    words = {"quoteId": quoted["quote"]["id"], "challengeId": quoted["challenge"]["id"]}
    paid = await confirm(ada, words)

    assert (quoted["quote"]["total"], quoted["quote"]["note"]) == ({"amountMinor": 250}, "午饭")
    assert paid["__typename"] == "TransferCompleted"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_a_payer_may_repeat_the_amount_and_write_their_own_note(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(bob, amount=cny(250), note="lunch")

    quoted = await pay(ada, shown["text"], amount=cny(250), note="thank you")

    assert (quoted["quote"]["total"], quoted["quote"]["note"]) == (
        {"amountMinor": 250},
        "thank you",
    )


async def test_a_scan_shows_what_is_asked_and_no_more_of_the_payee_than_a_mask(
    resident: Moving,
) -> None:
    ada, wang = await resident("ada"), await resident("wang", display_name="王小明")
    shown = await code_of(wang, amount=cny(250), note="午饭", life="ONE_DAY")

    scanned = await ada.asker.data(SCANNED, text=shown["text"])

    assert scanned == {
        "__typename": "ScannedCode",
        "payee": {"maskedName": "**明", "isMerchant": False},
        "currency": "CNY",
        "amount": {"amountMinor": 250},
        "note": "午饭",
        "expiresAt": "2026-03-03T12:00:00+00:00",
    }
    for hidden in ("wang", "王", "小", wang.person.id.hex, wang.wallet.id.hex):
        assert hidden not in shown["text"].lower()
        assert hidden not in str(shown["svg"])


Altering = Callable[[str], str]


@pytest.mark.parametrize(
    "altered",
    [
        lambda text: text[:-8].replace("54042.50", "54049.50"),
        lambda text: text[:-8].replace("5303156", "5303840"),
        lambda text: text[:-8].replace("B**", "C**"),
        lambda text: text[:-8].replace("0104TEST", "0104TOST"),
        lambda text: text[: text.index("80620008")],
    ],
)
async def test_an_altered_code_is_told_apart_from_an_unreadable_one(
    resident: Moving, altered: Altering
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    genuine = (await code_of(bob, amount=cny(250)))["text"]
    text = altered(genuine)
    assert text != genuine[:-8], genuine

    mended, unmended = await pay(ada, closed(text)), await pay(ada, text + genuine[-8:])

    assert (mended["code"], mended["field"]) == ("QR_TAMPERED", ["payee", "receiveCode"])
    assert "Do not pay" in mended["message"]
    assert mended["nextStep"]
    assert unmended["code"] == "QR_INVALID"
    await nothing_moved(ada, bob)


async def test_a_sticker_with_another_payee_over_the_amount_is_found_out(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    eve = await resident("eve")
    of_bob, of_eve = await code_of(bob, amount=cny(250)), await code_of(eve)
    bobs, eves = [(await ReceiveToken.get(wallet_id=each.wallet.id)).token for each in (bob, eve)]

    answer = await pay(ada, closed(of_bob["text"][:-8].replace(bobs, eves)))

    assert eves in of_eve["text"]
    assert answer["code"] == "QR_TAMPERED"
    assert await balances(eve.wallet) == [0]
    await nothing_moved(ada, bob)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PUBLISHED, "QR_FOREIGN"),
        ("", "QR_INVALID"),
        ("https://example.org/pay/bob", "QR_INVALID"),
        ("\x00", "QR_INVALID"),
        ("0" * 60_000, "QR_INVALID"),
    ],
)
async def test_what_is_not_a_code_of_upay_is_refused_wherever_it_is_shown(
    resident: Moving, text: str, code: str
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    paid = await pay(ada, text, amount=cny(100))
    scanned = await ada.asker.data(SCANNED, text=text)
    found = await ada.asker.data(
        "query ($by: PayeeInput!) { payee(by: $by) { ... on Problem { code field } } }",
        by={"receiveCode": text},
    )

    assert (paid["code"], paid["field"]) == (code, ["payee", "receiveCode"])
    assert (scanned["code"], scanned["field"]) == (code, ["text"])
    assert found == {"code": code, "field": ["by"]}
    await nothing_moved(ada, bob)


async def test_a_code_of_another_upay_says_that_it_may_be_that(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    secrets.install(secrets.Keyring(current="theirs", keys={"theirs": b"x" * 32}))
    theirs = (await code_of(bob))["text"]
    secrets.install(KEYRING)

    answer = await pay(ada, theirs, amount=cny(100))

    assert answer["code"] == "QR_TAMPERED"
    assert "another uPay" in answer["message"]
    await nothing_moved(ada, bob)


async def test_a_code_with_an_amount_expires(
    resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(bob, amount=cny(250), life="FIFTEEN_MINUTES")

    clock.advance(minutes=15, seconds=-1)
    in_time = await ada.asker.data(SCANNED, text=shown["text"])
    clock.advance(seconds=1)
    late = await pay(await returning(ada), shown["text"])

    assert in_time["__typename"] == "ScannedCode"
    assert (late["code"], late["field"]) == ("QR_EXPIRED", ["payee", "receiveCode"])
    await nothing_moved(ada, bob)


async def test_a_replaced_code_is_void_and_the_fresh_one_is_paid(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    old = await code_of(bob)

    answer = await bob.asker.data(REPLACE, input={"walletId": bob.wallet_id})
    refused = await pay(ada, old["text"], amount=cny(100))
    await nothing_moved(ada, bob)
    quoted = await pay(ada, answer["receiveCode"]["text"], amount=cny(100))

    assert answer["__typename"] == "ReceiveCodeReplaced"
    assert refused["code"] == "QR_EXPIRED"
    assert quoted["__typename"] == "TransferPrepared"


@pytest.mark.parametrize("amount", [cny(249), cny(251), {"amountMinor": 250, "currency": "JPY"}])
async def test_another_amount_than_the_codes_is_refused(
    resident: Moving, amount: dict[str, Any]
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(bob, amount=cny(250))

    answer = await pay(ada, shown["text"], amount=amount)

    assert (answer["code"], answer["field"]) == ("CODE_AMOUNT_DIFFERS", ["amount"])
    assert answer["expected"] == cny(250)
    assert answer["message"] == "The code asks for CN¥2.50."
    await nothing_moved(ada, bob)


async def test_an_amount_must_come_from_somewhere(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(bob)

    by_code = await pay(ada, shown["text"])
    by_name = await pay(ada, "", payee={"accountName": "bob"})

    assert by_code["code"] == by_name["code"] == "AMOUNT_INVALID"
    await nothing_moved(ada, bob)


async def test_a_code_for_one_currency_is_not_paid_from_a_wallet_in_another(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    yen = await factories.wallet(bob.person, currency="JPY")
    shown = await code_of(bob, walletId=f"wal_{yen.id.hex}")

    answers = [await pay(ada, shown["text"], amount=cny(100))]
    asking = await code_of(
        bob, walletId=f"wal_{yen.id.hex}", amount={"amountMinor": 100, "currency": "JPY"}
    )
    answers.append(await pay(ada, asking["text"]))

    assert [answer["code"] for answer in answers] == ["CURRENCY_MISMATCH"] * 2
    assert await balances(yen) == [0]
    await nothing_moved(ada, bob)


async def test_nobody_pays_themselves_by_their_own_code(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    shown = await code_of(ada)

    paid = await pay(ada, shown["text"], amount=cny(100))
    scanned = await ada.asker.data(SCANNED, text=shown["text"])

    assert paid["code"] == scanned["code"] == "SELF_PAYMENT"
    await nothing_moved(ada, bob)


async def test_a_code_of_somebody_who_left_or_cannot_be_paid_is_refused_as_by_name(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    text = (await code_of(bob))["text"]

    await Account.filter(id=bob.wallet.id).update(freeze_level=2)
    restricted = await pay(ada, text, amount=cny(100))
    await Account.filter(id=bob.wallet.id).update(freeze_level=0, closed_at=bob.wallet.opened_at)
    wallet_closed = await pay(ada, text, amount=cny(100))
    await Person.filter(id=bob.person.id).update(closed_at=bob.wallet.opened_at)
    left = await pay(ada, text, amount=cny(100))

    assert [answer["code"] for answer in (restricted, wallet_closed, left)] == [
        "PAYEE_CANNOT_RECEIVE",
        "PAYEE_CANNOT_RECEIVE",
        "PAYEE_NOT_FOUND",
    ]
    await nothing_moved(ada, bob)

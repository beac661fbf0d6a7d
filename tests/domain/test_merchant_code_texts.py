"""The text of a merchant's code: what it says, and that nobody else can write one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import receive_codes, secrets
from domain.codes import (
    NOT_FOLLOWED,
    QrExpired,
    QrForeign,
    QrInvalid,
    QrOfAnotherKind,
    QrTampered,
    seals,
    tlv,
)
from domain.merchant_codes import OrderCode, texts, write_for_order, write_static
from domain.merchant_codes.texts import Token
from domain.money import EXPONENTS, MAX_MINOR_UNITS, MinorUnits
from domain.receive_codes import ReceiveCode
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.orders import Order
from tests.domain.test_tlv import PUBLISHED, closed
from tests.moments import NOON

OURS: Final = secrets.Keyring(current="2026-a", keys={"2026-a": bytes(range(32))})
TOKEN: Final = "ABCDEFGHIJKLMNOP"
NUMBER: Final = "4000001234567899"
SHOP: Final = Merchant(
    id=UUID(int=1), number="1000000009", name="茶馆 Cha", category="5812", country="CN", city="杭州"
)
AMOUNTS: Final = st.integers(min_value=1, max_value=999_999_999_999)
NAMES: Final = st.text(min_size=1, max_size=64)
LABELS: Final = st.text(max_size=25)


@pytest.fixture(autouse=True)
def keyring() -> Iterator[None]:
    secrets.install(OURS)
    yield
    secrets.install(None)


def order(**changes: Any) -> Order:
    facts: dict[str, Any] = {
        "id": UUID(int=2),
        "number": NUMBER,
        "merchant_id": SHOP.id,
        "amount": 12_34,
        "currency": "CNY",
        "expires_at": NOON + timedelta(minutes=15),
    }
    return Order(**{**facts, **changes})


def asking(**changes: Any) -> str:
    """The text of an order's code."""
    text = write_for_order(order(**changes), SHOP, livemode=True)
    assert text is not None
    return text


def lasting(store: str = "West Lake", till: str = "3", *, livemode: bool = True) -> str:
    """The text of a code that hangs at a till."""
    code = MerchantCode(
        id=UUID(int=3), merchant_id=SHOP.id, currency="CNY", store=store, till=till, token=TOKEN
    )
    return write_static(code, SHOP, livemode=livemode)


@given(currency=st.sampled_from(sorted(EXPONENTS)), amount=AMOUNTS, name=NAMES, city=NAMES)
def test_whatever_an_orders_code_says_is_read_as_it_was_written(
    currency: str, amount: int, name: str, city: str
) -> None:
    shop = Merchant(number="1000000009", name=name, category="5812", country="CN", city=city)

    text = write_for_order(order(amount=amount, currency=currency), shop, livemode=False)

    assert text is not None
    assert texts.read(text, NOON) == OrderCode(NUMBER, MinorUnits(amount), currency)
    assert len(text) <= tlv.MAX_CHARS


@given(store=LABELS, till=LABELS)
def test_a_lasting_code_is_read_whatever_its_till_is_called(store: str, till: str) -> None:
    assert texts.read(lasting(store, till), NOON) == Token(TOKEN)


def test_an_orders_code_is_written_field_by_field_as_emvco_has_it() -> None:
    fields = tlv.opened(asking())

    assert {id: fields[id] for id in list(fields)[:-2]} == {
        "00": "01",
        "01": "12",
        "26": "0008APP.UPAY04101000000009",
        "52": "5812",
        "53": "156",
        "54": "12.34",
        "58": "CN",
        "59": "** CHA",
        "60": "ONLINE",
        "62": f"0116{NUMBER}",
        "64": "0002ZH0106茶馆 Cha0202杭州",
    }
    assert re.fullmatch("0008APP.UPAY01062026-A0210[0-9]{10}0324[A-Z2-7]{24}", fields["80"])


def test_a_lasting_code_names_its_till_and_no_amount() -> None:
    fields = tlv.opened(lasting())

    assert (fields["01"], "54" in fields) == ("11", False)
    assert fields["26"] == f"0008APP.UPAY041010000000090516{TOKEN}"
    assert fields["62"] == "0309West Lake07013"
    assert "62" not in tlv.opened(lasting("", ""))


def test_a_code_of_a_test_server_says_so_to_whoever_looks_into_it() -> None:
    assert "0304TEST" in tlv.opened(lasting(livemode=False))["26"]
    assert "TEST" not in lasting(livemode=True)


def test_an_amount_without_room_has_no_code() -> None:
    assert write_for_order(order(amount=MAX_MINOR_UNITS), SHOP, livemode=True) is None
    assert write_for_order(order(amount=10**12), SHOP, livemode=True) is None
    assert asking(amount=10**12 - 1)


@pytest.mark.parametrize("text", ["asking", "lasting"])
def test_every_single_character_counts(text: str) -> None:
    genuine = asking() if text == "asking" else lasting()
    others = {
        genuine[:place] + middle + genuine[place + width :]
        for place in range(len(genuine))
        for width, middle in [*((1, char) for char in "0918AZaz .*明\x00\ud800"), (1, ""), (0, "0")]
    } - {genuine}
    mended = {closed(each[:-8].encode(errors="replace").decode()) for each in others} - {genuine}

    assert len(others) > 1_500
    for each in others | mended:
        with pytest.raises(NOT_FOLLOWED):
            texts.read(each, NOON)


@given(place=st.integers(0, 10**6), char=st.characters())
def test_any_other_character_anywhere_is_refused(place: int, char: str) -> None:
    genuine = asking()
    at = place % len(genuine)
    altered = genuine[:at] + char + genuine[at + 1 :]

    if altered != genuine:
        for text in (altered, closed(altered[:-8].encode(errors="replace").decode())):
            if text != genuine:
                with pytest.raises(NOT_FOLLOWED):
                    texts.read(text, NOON)


@pytest.mark.parametrize("tip", ["550201", "55020256045.00", "550203570510.00", "99041234"])
def test_a_tip_or_a_field_that_somebody_adds_is_not_paid(tip: str) -> None:
    body = asking()[:-8]
    before_seal = body.index("80640008")

    for altered in (body + tip, body[:before_seal] + tip + body[before_seal:]):
        with pytest.raises(QrTampered):
            texts.read(closed(altered), NOON)


@pytest.mark.parametrize(
    ("tip", "more"),
    [("550201", ""), ("550202", "56045.00"), ("550203", "570510.00"), ("6105ABCDE", "")],
)
def test_fields_that_are_signed_and_unknown_are_tolerated_and_change_no_amount(
    tip: str, more: str
) -> None:
    fields = list(tlv.opened(asking()).items())[:-2]

    text = seals.closed([*fields, *tlv.split(tip + more).items()], expires_at=order().expires_at)

    assert tip in text
    assert texts.read(text, NOON) == OrderCode(NUMBER, MinorUnits(12_34), "CNY")


def test_a_code_ends_with_its_order_and_a_lasting_one_never() -> None:
    ends = order().expires_at

    assert texts.read(asking(), ends - timedelta(microseconds=1))
    assert texts.read(lasting(), NOON + timedelta(days=36_500)) == Token(TOKEN)
    with pytest.raises(QrExpired):
        texts.read(asking(), ends)


def test_codes_of_people_and_of_merchants_are_told_apart_both_ways() -> None:
    persons = receive_codes.codes.write(ReceiveCode(TOKEN, "CNY"), payee="Bob")

    with pytest.raises(QrOfAnotherKind):
        texts.read(persons, NOON)
    for text in (asking(), lasting()):
        with pytest.raises(QrOfAnotherKind):
            receive_codes.read(text, NOON)


def test_a_code_of_another_server_is_not_followed_whatever_its_key_is_called() -> None:
    secrets.install(secrets.Keyring(current="2026-a", keys={"2026-a": b"x" * 32}))
    theirs = asking()
    secrets.install(OURS)

    with pytest.raises(QrTampered):
        texts.read(theirs, NOON)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (PUBLISHED, QrForeign),
        ("", QrInvalid),
        ("0002016304", QrInvalid),
        ("\ud800", QrInvalid),
        ("9" * 61_440, QrInvalid),
        ("0" * 61_440, QrInvalid),
        (closed("000201260900050AB.C"), QrForeign),
    ],
)
def test_what_is_no_code_of_ours_is_refused_by_its_name(
    text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        texts.read(text, NOON)


@given(st.text(max_size=200) | st.text("0123456789", max_size=520))
def test_garbage_is_refused_and_does_nothing_else(text: str) -> None:
    for each in (text, closed(text.encode(errors="replace").decode())):
        with pytest.raises(NOT_FOLLOWED):
            texts.read(each, NOON)


def test_the_documented_examples_are_what_upay_writes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "merchants" / "codes.md").read_text()

    assert f"\n{asking()}\n" in page
    assert f"\n{lasting()}\n" in page

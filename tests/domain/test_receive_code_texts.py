"""The text of a receive code: what it says, and that nobody else can write one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from domain import amounts, receive_codes, secrets
from domain.codes import spelling, tlv
from domain.money import EXPONENTS, MAX_MINOR_UNITS, MinorUnits
from domain.receive_codes import (
    CodeAmountDiffers,
    QrExpired,
    QrForeign,
    QrInvalid,
    QrTampered,
    ReceiveCode,
    codes,
)
from tests.domain.test_tlv import PUBLISHED, closed
from tests.moments import NOON

OURS: Final = secrets.Keyring(current="2026-a", keys={"2026-a": bytes(range(32))})
TOKEN: Final = "ABCDEFGHIJKLMNOP"
LASTING: Final = ReceiveCode(token=TOKEN, currency="CNY")
ASKING: Final = ReceiveCode(
    token=TOKEN,
    currency="CNY",
    amount=MinorUnits(12_34),
    note="午饭 AA",
    expires_at=NOON + timedelta(minutes=15),
)
NOT_FOLLOWED: Final = (QrInvalid, QrForeign, QrTampered, QrExpired)

CURRENCIES: Final = st.sampled_from(sorted(EXPONENTS))
NOTES: Final = st.text(max_size=receive_codes.NOTE_MAX)
NAMES: Final = st.text(min_size=1, max_size=64)
AMOUNTS: Final = st.none() | st.integers(min_value=1, max_value=999_999_999_999).map(MinorUnits)
ENDS: Final = st.none() | st.integers(min_value=1, max_value=10**9).map(
    lambda seconds: NOON + timedelta(seconds=seconds)
)


def mended(text: str) -> str:
    """An altered code with its checksum put right, as whoever altered it would."""
    return closed(text[:-8].encode(errors="replace").decode())


@pytest.fixture(autouse=True)
def keyring() -> Iterator[None]:
    secrets.install(OURS)
    yield
    secrets.install(None)


@given(currency=CURRENCIES, amount=AMOUNTS, note=NOTES, expires_at=ENDS, name=NAMES)
def test_whatever_a_code_says_is_read_as_it_was_written(
    currency: str, amount: MinorUnits | None, note: str, expires_at: datetime | None, name: str
) -> None:
    code = ReceiveCode(TOKEN, currency, amount, note, expires_at)

    text = codes.write(code, payee=name)

    assert codes.read(text, NOON) == code
    assert len(text) <= tlv.MAX_CHARS


def test_a_lasting_code_is_written_field_by_field_as_emvco_has_it() -> None:
    fields = tlv.opened(codes.write(LASTING, payee="王小明"))

    assert {id: fields[id] for id in list(fields)[:-2]} == {
        "00": "01",
        "01": "11",
        "26": f"0008APP.UPAY0116{TOKEN}",
        "52": "0000",
        "53": "156",
        "58": "CN",
        "59": "UPAY",
        "60": "ONLINE",
        "64": "0002ZH0103王小明",
    }
    assert re.fullmatch("0008APP.UPAY01062026-A0324[A-Z2-7]{24}", fields["80"])


def test_a_code_with_an_amount_says_how_much_what_for_and_until_when() -> None:
    fields = tlv.opened(codes.write(ASKING, payee="A** L*******"))

    assert (fields["01"], fields["54"], fields["59"]) == ("12", "12.34", "A** L*******")
    assert tlv.split(fields["26"])["02"] == "午饭 AA"
    assert datetime.fromtimestamp(int(tlv.split(fields["80"])["02"]), UTC) == ASKING.expires_at


@pytest.mark.parametrize(
    ("currency", "units", "written"),
    [
        ("CNY", 1, "0.01"),
        ("CNY", 100, "1.00"),
        ("CNY", 1234, "12.34"),
        ("JPY", 500, "500"),
        ("KWD", 1, "0.001"),
        ("KWD", 1_234_567, "1234.567"),
        ("CNY", 999_999_999_999, "9999999999.99"),
        ("CNY", 1_000_000_000_000, None),
        ("JPY", MAX_MINOR_UNITS, None),
    ],
)
def test_an_amount_has_the_point_of_its_currency_and_at_most_thirteen_characters(
    currency: str, units: int, written: str | None
) -> None:
    assert spelling.amount(MinorUnits(units), currency) == written


@pytest.mark.parametrize(
    ("name", "latin", "chinese"),
    [
        ("A** L*******", "A** L*******", None),
        ("Zoë Müller", "ZOE MULLER", None),
        ("**明", "UPAY", "**明"),
        ("茶馆 Cha", "** CHA", "茶馆 Cha"),
        ("김**", "UPAY", None),
        ("x" * 64, "X" * 25, None),
        ("ß" * 20, "*" * 20, None),
        ("王" * 64, "UPAY", "王" * 25),
        (" ", "UPAY", None),
        ("😀", "UPAY", None),
    ],
)
def test_a_name_is_spelt_in_the_letters_there_are_and_in_its_own(
    name: str, latin: str, chinese: str | None
) -> None:
    spelt = spelling.latin_name(name)

    assert spelt == (latin if any(char.isalnum() for char in latin) else "UPAY")
    assert spelling.chinese_name(name) == chinese


@given(NAMES)
def test_any_name_fits_its_field(name: str) -> None:
    assert re.fullmatch(r"[ -~]{1,25}", spelling.latin_name(name))


def test_every_currency_of_upay_has_its_number() -> None:
    numbers = {code: spelling.currency(code) for code in EXPONENTS}

    assert all(re.fullmatch("[0-9]{3}", number) for number in numbers.values())
    assert {code: spelling.currency_read(number) for code, number in numbers.items()} == {
        code: code for code in EXPONENTS
    }


@pytest.mark.parametrize("code", [LASTING, ASKING], ids=["lasting", "asking"])
def test_every_single_character_counts(code: ReceiveCode) -> None:
    text = codes.write(code, payee="王小明")
    others = [
        text[:place] + middle + text[place + width :]
        for place in range(len(text))
        for width, middle in [*((1, char) for char in "0918AZaz .*明\x00\ud800"), (1, ""), (0, "0")]
    ]

    altered = {*others, *map(mended, others)} - {text}

    assert len(altered) > 3_000
    for each in altered:
        with pytest.raises(NOT_FOLLOWED):
            codes.read(each, NOON)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("540512.34", "540500.01"),
        ("540512.34", "540599.99"),
        ("5303156", "5303840"),
        ("5802CN", "5802HK"),
        (f"0116{TOKEN}", "0116PONMLKJIHGFEDCBA"),
        ("010212", "010211"),
        ("午饭 AA", "晚饭 AA"),
        ("6006ONLINE", "6006ON-NET"),
        ("2026-A", "2026-B"),
        ("2026-A", "2026-a"),
        ("0210", "0310"),
        ("0324", "0424"),
    ],
)
def test_whoever_alters_a_code_and_mends_its_checksum_is_found_out(before: str, after: str) -> None:
    genuine = codes.write(ASKING, payee="A** L*******")[:-8]
    altered = genuine.replace(before, after, 1)

    assert altered != genuine
    with pytest.raises(QrTampered):
        codes.read(closed(altered), NOON)


def test_a_code_without_its_seal_or_with_that_of_another_code_is_found_out() -> None:
    asking, lasting = (codes.write(each, payee="Bob")[:-8] for each in (ASKING, LASTING))
    bare, sealed = asking[: asking.index("80640008")], lasting[lasting.index("80500008") :]

    for altered in (bare, bare + sealed, bare + "8001x", f"{bare}80120008APP.UPAY"):
        with pytest.raises(QrTampered):
            codes.read(closed(altered), NOON)


def test_a_code_of_another_upay_is_not_followed_whatever_its_key_is_called() -> None:
    theirs = secrets.Keyring(current="2026-a", keys={"2026-a": b"x" * 32, "theirs": b"y" * 32})
    secrets.install(theirs)
    same_name = codes.write(LASTING, payee="Bob")
    secrets.install(secrets.Keyring(current="theirs", keys=theirs.keys))
    other_name = codes.write(LASTING, payee="Bob")
    secrets.install(OURS)

    for text in (same_name, other_name):
        with pytest.raises(QrTampered):
            codes.read(text, NOON)


def test_a_code_outlives_a_change_of_key_until_the_old_one_is_thrown_away() -> None:
    text = codes.write(LASTING, payee="Bob")
    fresh = {"2026-b": b"z" * 32}

    secrets.install(secrets.Keyring(current="2026-b", keys={**fresh, **OURS.keys}))
    assert codes.read(text, NOON) == LASTING

    secrets.install(secrets.Keyring(current="2026-b", keys=fresh))
    with pytest.raises(QrTampered):
        codes.read(text, NOON)


@pytest.mark.parametrize(
    "text",
    [
        PUBLISHED,
        closed("000201"),
        closed("0002015802CN"),
        closed("000201260900050AB.C"),
        closed("00020126120008app.upay"),
        closed("00020126120008APP.UPAX"),
        closed("00020125120008APP.UPAY"),
        closed("00020165120008APP.UPAY"),
        closed("0002012604gibb"),
        closed("0002012699" + "2695" * 24 + "269"),
    ],
)
def test_a_payment_code_of_somebody_else_is_told_apart(text: str) -> None:
    with pytest.raises(QrForeign):
        codes.read(text, NOON)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "https://example.org/pay",
        "0002016304",
        "\ud800",
        "\x00" * 512,
        "9" * 10**6,
    ],
)
def test_what_is_no_payment_code_is_not_taken_for_one(text: str) -> None:
    with pytest.raises(QrInvalid):
        codes.read(text, NOON)


@given(st.data())
def test_nothing_that_is_scanned_does_more_than_be_refused(data: st.DataObject) -> None:
    genuine = codes.write(ASKING, payee="王小明")[:-8]
    start = data.draw(st.integers(0, len(genuine)))
    end = data.draw(st.integers(start, len(genuine)))
    middle = data.draw(st.text(max_size=40) | st.text("0123456789", max_size=40))
    altered = genuine[:start] + middle + genuine[end:]

    for text in (altered, closed(altered.encode(errors="replace").decode())):
        if altered != genuine:
            with pytest.raises(NOT_FOLLOWED):
                codes.read(text, NOON)


def test_a_code_ends_at_its_second_and_a_lasting_one_never() -> None:
    asking, lasting = (codes.write(each, payee="Bob") for each in (ASKING, LASTING))
    assert ASKING.expires_at is not None

    assert codes.read(asking, ASKING.expires_at - timedelta(microseconds=1)) == ASKING
    assert codes.read(lasting, NOON + timedelta(days=36_500)) == LASTING
    with pytest.raises(QrExpired):
        codes.read(asking, ASKING.expires_at)


def test_the_code_decides_the_amount_where_it_names_one_and_the_payer_where_not() -> None:
    assert ASKING.agreed(None, None) == (12_34, "CNY")
    assert ASKING.agreed(12_34, "CNY") == (12_34, "CNY")
    assert LASTING.agreed(5, "CNY") == (5, "CNY")
    assert LASTING.agreed(None, None) == (None, "CNY")

    for amount, currency in ((12_33, "CNY"), (12_34, "JPY"), (0, "CNY")):
        with pytest.raises(CodeAmountDiffers) as differs:
            ASKING.agreed(amount, currency)
        assert (differs.value.expected, differs.value.currency) == (12_34, "CNY")
    with pytest.raises(amounts.CurrencyMismatch):
        LASTING.agreed(5, "JPY")


def test_the_documented_example_is_what_upay_writes() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "receive-codes.md").read_text()
    code = dataclasses.replace(ASKING, note="Lunch")

    text = codes.write(code, payee="A** L*******")

    assert f"\n{text}\n" in page
    for value in tlv.split(tlv.opened(text)["80"]).values():
        assert f"`{value}`" in page


def test_the_longest_code_there_can_be_still_fits(keyring: None) -> None:
    name = "k" * 16
    secrets.install(secrets.Keyring(current=name, keys={name: bytes(32)}))
    code = dataclasses.replace(ASKING, amount=MinorUnits(999_999_999_999), note="𠮷" * 40)

    text = codes.write(code, payee="𠮷" * 64)

    assert codes.read(text, NOON) == code
    assert int(segno.make(text, error="m", encoding="utf-8").version) <= 17

"""Numbers of bank accounts: read in any usual spelling, and never mixed up with those of cards."""

from __future__ import annotations

import pytest

from domain.bank_accounts import CardNumberShown, NumberInvalid, holders, numbers

IBAN = "DE89 3704 0044 0532 0130 00"
CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        (IBAN, "DE", "DE89370400440532013000"),
        ("gb29 nwbk-6016-1331-9268-19", "GB", "GB29NWBK60161331926819"),
        ("12-3456 789", "US", "123456789"),
    ],
)
def test_an_account_number_has_one_spelling(typed: str, country: str, kept: str) -> None:
    assert numbers.number(typed, country) == kept


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("DE89 3704 0044 0532 0130 01", "DE"),
        (IBAN, "FR"),
        ("", "DE"),
        ("1234", "US"),
        ("ABCDEFGH", "US"),
        ("１２３４５６７８", "US"),
        ("12345\u0000678", "US"),
        ("9" * 35, "US"),
        ("9" * 60_000, "US"),
    ],
)
def test_what_no_bank_could_have_given_out_is_no_account_number(typed: str, country: str) -> None:
    with pytest.raises(NumberInvalid):
        numbers.number(typed, country)


@pytest.mark.parametrize("typed", [CARD, "6222021234567890128"[:16], "378282246310005"])
def test_the_number_of_a_card_is_no_account_number(typed: str) -> None:
    digits = typed.replace(" ", "")
    last = next(d for d in "0123456789" if numbers._is_card_number(digits[:-1] + d))

    with pytest.raises(CardNumberShown):
        numbers.number(digits[:-1] + last, "CN")


@pytest.mark.parametrize(
    "text",
    [CARD, f"tok_{CARD.replace(' ', '')}", "4111-1111-1111-1111 please", "x4111111111111111"],
)
def test_the_number_of_a_card_is_found_in_any_text(text: str) -> None:
    with pytest.raises(CardNumberShown):
        numbers.refuse_card_number("Ada", text)


def test_what_only_looks_long_is_no_card_number() -> None:
    numbers.refuse_card_number("tok_4111111111111112", "Ada 123", "1" * 60_000)


@pytest.mark.parametrize(
    ("name", "holder", "may_be_one"),
    [
        ("王小明", "王明", True),
        ("王小明", "李小明", False),
        ("Ada Lovelace", "LOVELACE, ADA", True),
        ("Jörg Müller", "JORG MULLER", True),
        ("Ada Lovelace", "Bob Babbage", False),
        ("王小明", "Wang Xiaoming", True),
    ],
)
def test_names_are_compared_loosely(name: str, holder: str, may_be_one: bool) -> None:
    assert holders.agree(name, holder) is may_be_one

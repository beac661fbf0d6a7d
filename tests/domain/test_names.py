"""Names and addresses: which are taken, in which one spelling, and what strangers see of them."""

from __future__ import annotations

import pytest

from domain import names


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada", "ada"),
        ("Ada.Lovelace-1_x", "ada.lovelace-1_x"),
        ("  ada ", "ada"),
        ("ＡＤＡ", "ada"),
        ("a" * 32, "a" * 32),
    ],
)
def test_an_account_name_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert names.account_name(typed) == kept
    assert names.account_name(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ab",
        "a" * 33,
        "1ada",
        ".ada",
        "ada lovelace",
        "ada@home",
        "аda",  # a Cyrillic letter that looks like a Latin one
        "straße!",
        "王小明",
        "ada\u200b",
        "ada\x00",
        "ad\ud800a",
        "ada" + " " * 600 + "x",
        "a" * 1_048_576,
    ],
)
def test_what_could_be_mistaken_or_not_be_typed_is_no_account_name(typed: str) -> None:
    with pytest.raises(names.AccountNameInvalid):
        names.account_name(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("王小明", "王小明"),
        ("Rene\u0301", "René"),
        ("X", "X"),
        ("a" * 64, "a" * 64),
    ],
)
def test_a_display_name_is_shown_as_it_was_meant(typed: str, shown: str) -> None:
    assert names.display_name(typed) == shown


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "a" * 65,
        "Ada\nuPay support",
        "Ada\tLovelace",
        "Ada\u2028Lovelace",
        "Ada \u202eecalevoL",
        "Ada\u2066",
        "A\u200bda",
        "A\u200dda",
        "\ufeffAda",
        "Ada\x00",
        "Ada\ud800",
        "\u3164\u3164",
        "a" * 1_048_576,
    ],
)
def test_a_name_that_hides_something_or_says_nothing_is_not_shown(typed: str) -> None:
    with pytest.raises(names.DisplayNameInvalid):
        names.display_name(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ada@example.org", "ada@example.org"),
        (" Ada@Example.ORG ", "ada@example.org"),
        ("ada+pay@mail.example.co", "ada+pay@mail.example.co"),
        ("ada@xn--fsqu00a.xn--fiqs8s", "ada@xn--fsqu00a.xn--fiqs8s"),
    ],
)
def test_an_address_is_kept_in_small_letters(typed: str, kept: str) -> None:
    assert names.email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@localhost",
        "ada@127.0.0.1",
        "ada@-example.org",
        "ada@example..org",
        "a..da@example.org",
        ".ada@example.org",
        "ada.@example.org",
        "ada@b@example.org",
        "ada lovelace@example.org",
        "ada@example.org\nBcc: all@example.org",
        "ada@example.org\x00",
        "Ada <ada@example.org>",
        "王@example.org",
        "ada@\u212aelvin.org",  # a sign that becomes a plain k in small letters
        "a" * 65 + "@example.org",
        "ada@" + "a" * 63 + "." + "b" * 63 + "." + "c" * 63 + "." + "d" * 63 + ".org",
        "a" * 1_048_576,
    ],
)
def test_what_no_letter_could_reach_is_no_address(typed: str) -> None:
    with pytest.raises(names.EmailInvalid):
        names.email(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+8613800138000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("＋８６ １３８ ００１３ ８０００", "+8613800138000"),
        ("+44 (0)20 7946 0018", "+442079460018"),
    ],
)
def test_a_telephone_number_is_kept_in_international_form(typed: str, kept: str) -> None:
    assert names.phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "13800138000",
        "+86",
        "+86138001380",
        "+999123456789",
        "hello",
        "+8613800138000 ext. 5",
        "+\x00",
        "+\ud800",
        "+8613800138000" + " " * 60 + "9",
        "+" + "1" * 1_048_576,
    ],
)
def test_what_cannot_be_called_from_anywhere_is_no_telephone_number(typed: str) -> None:
    with pytest.raises(names.PhoneInvalid):
        names.phone(typed)


def test_a_time_zone_is_one_that_the_world_knows() -> None:
    assert names.time_zone("Asia/Shanghai") == "Asia/Shanghai"


@pytest.mark.parametrize(
    "typed", ["", "Shanghai", "UTC+8", "../../etc/passwd", "Asia/Shanghai\x00"]
)
def test_a_time_zone_that_nobody_knows_is_refused(typed: str) -> None:
    with pytest.raises(names.TimeZoneInvalid):
        names.time_zone(typed)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Ada Lovelace", "A** L*******"),
        ("Ada", "A**"),
        ("X", "*"),
        ("J Smith", "* S****"),
        ("王小明", "**明"),
        ("王明", "*明"),
        ("王", "*"),
        ("欧阳小明", "***明"),
        ("김민수", "김**"),
    ],
)
def test_strangers_see_enough_of_a_name_to_recognise_it_only(name: str, seen: str) -> None:
    assert names.masked_name(name) == seen


@pytest.mark.parametrize(
    ("number", "seen"), [("+8613800138000", "+86*******8000"), ("+6834000", "+68****0")]
)
def test_at_least_four_digits_of_a_number_are_hidden(number: str, seen: str) -> None:
    assert names.masked_phone(number) == seen


@pytest.mark.parametrize("address", ["a@example.org", "ada.lovelace@example.org"])
def test_of_an_address_not_even_the_length_is_seen(address: str) -> None:
    assert names.masked_email(address) == "a***@example.org"

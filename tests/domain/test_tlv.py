"""Rows of fields as EMVCo writes them: what is written is read, and nothing else is."""

from __future__ import annotations

import binascii
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.codes import tlv

# The example of EMVCo's own specification: lengths are characters, the checksum is over UTF-8.
PUBLISHED: Final = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN"
    "5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.72530315655020162330304123"
    "40603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)

IDS: Final = st.integers(min_value=0, max_value=99).map("{:02}".format)
ROWS: Final = st.dictionaries(IDS, st.text(min_size=1, max_size=99), max_size=20)


def closed(text: str) -> str:
    """A text with the checksum that it needs, whatever is in it."""
    return f"{text}6304{binascii.crc_hqx(f'{text}6304'.encode(), 0xFFFF):04X}"


def test_the_checksum_is_the_one_that_is_published_for_nine_digits() -> None:
    assert tlv._checksum("123456789") == "29B1"


def test_the_published_example_is_read_to_its_last_field() -> None:
    fields = tlv.opened(PUBLISHED)

    assert fields["59"] == "BEST TRANSPORT"
    assert tlv.split(fields["64"]) == {"00": "ZH", "01": "最佳运输", "02": "北京"}
    assert tlv.split(fields["31"]) == {"00": "D15600000001", "03": "12345678"}
    assert list(fields)[-1] == "63"


def test_the_published_example_is_written_as_it_was() -> None:
    fields = tlv.opened(PUBLISHED)
    del fields["63"]

    assert tlv.closed(tlv.joined(fields.items())) == PUBLISHED


@given(ROWS)
def test_any_row_is_read_as_it_was_written(fields: dict[str, str]) -> None:
    read = tlv.split(tlv.joined(fields.items()))

    assert list(read.items()) == list(fields.items())


@pytest.mark.parametrize("id", ["", "1", "123", "a1", "١٢", "²1", "-1", " 1"])
def test_an_id_that_is_not_two_digits_is_neither_written_nor_read(id: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        tlv.joined([(id, "x")])
    with pytest.raises(tlv.Unreadable):
        tlv.split(f"{id}01x")


@pytest.mark.parametrize("value", ["", "x" * 100])
def test_a_value_of_nothing_or_of_more_than_a_length_can_say_is_not_written(value: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        tlv.joined([("01", value)])


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "00",
        "000",
        "0000",
        "0002",
        "00020",
        "00020x",
        "0002010",
        "00-101",
        "00+201",
        "00 201",
        "00２01",
        "00٠201",
        "000201000201",
        "000201010211000201",
    ],
)
def test_a_row_that_is_cut_short_doubled_or_strangely_counted_is_unreadable(text: str) -> None:
    for whole in (text, closed(text)):
        with pytest.raises(tlv.Unreadable):
            tlv.opened(whole)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "000201",
        closed(""),
        closed("000202"),
        closed("010211000201"),
        closed("0002018001"),
        closed("000201") + "80011",
        closed(closed("000201")),
        closed("000201").lower().replace("6304", "6304 ", 1),
        "0002016303ABC",
        "00020180086304" + f"{binascii.crc_hqx(b'00020180086304', 0xFFFF):04X}",
    ],
)
def test_a_whole_code_begins_with_its_format_and_ends_with_its_checksum(text: str) -> None:
    with pytest.raises(tlv.Unreadable):
        tlv.opened(text)


def test_only_a_right_checksum_in_capitals_is_right() -> None:
    whole = closed("0002015802CN")
    assert tlv.opened(whole)["63"] == whole[-4:]

    for wrong in ("0000", "FFFF", whole[-4:].lower(), whole[:-5:-1]):
        with pytest.raises(tlv.Unreadable):
            tlv.opened(whole[:-4] + wrong)


def test_half_of_a_surrogate_pair_is_unreadable() -> None:
    with pytest.raises(tlv.Unreadable):
        tlv.opened("0002015901\ud8006304ABCD")


def test_more_than_a_code_may_hold_is_neither_written_nor_looked_at() -> None:
    row = tlv.joined(
        [("00", "01"), *((f"{id}", "x" * 99) for id in range(80, 84)), ("84", "x" * 82)]
    )
    longest = tlv.closed(row)

    assert len(longest) == tlv.MAX_CHARS
    assert tlv.opened(longest)["84"] == "x" * 82
    with pytest.raises(ValueError, match="at most 512"):
        tlv.closed(row[:-86] + "8483" + "x" * 83)
    for text in (closed(row[:-86] + "8483" + "x" * 83), "0002" * 2_000_000):
        with pytest.raises(tlv.Unreadable):
            tlv.opened(text)


@given(st.text(max_size=600) | st.text("0123456789", max_size=600))
def test_no_text_at_all_does_more_than_be_unreadable(text: str) -> None:
    for tried in (text, f"000201{text}", f"000201{text}6304ABCD"):
        try:
            tlv.opened(tried)
        except tlv.Unreadable:
            continue

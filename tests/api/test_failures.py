"""Every reason that a payment can fail for has a code, and words where it comes out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from schema import catalogue
from schema.catalogue.entries import Place
from schema.texts import Language

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "failures.md"
ROW: Final = re.compile(r"\| (?P<reason>[^|]+) \| `(?P<code>[A-Z_]+)` \| (?P<places>[a-z, -]+) \|")
ROWS: Final = [found.groups() for found in ROW.finditer(PAGE.read_text("utf-8"))]


@pytest.mark.parametrize(("reason", "code", "places"), ROWS, ids=[row[1] for row in ROWS])
def test_a_reason_has_its_code_and_words_at_the_places_that_are_named(
    reason: str, code: str, places: str
) -> None:
    entry = catalogue.ENTRIES[code]

    assert {Place(place) for place in places.split(", ")} <= entry.places, reason
    for language in Language:
        assert entry.text.said(language)
        assert entry.step is not None
        assert entry.step.said(language)


def test_whatever_a_movement_can_fail_for_is_on_the_page() -> None:
    explained = {code for _, code, _ in ROWS}

    failures = {entry.code for entry in catalogue.at(Place.FAILURE)}

    assert failures - explained == ELSEWHERE


ELSEWHERE: Final = {
    # What happens to money that waits, which is no reason to be told beforehand.
    "HOLD_EXPIRED",
    "REVIEW_EXPIRED",
    # Words for a merchant, or for one side of a refund.
    "PAYMENT_NOT_MADE",
    "MERCHANT_FUNDS_SHORT",
    "REFUND_DELAYED",
    # Nobody proved the number that it was sent to.
    "UNCLAIMED",
    # What a wallet that is closed by now is told.
    "WALLET_CLOSED",
}

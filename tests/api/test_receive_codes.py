"""Making codes to be paid by, through the API."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.etree import ElementTree

import pytest
import segno

from models.receive_codes import ReceiveToken
from models.wallets import Account
from tests.api.conftest import Moving, Resident

CODE: Final = """
fragment shown on ReceiveCode {
  text svg currency amount { amountMinor currency } note expiresAt
}
"""

CREATE: Final = f"""
mutation ($input: CreateReceiveCodeInput!) {{
  createReceiveCode(input: $input) {{
    __typename
    ... on ReceiveCodeCreated {{ receiveCode {{ ...shown }} }}
    ... on Problem {{ code field message nextStep }}
  }}
}}
{CODE}
"""

REPLACE: Final = f"""
mutation ($input: ReplaceReceiveCodeInput!) {{
  replaceReceiveCode(input: $input) {{
    __typename
    ... on ReceiveCodeReplaced {{ receiveCode {{ ...shown }} }}
    ... on Problem {{ code field }}
  }}
}}
{CODE}
"""


async def code_of(resident: Resident, **changes: Any) -> dict[str, Any]:
    """A code that somebody shows."""
    answer = await resident.asker.data(CREATE, input={"walletId": resident.wallet_id, **changes})
    assert answer["__typename"] == "ReceiveCodeCreated", answer
    shown: dict[str, Any] = answer["receiveCode"]
    return shown


def cny(amount: int) -> dict[str, Any]:
    return {"amountMinor": amount, "currency": "CNY"}


async def test_the_picture_holds_the_text_and_nothing_a_page_would_run(resident: Moving) -> None:
    bob = await resident("bob", display_name="Bob Marley")
    shown = await code_of(bob, amount=cny(1_234))

    svg = ElementTree.fromstring(shown["svg"])  # noqa: S314 - our own picture
    expected = segno.make(shown["text"], error="m", micro=False, encoding="utf-8")

    assert svg.attrib == {"role": "img", "viewBox": f"0 0 {_side(expected)} {_side(expected)}"}
    assert [child.tag.rpartition("}")[2] for child in svg] == ["title", "path", "path"]
    assert svg[0].text == "Code to be paid by"
    assert set(svg[1].attrib) == {"fill", "d"}
    assert set(svg[2].attrib) == {"stroke", "d"}
    assert _dark(svg[2].attrib["d"]) == {
        (x, y)
        for y, row in enumerate(expected.matrix_iter(border=4))
        for x, module in enumerate(row)
        if module
    }
    assert expected.error in {"M", "Q", "H"}
    assert int(expected.version) <= 10


def _side(code: segno.QRCode) -> int:
    return int(code.symbol_size(border=4)[0])


def _dark(path: str) -> set[tuple[int, int]]:
    """The modules that an SVG path of horizontal strokes, each half a module down, covers."""
    found: set[tuple[int, int]] = set()
    x, y = 0, 0.0
    for step, first, second in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", path):
        if step == "h":
            found |= {(place, int(y)) for place in range(x, x + int(first))}
            x += int(first)
        else:
            x, y = (
                (int(first), float(second)) if step == "M" else (x + int(first), y + float(second))
            )
    return found


async def test_a_chinese_speaker_hears_the_pictures_title_in_chinese(resident: Moving) -> None:
    wang = await resident("wang", locale="zh-CN")

    assert "<title>收款码</title>" in (await code_of(wang))["svg"]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"amount": cny(0)}, "AMOUNT_INVALID", ["amount", "amountMinor"]),
        ({"amount": cny(10**12)}, "AMOUNT_INVALID", ["amount", "amountMinor"]),
        (
            {"amount": {"amountMinor": 5, "currency": "JPY"}},
            "CURRENCY_MISMATCH",
            ["amount", "currency"],
        ),
        ({"note": "x" * 41}, "CODE_NOTE_INVALID", ["note"]),
        ({"note": "a\u202eb"}, "CODE_NOTE_INVALID", ["note"]),
    ],
)
async def test_a_code_that_cannot_be_is_named_and_none_is_made(
    resident: Moving, change: dict[str, Any], code: str, field: list[str]
) -> None:
    bob = await resident("bob")

    answer = await bob.asker.data(CREATE, input={"walletId": bob.wallet_id, **change})

    assert (answer["code"], answer["field"]) == (code, field)
    assert answer["nextStep"]
    assert await ReceiveToken.all().count() == 0


async def test_a_closed_wallet_has_no_codes(resident: Moving) -> None:
    bob = await resident("bob")
    await Account.filter(id=bob.wallet.id).update(closed_at=bob.wallet.opened_at)

    answers = [
        await bob.asker.data(verb, input={"walletId": bob.wallet_id}) for verb in (CREATE, REPLACE)
    ]

    assert [answer["code"] for answer in answers] == ["WALLET_CLOSED"] * 2
    assert await ReceiveToken.all().count() == 0


async def test_nobody_makes_or_replaces_codes_of_another(resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    shown = await code_of(bob)

    for verb in (CREATE, REPLACE):
        assert await ada.asker.code(verb, input={"walletId": bob.wallet_id}) == "NOT_FOUND"

    assert await code_of(bob) == shown

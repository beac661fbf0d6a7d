"""How the codes of scanning and of making codes to be paid by come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.api.test_receive_codes import cny, code_of
from tests.domain.test_tlv import PUBLISHED, closed


def scanning(text: str) -> Scenario:
    """Ada scans something."""

    async def scenario(stage: Stage) -> Act:
        ada, _ = await stage.two()
        return partial(problem, ada.asker, "prepareTransfer", _paying(ada, text))

    return scenario


async def qr_tampered(stage: Stage) -> Act:
    ada, bob = await stage.two()
    text = (await code_of(bob, amount=cny(250)))["text"]
    dearer = closed(text[:-8].replace("54042.50", "54049.50"))
    return partial(problem, ada.asker, "prepareTransfer", _paying(ada, dearer))


async def qr_expired(stage: Stage) -> Act:
    ada, bob = await stage.two()
    text = (await code_of(bob, amount=cny(250), life="FIFTEEN_MINUTES"))["text"]
    stage.clock.advance(minutes=15)
    ada = await stage.again(ada)
    return partial(problem, ada.asker, "prepareTransfer", _paying(ada, text))


async def code_amount_differs(stage: Stage) -> Act:
    ada, bob = await stage.two()
    text = (await code_of(bob, amount=cny(250)))["text"]
    words = _paying(ada, text) | {"amount": cny(251)}
    return partial(problem, ada.asker, "prepareTransfer", words)


async def code_note_invalid(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    words = {"walletId": ada.wallet_id, "note": "x" * 41}
    return partial(problem, ada.asker, "createReceiveCode", words)


def _paying(payer: Resident, text: str) -> dict[str, Any]:
    return {"walletId": payer.wallet_id, "payee": {"receiveCode": text}}


PROBLEMS: Final[Scenarios] = {
    "QR_INVALID": scanning("https://example.org/pay/bob"),
    "QR_FOREIGN": scanning(PUBLISHED),
    "QR_TAMPERED": qr_tampered,
    "QR_EXPIRED": qr_expired,
    "CODE_AMOUNT_DIFFERS": code_amount_differs,
    "CODE_NOTE_INVALID": code_note_invalid,
}

"""How the code of receipts comes out."""

from __future__ import annotations

from functools import partial
from typing import Final

from tests.api.clients import Asker
from tests.api.scenarios.stage import Act, Said, Scenarios, Stage

CHECK: Final = """{ receiptCheck(input: { number: "A", code: "B" }) {
    ... on Problem { code message nextStep retry } } }"""


async def receipt_unknown(stage: Stage) -> Act:
    return partial(_checked, stage.stranger)


async def _checked(stranger: Asker) -> Said:
    told = await stranger.data(CHECK)
    return Said(
        code=told["code"],
        message=told["message"],
        next_step=told["nextStep"],
        retry=told["retry"],
    )


PROBLEMS: Final[Scenarios] = {"RECEIPT_UNKNOWN": receipt_unknown}

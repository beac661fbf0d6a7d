"""How the codes of the desk come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import freezes
from models.freezes import FreezeOwner
from schema.problems.base import named
from schema.texts import Language
from tests.api.conftest import Resident
from tests.api.scenarios.stage import WHY, Act, Said, Scenarios, Stage, problem


async def already_frozen(stage: Stage) -> Act:
    ada, lin = await stage.resident("ada"), await stage.agent()
    await lin.answer(
        "mutation ($input: FreezeCustomerInput!) { freezeCustomer(input: $input) { __typename } }",
        input=_words(ada),
    )
    return partial(problem, lin, "freezeCustomer", _words(ada))


async def not_frozen(stage: Stage) -> Act:
    ada, lin = await stage.resident("ada"), await stage.agent()
    return partial(problem, lin, "unfreezeCustomer", _words(ada))


async def freeze_is_stronger(stage: Stage) -> Act:
    """No agent meets it, for nobody is stronger; rules do, and customers will."""
    ada, lin = await stage.resident("ada"), await stage.agent()
    await lin.answer(
        "mutation ($input: FreezeCustomerInput!) { freezeCustomer(input: $input) { __typename } }",
        input=_words(ada),
    )

    async def act() -> Said:
        try:
            await freezes.lift(
                person_id=ada.person.id,
                owner=FreezeOwner.RULE,
                by=None,
                reason=WHY,
                now=stage.clock(),
            )
        except freezes.FreezeIsStronger as refusal:
            told = named(refusal, Language.EN)
            return Said(
                code=told.code.name,
                message=told.message,
                next_step=told.next_step,
                retry=told.retry.name,
            )
        raise AssertionError("it was lifted")

    return act


async def reason_required(stage: Stage) -> Act:
    ada, lin = await stage.resident("ada"), await stage.agent()
    return partial(problem, lin, "freezeCustomer", _words(ada) | {"reason": "ok"})


def _words(resident: Resident) -> dict[str, str]:
    return {"customerId": f"cus_{resident.person.id.hex}", "reason": WHY}


PROBLEMS: Final[Scenarios] = {
    "ALREADY_FROZEN": already_frozen,
    "NOT_FROZEN": not_frozen,
    "FREEZE_IS_STRONGER": freeze_is_stronger,
    "REASON_REQUIRED": reason_required,
}

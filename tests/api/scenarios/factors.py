"""How the codes of second factors, and of losing all of them, come out."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from domain import factor_losses, fresh_proofs, second_factors
from domain.fresh_proofs import Factor
from models.factors import FactorLoss
from models.ids import new_id
from models.people import ContactKind, Person, Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.passkeys import begun
from tests.api.scenarios.stage import WHY, Act, Scenarios, Stage, problem
from tests.domain import registers
from tests.domain.registers import PASSWORD


async def totp_not_started(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "finishTotp", {"code": "123456"})


async def totp_code_wrong(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await ada.asker.data("mutation { startTotp { __typename } }")
    return partial(problem, ada.asker, "finishTotp", {"code": "none"})


async def totp_not_set(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await _show_factor(stage, ada)
    return partial(begun, ada, "removeTotp")


async def factor_required(stage: Stage) -> Act:
    lin = await factories.person("lin", role=Role.AGENT)
    await second_factors.enrol(lin.id, stage.clock())
    opened = await factories.session(lin, Audience.DESK, stage.clock())
    await fresh_proofs.note(opened.session.id, Factor.TOTP, now=stage.clock())
    asker = Asker(stage.app, path="/desk/graphql", token=opened.tokens.access)
    return partial(begun, asker, "removeTotp")


async def no_second_factor(stage: Stage) -> Act:
    await _with_a_mailbox(stage)
    return partial(problem, stage.stranger, "reportFactorLoss", _words())


async def no_usable_contact(stage: Stage) -> Act:
    ada = await registers.resident("ada")
    await second_factors.enrol(ada.id, stage.clock())
    return partial(problem, stage.stranger, "reportFactorLoss", _words())


async def loss_reported(stage: Stage) -> Act:
    ada = await _guarded(stage)
    await waiting(stage, ada)
    return partial(problem, stage.stranger, "reportFactorLoss", _words())


async def loss_not_reported(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(begun, ada, "withdrawFactorLoss")


async def too_early(stage: Stage) -> Act:
    loss = await waiting(stage, await factories.person("ada"))
    return partial(problem, await _checker(stage), "decideFactorLoss", _clearing(loss))


async def loss_over(stage: Stage) -> Act:
    loss, sue = await waiting(stage, await factories.person("ada")), await _checker(stage)
    await problem(sue, "decideFactorLoss", _clearing(loss))
    await FactorLoss.filter(id=loss.id).update(end_kind="withdrawn", ended_at=stage.clock())
    return partial(problem, sue, "decideFactorLoss", _clearing(loss))


async def waiting(stage: Stage, person: Person) -> FactorLoss:
    """A loss that was reported now."""
    now = stage.clock()
    return await FactorLoss.create(
        id=new_id(),
        person_id=person.id,
        begun_at=now,
        reported_at=now,
        decidable_at=now + factor_losses.WAITING,
    )


async def _with_a_mailbox(stage: Stage) -> Person:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    return ada


async def _guarded(stage: Stage) -> Person:
    ada = await _with_a_mailbox(stage)
    await second_factors.enrol(ada.id, stage.clock())
    return ada


async def _checker(stage: Stage) -> Asker:
    sue = await factories.person("sue", role=Role.SUPERVISOR)
    opened = await factories.session(sue, Audience.DESK, stage.clock())
    return Asker(stage.app, path="/desk/graphql", token=opened.tokens.access)


async def _show_factor(stage: Stage, resident: Resident) -> None:
    await fresh_proofs.note(UUID(resident.session_id), Factor.TOTP, now=stage.clock())


def _words() -> dict[str, str]:
    return {"name": "ada", "password": PASSWORD}


def _clearing(loss: FactorLoss) -> dict[str, str]:
    return {"lossId": f"los_{loss.id.hex}", "decision": "CLEAR", "reason": WHY}


PROBLEMS: Final[Scenarios] = {
    "TOTP_NOT_STARTED": totp_not_started,
    "TOTP_CODE_WRONG": totp_code_wrong,
    "TOTP_NOT_SET": totp_not_set,
    "FACTOR_REQUIRED": factor_required,
    "NO_SECOND_FACTOR": no_second_factor,
    "NO_USABLE_CONTACT": no_usable_contact,
    "LOSS_REPORTED": loss_reported,
    "LOSS_NOT_REPORTED": loss_not_reported,
    "TOO_EARLY": too_early,
    "LOSS_OVER": loss_over,
}

"""How the codes of proving who one is come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain import limits, papers
from tests import showing
from tests.api.scenarios.stage import WHY, Act, Scenario, Scenarios, Stage, problem


def asking(**changes: Any) -> Scenario:
    """Ada asks for something that cannot be."""

    async def scenario(stage: Stage) -> Act:
        ada = await stage.resident("ada")
        words = {"level": 1, "fullName": "Ada Lovelace", "idNumber": "QX-1", **changes}
        return partial(problem, ada.asker, "requestVerification", words)

    return scenario


async def level_reached(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await limits.apply_level(ada.person.id, 2)
    words = {"level": 1, "fullName": "Ada Lovelace"}
    return partial(problem, ada.asker, "requestVerification", words)


async def under_way(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await showing.asked(ada.person, level=1)
    words = {"level": 1, "fullName": "Ada Lovelace"}
    return partial(problem, ada.asker, "requestVerification", words)


async def already_decided(stage: Stage) -> Act:
    ada, lin = await stage.resident("ada"), await stage.agent()
    asked = await showing.asked(ada.person, level=1)
    words = {"requestId": f"ver_{asked.id.hex}", "decision": "REFUSE", "reason": WHY}
    await lin.data(
        "mutation ($input: DecideVerificationInput!) "
        "{ decideVerification(input: $input) { __typename } }",
        input=words,
    )
    return partial(problem, lin, "decideVerification", words)


async def too_many_papers(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    for _ in range(papers.OPEN_AT_MOST):
        await showing.paper(ada.person)
    return partial(
        stage.refused,
        path="/papers",
        content="paper",
        content_type="image/png",
        authorization=f"Bearer {ada.tokens.access}",
    )


PROBLEMS: Final[Scenarios] = {
    "FULL_NAME_INVALID": asking(fullName=" "),
    "ID_NUMBER_INVALID": asking(idNumber="?"),
    "PAPERS_MISSING": asking(level=2),
    "LEVEL_REACHED": level_reached,
    "VERIFICATION_UNDER_WAY": under_way,
    "ALREADY_DECIDED": already_decided,
}
TOP_LEVEL: Final[Scenarios] = {"TOO_MANY_PAPERS": too_many_papers}

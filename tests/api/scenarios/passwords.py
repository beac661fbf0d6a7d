"""How the codes around passwords come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import passwords
from domain.password_resets.asking import FROM_AN_ADDRESS_AT_MOST
from tests.api.scenarios.people import registering
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.domain.registers import PASSWORD


def changing(current: str, new: str) -> Scenario:
    """Ada, whose password is known here, asks for another."""

    async def scenario(stage: Stage) -> Act:
        ada = await stage.resident("ada", password_hash=await passwords.hashed(PASSWORD))
        words = {"currentPassword": current, "newPassword": new}
        return partial(problem, ada.asker, "changePassword", words)

    return scenario


async def password_reset_dead(stage: Stage) -> Act:
    words = {"proof": {"token": "x"}, "newPassword": "other horse 8 battery"}
    return partial(problem, stage.stranger, "completePasswordReset", words)


async def too_many_password_resets(stage: Stage) -> Act:
    for each in range(FROM_AN_ADDRESS_AT_MOST):
        words = {"contact": f"somebody{each}@example.org"}
        document = """mutation ($input: RequestPasswordResetInput!) {
            requestPasswordReset(input: $input) { __typename } }"""
        await stage.stranger.data(document, input=words)
    return partial(problem, stage.stranger, "requestPasswordReset", {"contact": "a@example.org"})


PROBLEMS: Final[Scenarios] = {
    "PASSWORD_TOO_WEAK": registering(password="short1!"),
    "PASSWORD_USED_BEFORE": changing(PASSWORD, PASSWORD),
    "CURRENT_PASSWORD_WRONG": changing("wrong horse 7 battery", "other horse 8 battery"),
    "PASSWORD_RESET_DEAD": password_reset_dead,
    "TOO_MANY_PASSWORD_RESETS": too_many_password_resets,
}

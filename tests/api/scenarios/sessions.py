"""How the codes of signing in and of staying in come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import second_factors
from tests.api.clients import Listener, served
from tests.api.scenarios.stage import Act, Said, Scenarios, Stage, broken, error, problem
from tests.domain import registers
from tests.domain.registers import PASSWORD

ME: Final = "{ me { id } }"
WALLET: Final = """subscription ($id: ID!) { walletEvents(walletId: $id, after: 9) {
    __typename } }"""


async def sign_in_refused(stage: Stage) -> Act:
    await registers.resident("ada")
    words = {"name": "ada", "password": "wrong horse 7 battery"}
    return partial(problem, stage.stranger, "signIn", words)


async def sign_in_locked(stage: Stage) -> Act:
    await registers.resident("ada")
    asker, wrong = stage.stranger, {"name": "ada", "password": "wrong horse 7 battery"}
    for _ in range(10):
        await problem(asker, "signIn", wrong)
    return partial(problem, asker, "signIn", {"name": "ada", "password": PASSWORD})


async def second_factor_required(stage: Stage) -> Act:
    ada = await registers.resident("ada")
    await second_factors.enrol(ada.id, stage.clock())
    return partial(problem, stage.stranger, "signIn", {"name": "ada", "password": PASSWORD})


async def session_ended(stage: Stage) -> Act:
    return partial(problem, stage.stranger, "refreshSession", {"refreshToken": "upr_x"})


async def session_ended_while_listening(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    address = await stage.curtain.enter_async_context(served(stage.app))
    ear = await stage.curtain.enter_async_context(
        Listener.open(address, ada.tokens.access, WALLET, id=ada.wallet_id)
    )
    assert (await ear.event())["__typename"] == "StreamReset"

    async def act() -> Said:
        await ada.asker.data("mutation { signOut { endedAt } }")
        return error((await ear.message())["payload"])

    return act


async def unauthenticated(stage: Stage) -> Act:
    return partial(broken, stage.stranger, ME)


PROBLEMS: Final[Scenarios] = {
    "SIGN_IN_REFUSED": sign_in_refused,
    "SIGN_IN_LOCKED": sign_in_locked,
    "SECOND_FACTOR_REQUIRED": second_factor_required,
    "SESSION_ENDED": session_ended,
}
TOP_LEVEL: Final[Scenarios] = {
    "SESSION_ENDED": session_ended_while_listening,
    "UNAUTHENTICATED": unauthenticated,
}

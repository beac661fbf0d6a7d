"""How the codes of limits come out: before paying, and of payments that failed for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final, TypeAlias

from domain import own_limits
from domain.limits import policies
from domain.limits.policies import Allowance
from models.limits import OwnLimitKind
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Said, Scenario, Scenarios, Stage, failure, problem
from tests.api.test_transfers import confirm, prepared, wish
from tests.domain.registers import identity_of

Tightens: TypeAlias = Callable[[Stage, Resident], Awaitable[None]]


def preparing_under(tightens: Tightens) -> Scenario:
    """Ada wants to pay bob 250 under a limit that does not let her."""

    async def scenario(stage: Stage) -> Act:
        ada, _ = await stage.two()
        await tightens(stage, ada)
        return partial(problem, ada.asker, "prepareTransfer", wish(ada, "bob", 250))

    return scenario


def confirming_under(tightens: Tightens) -> Scenario:
    """The same, with the limit set between looking and confirming."""

    async def scenario(stage: Stage) -> Act:
        ada, _ = await stage.two()
        quoted = await prepared(ada, "bob", 250)
        await tightens(stage, ada)

        async def act() -> Said:
            answer = await confirm(ada, quoted)
            return await failure(ada.asker, answer["transfer"]["id"])

        return act

    return scenario


def allowing(**allowance: int) -> Tightens:
    async def tightens(_: Stage, __: Resident) -> None:
        await policies.install({(0, "CNY"): Allowance(**allowance)})

    return tightens


async def limiting_herself(stage: Stage, ada: Resident) -> None:
    await own_limits.set_limit(
        by=await identity_of(ada.person),
        wallet_id=ada.wallet.id,
        kind=OwnLimitKind.SINGLE,
        amount=200,
        currency="CNY",
        now=stage.clock(),
    )


async def no_limit_raise(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    words = {"walletId": ada.wallet_id, "kind": "DAY"}
    return partial(problem, ada.asker, "withdrawOwnLimitRaise", words)


_TIGHTENING: Final[dict[str, Tightens]] = {
    "IDENTITY_REQUIRED": allowing(single=0),
    "LIMIT_PER_PAYMENT": allowing(single=200),
    "LIMIT_DAY": allowing(day=200),
    "LIMIT_MONTH": allowing(month=200),
    "LIMIT_YEAR": allowing(year=200),
    "LIMIT_COUNT": allowing(payments_per_day=0),
    "LIMIT_SELF_SET": limiting_herself,
}
PROBLEMS: Final[Scenarios] = {
    **{code: preparing_under(tightens) for code, tightens in _TIGHTENING.items()},
    "NO_LIMIT_RAISE": no_limit_raise,
}
FAILURES: Final[Scenarios] = {
    code: confirming_under(tightens) for code, tightens in _TIGHTENING.items()
}

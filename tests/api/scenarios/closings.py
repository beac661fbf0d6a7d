"""How the codes of closing wallets and accounts come out."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from domain import freezes, fresh_proofs
from domain.fresh_proofs import Factor
from models.freezes import FreezeOwner
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.stage import WHY, Act, Said, Scenarios, Stage, problem
from tests.api.test_transfers import confirm, prepared


async def without_input(asker: Asker, verb: str) -> Said:
    """What a mutation without an input says when it is asked for something that cannot be."""
    answer = await asker.data(
        f"mutation {{ {verb} {{ ... on Problem {{ code message nextStep retry }} }} }}"
    )
    return Said(
        code=answer["code"],
        message=answer["message"],
        next_step=answer["nextStep"],
        retry=answer["retry"],
    )


async def proved(stage: Stage, resident: Resident) -> None:
    """The resident has shown a second factor just now, too."""
    await fresh_proofs.note(UUID(resident.session_id), Factor.TOTP, now=stage.clock())


async def wallet_not_empty(stage: Stage) -> Act:
    ada = await stage.resident("ada", holds=250)
    return partial(problem, ada.asker, "closeWallet", {"walletId": ada.wallet_id})


async def wallet_in_use(stage: Stage) -> Act:
    ada, bob = await stage.two()
    await confirm(ada, await prepared(ada, "bob", 10, arrival="TWO_HOURS"))
    return partial(problem, bob.asker, "closeWallet", {"walletId": bob.wallet_id})


async def case_under_way(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await proved(stage, ada)
    await freezes.freeze(
        person_id=ada.person.id, owner=FreezeOwner.RULE, by=None, reason=WHY, now=stage.clock()
    )
    return partial(without_input, ada.asker, "closeAccount")


PROBLEMS: Final[Scenarios] = {
    "WALLET_NOT_EMPTY": wallet_not_empty,
    "WALLET_IN_USE": wallet_in_use,
    "CASE_UNDER_WAY": case_under_way,
}

"""How the codes of passkeys come out."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from domain import fresh_proofs
from domain.fresh_proofs import Factor
from models.ids import new_id
from models.passkeys import Passkey
from tests.api.clients import Asker
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Said, Scenarios, Stage, problem
from tests.moments import NOON


async def passkey_refused(stage: Stage) -> Act:
    return partial(problem, stage.stranger, "signInWithPasskey", {"credential": "{}"})


async def passkey_name_invalid(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    words = {"name": " ", "credential": "{}"}
    return partial(problem, ada.asker, "finishPasskey", words)


async def too_many_passkeys(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await owns(ada, count=10)
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=stage.clock())
    return partial(begun, ada, "startPasskey")


async def no_passkeys(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(begun, ada, "startPasskeyProof")


async def begun(asker: Resident | Asker, verb: str) -> Said:
    """What a mutation that takes nothing says when it cannot be."""
    told = await (asker.asker if isinstance(asker, Resident) else asker).data(
        f"mutation {{ {verb} {{ ... on Problem {{ code message nextStep retry }} }} }}"
    )
    return Said(
        code=told["code"],
        message=told["message"],
        next_step=told["nextStep"],
        retry=told["retry"],
    )


async def owns(resident: Resident, *, count: int = 1) -> list[Passkey]:
    """Gives somebody passkeys whose devices nobody has."""
    made = [
        Passkey(
            id=new_id(),
            person_id=resident.person.id,
            credential_id=new_id().bytes,
            public_key=b"key",
            is_synced=False,
            name=f"Key {number}",
            created_at=NOON,
        )
        for number in range(count)
    ]
    await Passkey.bulk_create(made)
    return made


PROBLEMS: Final[Scenarios] = {
    "PASSKEY_REFUSED": passkey_refused,
    "PASSKEY_NAME_INVALID": passkey_name_invalid,
    "TOO_MANY_PASSKEYS": too_many_passkeys,
    "NO_PASSKEYS": no_passkeys,
}

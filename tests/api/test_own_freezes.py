"""A customer's own freeze over the API."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from starlette.applications import Starlette

from domain import freezes, fresh_proofs
from domain.fresh_proofs import Factor
from models.freezes import FreezeOwner
from tests.api.conftest import Moving, Resident
from tests.moments import Clock

FREEZE: Final = "mutation { freezePayments { person { isFrozen freezes { by since } } } }"
UNFREEZE: Final = """mutation { unfreezePayments { __typename
    ... on PaymentsUnfrozen { person { isFrozen freezes { by } } }
    ... on Problem { code field nextStep }
    ... on ProofNeeded { count } } }"""


async def prove(resident: Resident, clock: Clock) -> None:
    await fresh_proofs.note(UUID(resident.session_id), Factor.TOTP, now=clock())


async def test_a_session_freezes_at_once_and_two_proofs_lift_it(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")

    frozen = await ada.asker.data(FREEZE)
    again = await ada.asker.data(FREEZE)
    refused = await ada.asker.data(UNFREEZE)
    await prove(ada, clock)
    lifted = await ada.asker.data(UNFREEZE)

    since = clock().isoformat()
    assert frozen == again
    assert frozen["person"] == {"isFrozen": True, "freezes": [{"by": "CUSTOMER", "since": since}]}
    assert (refused["code"], refused["count"]) == ("PROOF_NEEDED", 2)
    assert lifted["person"] == {"isFrozen": False, "freezes": []}


async def test_what_upay_froze_only_upay_lifts_and_who_and_why_is_not_told(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    await prove(ada, clock)
    await freezes.freeze(
        person_id=ada.person.id,
        owner=FreezeOwner.RULE,
        by=None,
        reason="Looks like a mule",
        now=clock(),
    )

    stronger = await ada.asker.data(UNFREEZE)
    shown: dict[str, Any] = await ada.asker.data("{ me { freezes { by } isFrozen } }")

    assert (stronger["code"], stronger["field"]) == ("FREEZE_IS_STRONGER", None)
    assert shown == {"freezes": [{"by": "UPAY"}], "isFrozen": True}


async def test_who_is_not_frozen_is_told_so(app: Starlette, resident: Moving, clock: Clock) -> None:
    ada = await resident("ada")
    await prove(ada, clock)

    told = await ada.asker.data(UNFREEZE)

    assert (told["code"], told["field"]) == ("NOT_FROZEN", None)

"""How the codes of proving and of calling back come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain import second_factors
from models.people import Pin
from tests.api.conftest import PIN, Resident
from tests.api.scenarios.stage import Act, Scenarios, Stage, problem
from tests.api.test_transfers import confirm, prepared

WRONG: Final = "135791"


async def pin_wrong(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = {**await prepared(ada, "bob", 250), "proof": {"pin": WRONG}, "idempotencyKey": "k"}
    return partial(problem, ada.asker, "confirmTransfer", words)


async def pin_locked(stage: Stage) -> Act:
    ada, _ = await stage.two()
    quoted = await prepared(ada, "bob", 250)
    for _ in range(5):
        await confirm(ada, quoted, pin=WRONG)
    words = {**quoted, "proof": {"pin": PIN}, "idempotencyKey": "k"}
    return partial(problem, ada.asker, "confirmTransfer", words)


async def pin_too_simple(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "changePin", {"currentPin": PIN, "newPin": "123456"})


async def pin_already_set(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "setPin", {"pin": "975310"})


async def quote_expired(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = {**await prepared(ada, "bob", 250), "proof": {"pin": PIN}, "idempotencyKey": "k"}
    stage.clock.advance(minutes=5)
    return partial(problem, ada.asker, "confirmTransfer", words)


async def challenge_spent(stage: Stage) -> Act:
    ada, _ = await stage.two()
    quoted = await prepared(ada, "bob", 250)
    await confirm(ada, quoted, key="first")
    words = {**quoted, "proof": {"pin": PIN}, "idempotencyKey": "second"}
    return partial(problem, ada.asker, "confirmTransfer", words)


async def cannot_cancel(stage: Stage) -> Act:
    ada, _ = await stage.two()
    done = await confirm(ada, await prepared(ada, "bob", 250))
    words = {"transferId": done["transfer"]["id"], "idempotencyKey": "back"}
    return partial(problem, ada.asker, "cancelTransfer", words)


async def _strong(stage: Stage) -> tuple[Resident, dict[str, Any]]:
    """Somebody whose payment needs more than a PIN."""
    ada, _ = await stage.two()
    await Pin.filter(person_id=ada.person.id).update(reset_at=stage.clock())
    return ada, {**await prepared(ada, "bob", 250), "idempotencyKey": "k"}


async def proof_too_weak(stage: Stage) -> Act:
    ada, words = await _strong(stage)
    return partial(problem, ada.asker, "confirmTransfer", {**words, "proof": {"pin": PIN}})


async def proof_wrong(stage: Stage) -> Act:
    ada, words = await _strong(stage)
    proof = {"pinAndCode": {"pin": PIN, "code": "000000"}}
    return partial(problem, ada.asker, "confirmTransfer", {**words, "proof": proof})


async def code_in_app(stage: Stage) -> Act:
    ada, words = await _strong(stage)
    await second_factors.enrol(ada.person.id, stage.clock())
    return partial(problem, ada.asker, "sendChallengeCode", {"challengeId": words["challengeId"]})


async def intent_changed(stage: Stage) -> Act:
    ada, _ = await stage.two()
    meant, other = await prepared(ada, "bob", 100), await prepared(ada, "bob", 900)
    mixed = {"quoteId": other["quoteId"], "challengeId": meant["challengeId"]}
    words = {**mixed, "proof": {"pin": PIN}, "idempotencyKey": "tea"}
    return partial(problem, ada.asker, "confirmTransfer", words)


PROBLEMS: Final[Scenarios] = {
    "PIN_WRONG": pin_wrong,
    "PROOF_TOO_WEAK": proof_too_weak,
    "PROOF_WRONG": proof_wrong,
    "CODE_IN_APP": code_in_app,
    "PIN_LOCKED": pin_locked,
    "PIN_TOO_SIMPLE": pin_too_simple,
    "PIN_ALREADY_SET": pin_already_set,
    "QUOTE_EXPIRED": quote_expired,
    "INTENT_CHANGED": intent_changed,
    "CHALLENGE_SPENT": challenge_spent,
    "CANNOT_CANCEL": cannot_cancel,
}

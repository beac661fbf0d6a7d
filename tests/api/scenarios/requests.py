"""How the codes of any request come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from tests.api.conftest import PIN, Resident
from tests.api.scenarios.stage import Act, Scenarios, Stage, broken, problem
from tests.api.test_transfers import CONFIRM, confirm, prepared

ME: Final = "{ me { id } }"


async def key_invalid(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = await _ready(ada, key="two\nlines")
    return partial(problem, ada.asker, "confirmTransfer", words)


async def key_reused(stage: Stage) -> Act:
    ada, _ = await stage.two()
    await confirm(ada, await prepared(ada, "bob", 300), key="tea")
    words = await _ready(ada, key="tea")
    return partial(problem, ada.asker, "confirmTransfer", words)


async def busy(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = await _ready(ada)
    stage.monkeypatch.setattr("domain.ledger.queue.MAX_WAITING", 0)
    return partial(problem, ada.asker, "confirmTransfer", words)


async def outcome_unknown(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = await _ready(ada)
    await stage.lock(ada.wallet)
    stage.monkeypatch.setattr("domain.ledger.queue.PATIENCE_SECONDS", 0.2)
    return partial(problem, ada.asker, "confirmTransfer", words)


async def not_found(stage: Stage) -> Act:
    ada, bob = await stage.two()
    return partial(broken, bob.asker, "query ($id: ID!) { node(id: $id) { id } }", id=ada.wallet_id)


async def unavailable(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = await _ready(ada)
    await stage.gate.shut()
    return partial(broken, ada.asker, CONFIRM, input=words)


async def timeout(stage: Stage) -> Act:
    ada, _ = await stage.two()
    words = await _ready(ada)
    await stage.lock(ada.wallet)
    stage.monkeypatch.setattr("server.operations.ANSWER_SECONDS", 0.2)
    return partial(broken, ada.asker, CONFIRM, input=words)


async def internal(stage: Stage) -> Act:
    ada, _ = await stage.two()
    await ada.asker.data(ME)
    await (await stage.owner()).execute("ALTER TABLE people RENAME TO persons")
    return partial(broken, ada.asker, ME)


async def _ready(payer: Resident, key: str = "key-1") -> dict[str, Any]:
    """What is sent to pay bob 250."""
    quoted = await prepared(payer, "bob", 250)
    return {**quoted, "proof": {"pin": PIN}, "idempotencyKey": key}


PROBLEMS: Final[Scenarios] = {
    "KEY_INVALID": key_invalid,
    "KEY_REUSED": key_reused,
    "BUSY": busy,
    "OUTCOME_UNKNOWN": outcome_unknown,
}
TOP_LEVEL: Final[Scenarios] = {
    "NOT_FOUND": not_found,
    "UNAVAILABLE": unavailable,
    "TIMEOUT": timeout,
    "INTERNAL": internal,
}

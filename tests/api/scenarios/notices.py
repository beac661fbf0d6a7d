"""How notices come out: before a payment is confirmed, while it waits, or as it is let go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from domain import ledger, risk
from domain.risk import Outcome
from domain.risk.rules import NewDevice, Rule
from models.movements import Movement, MovementKind, MovementStatus
from tests import factories
from tests.api import tills
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Said, Scenario, Scenarios, Stage
from tests.api.test_transfers import confirm, prepared, wish
from tests.domain import orders, risks

_WORDS: Final = "code title detail nextStep retry"
_PREPARE: Final = f"""mutation ($input: PrepareTransferInput!) {{
    prepareTransfer(input: $input) {{
        ... on TransferPrepared {{ quote {{ notices {{ {_WORDS} movementId }} }} }} }} }}"""
_MOVEMENT: Final = f"query ($id: ID!) {{ movement(id: $id) {{ notice {{ {_WORDS} }} }} }}"


async def duplicate_suspected(stage: Stage) -> Act:
    ada, _ = await stage.two()
    await confirm(ada, await prepared(ada, "bob", 100))
    stage.clock.advance(minutes=2)
    return _preparing(ada)


def judged(rule: Rule) -> Scenario:
    """Ada prepares a payment that a rule has something to say about."""

    async def scenario(stage: Stage) -> Act:
        ada, _ = await stage.two()
        risks.install(rule)
        stage.curtain.callback(risk.install, None)
        return _preparing(ada)

    return scenario


async def provider_timeout(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    recorded = ledger.record(
        orders.top_up(ada.wallet, 100), key=factories.some_key(), at=stage.clock()
    )
    top_up = (await ledger.post(recorded)).movement
    assert top_up is not None
    lost = ledger.mark(top_up, MovementStatus.UNKNOWN, key=factories.some_key(), at=stage.clock())
    await ledger.post(lost)
    movement = await Movement.get(kind=MovementKind.TOP_UP)

    async def act() -> Said:
        found = await ada.asker.data(_MOVEMENT, id=f"top_{movement.id.hex}")
        return _said(found["notice"])

    return act


async def merchant_rejected(stage: Stage) -> Act:
    ada, shop = await stage.resident("ada", holds=5_000), await tills.till(stage.app)
    payment = await tills.pays(ada, (await shop.order(capture="LATER"))["number"])
    await shop.voids(payment["id"])

    async def act() -> Said:
        return _said((await ada.asker.data(_MOVEMENT, id=payment["id"]))["notice"])

    return act


def _preparing(ada: Resident) -> Act:
    async def act() -> Said:
        answer = await ada.asker.data(_PREPARE, input=wish(ada, "bob", 100))
        [notice] = answer["quote"]["notices"]
        return _said(notice)

    return act


def _said(notice: Mapping[str, str]) -> Said:
    return Said(
        code=notice["code"],
        title=notice["title"],
        message=notice["detail"],
        next_step=notice["nextStep"],
        retry=notice["retry"],
    )


NOTICES: Final[Scenarios] = {
    "DUPLICATE_SUSPECTED": duplicate_suspected,
    "NEW_PAYEE_COOLING": judged(risks.rule(outcome=Outcome.ALLOW, delay=True)),
    "NEW_DEVICE_COOLING": judged(
        risks.rule(NewDevice(hours=12, above=risks.ANYTHING), outcome=Outcome.STEP_UP)
    ),
    "RISK_STEP_UP": judged(risks.rule(outcome=Outcome.STEP_UP)),
    "RISK_REVIEW": judged(risks.rule(outcome=Outcome.REVIEW)),
    "PROVIDER_TIMEOUT": provider_timeout,
    "MERCHANT_REJECTED": merchant_rejected,
}

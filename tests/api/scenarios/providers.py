"""How the codes of money that comes in from a bank, and goes out to one, come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from channels.providers import HttpProvider
from domain import provider_orders
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.bank_accounts import BankAccount
from models.movements import Movement, MovementKind
from tests import factories
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Said, Scenario, Scenarios, Stage, failure, problem
from tests.api.test_withdrawals import confirm, prepared, wish
from tests.services import simulator

PROVIDER: Final = "simulator"


def topping_up(amount: int) -> Scenario:
    """A top-up whose amount makes the bank say no."""

    async def scenario(stage: Stage) -> Act:
        ada = await stage.resident("ada")
        connect(stage)
        server = stage.curtain.enter_context(simulator(callback="http://127.0.0.1:9/"))
        wire = HttpProvider(PROVIDER, url=server.url, secret=server.secret)
        await stage.curtain.enter_async_context(wire)
        started = await ada.asker.data(
            """mutation ($input: TopUpInput!) { topUp(input: $input) {
                ... on TopUpStarted { topUp { id } } } }""",
            input=card(ada, amount),
        )

        async def act() -> Said:
            await Worker(registry(Wires(provider=wire)), clock=stage.clock).run_due()
            return await failure(ada.asker, started["topUp"]["id"])

        return act

    return scenario


def connect(stage: Stage) -> None:
    """A provider is there, or at least it is said so."""
    provider_orders.install(PROVIDER)
    stage.curtain.callback(provider_orders.install, None)


def card(resident: Resident, amount: int) -> dict[str, Any]:
    """What somebody says who tops up."""
    return {
        "walletId": resident.wallet_id,
        "amount": {"amountMinor": amount, "currency": "CNY"},
        "idempotencyKey": "card",
    }


async def withdrawer(stage: Stage, **changes: Any) -> tuple[Resident, BankAccount]:
    """Ada, who has 10.00 and a bank account."""
    ada = await stage.resident("ada", holds=1_000)
    return ada, await factories.bank_account(ada.person, **changes)


async def top_ups_unavailable(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "topUp", card(ada, 100))


async def withdrawals_unavailable(stage: Stage) -> Act:
    ada, account = await withdrawer(stage)
    return partial(problem, ada.asker, "prepareWithdrawal", wish(ada, account))


async def bank_currency_differs(stage: Stage) -> Act:
    ada, account = await withdrawer(stage, currency="EUR")
    connect(stage)
    return partial(problem, ada.asker, "prepareWithdrawal", wish(ada, account))


async def cannot_cancel_withdrawal(stage: Stage) -> Act:
    ada, account = await withdrawer(stage)
    connect(stage)
    started = await confirm(ada, await prepared(ada, account))
    withdrawal = await Movement.get(kind=MovementKind.WITHDRAWAL)
    await provider_orders.hand_over(withdrawal, PROVIDER, stage.clock())
    words = {"withdrawalId": started["withdrawal"]["id"], "idempotencyKey": "back"}
    return partial(problem, ada.asker, "cancelWithdrawal", words)


PROBLEMS: Final[Scenarios] = {
    "TOP_UPS_UNAVAILABLE": top_ups_unavailable,
    "WITHDRAWALS_UNAVAILABLE": withdrawals_unavailable,
    "BANK_CURRENCY_DIFFERS": bank_currency_differs,
    "CANNOT_CANCEL_WITHDRAWAL": cannot_cancel_withdrawal,
}
FAILURES: Final[Scenarios] = {
    "PROVIDER_DECLINED": topping_up(101),
    "CONTACT_BANK": topping_up(102),
    "BANK_ACCOUNT_INVALID": topping_up(114),
    "CARD_FUNDS": topping_up(151),
    "CARD_EXPIRED": topping_up(154),
    "CARD_LIMIT": topping_up(161),
    "PROVIDER_DOWN": topping_up(190),
}

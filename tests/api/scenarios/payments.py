"""How the codes of payments, payees and wallets come out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeAlias

from channels.providers import HttpProvider
from domain import freezes, top_ups
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.freezes import FreezeOwner
from models.people import Pin
from models.wallets import Account
from tests.api.conftest import Resident
from tests.api.scenarios.stage import WHY, Act, Said, Scenario, Scenarios, Stage, failure, problem
from tests.api.test_transfers import confirm, prepared, wish
from tests.domain.registers import identity_of
from tests.services import simulator

PROVIDER: Final = "simulator"

Change: TypeAlias = Callable[[Stage, Resident, Resident], Awaitable[None]]
"""What happens to ada, who pays, or to bob, who is to be paid."""


def wishing(**changes: Any) -> Scenario:
    """Ada, who has 1000, wishes to pay bob 100, but for `changes`."""

    async def scenario(stage: Stage) -> Act:
        ada, _ = await stage.two()
        words = wish(ada, "bob", 100) | changes
        return partial(problem, ada.asker, "prepareTransfer", words)

    return scenario


def preparing_after(change: Change) -> Scenario:
    """Ada prepares a payment to bob after something has changed."""

    async def scenario(stage: Stage) -> Act:
        ada, bob = await stage.two()
        await change(stage, ada, bob)
        return partial(problem, ada.asker, "prepareTransfer", wish(ada, "bob", 800))

    return scenario


def confirming_after(change: Change) -> Scenario:
    """Ada confirms a payment to bob, and something has changed since she prepared it."""

    async def scenario(stage: Stage) -> Act:
        ada, bob = await stage.two()
        quoted = await prepared(ada, "bob", 800)
        await change(stage, ada, bob)

        async def act() -> Said:
            answer = await confirm(ada, quoted)
            return await failure(ada.asker, answer["transfer"]["id"])

        return act

    return scenario


async def pays_before(_: Stage, ada: Resident, bob: Resident) -> None:
    await confirm(ada, await prepared(ada, bob.person.account_name, 800), key="before")


async def closes_hers(stage: Stage, ada: Resident, _: Resident) -> None:
    await Account.filter(id=ada.wallet.id).update(closed_at=stage.clock())


async def closes_his(stage: Stage, _: Resident, bob: Resident) -> None:
    await Account.filter(id=bob.wallet.id).update(closed_at=stage.clock())


async def freezes_her_own(stage: Stage, ada: Resident, _: Resident) -> None:
    await freezes.freeze(
        person_id=ada.person.id,
        owner=FreezeOwner.CUSTOMER,
        by=await identity_of(ada.person),
        reason=WHY,
        now=stage.clock(),
    )


async def is_restricted(stage: Stage, ada: Resident, _: Resident) -> None:
    await freezes.freeze(
        person_id=ada.person.id, owner=FreezeOwner.RULE, by=None, reason=WHY, now=stage.clock()
    )


async def forgets_her_pin(_: Stage, ada: Resident, __: Resident) -> None:
    await Pin.filter(person_id=ada.person.id).delete()


async def currency_not_offered(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "openWallet", {"currency": "XXX"})


async def top_ups_unavailable(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "topUp", _card(ada, 100))


async def provider_declined(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    top_ups.install(PROVIDER)
    stage.curtain.callback(top_ups.install, None)
    server = stage.curtain.enter_context(simulator(callback="http://127.0.0.1:9/"))
    wire = HttpProvider(PROVIDER, url=server.url, secret=server.secret)
    await stage.curtain.enter_async_context(wire)
    started = await ada.asker.data(
        """mutation ($input: TopUpInput!) { topUp(input: $input) {
            ... on TopUpStarted { topUp { id } } } }""",
        input=_card(ada, 101),
    )

    async def act() -> Said:
        await Worker(registry(Wires(provider=wire)), clock=stage.clock).run_due()
        return await failure(ada.asker, started["topUp"]["id"])

    return act


async def hold_expired(stage: Stage) -> Act:
    ada, _ = await stage.two()
    pending = await confirm(ada, await prepared(ada, "bob", 250, arrival="NEXT_DAY"))
    stage.clock.advance(days=9)
    ada = await stage.again(ada)

    async def act() -> Said:
        await Worker(registry(Wires()), clock=stage.clock).run_due()
        return await failure(ada.asker, pending["transfer"]["id"])

    return act


def _card(resident: Resident, amount: int) -> dict[str, Any]:
    return {
        "walletId": resident.wallet_id,
        "amount": {"amountMinor": amount, "currency": "CNY"},
        "idempotencyKey": "card",
    }


PROBLEMS: Final[Scenarios] = {
    "AMOUNT_INVALID": wishing(amount={"amountMinor": 0, "currency": "CNY"}),
    "CURRENCY_MISMATCH": wishing(amount={"amountMinor": 5, "currency": "JPY"}),
    "CURRENCY_NOT_OFFERED": currency_not_offered,
    "NOTE_INVALID": wishing(note="x" * 141),
    "TOP_UPS_UNAVAILABLE": top_ups_unavailable,
    "PAYEE_NOT_FOUND": wishing(payee={"accountName": "nobody"}),
    "PAYEE_CANNOT_RECEIVE": preparing_after(closes_his),
    "SELF_PAYMENT": wishing(payee={"accountName": "ada"}),
    "WALLET_CLOSED": preparing_after(closes_hers),
    "ACCOUNT_FROZEN_BY_USER": preparing_after(freezes_her_own),
    "ACCOUNT_RESTRICTED": preparing_after(is_restricted),
    "INSUFFICIENT_FUNDS": preparing_after(pays_before),
    "PIN_NOT_SET": preparing_after(forgets_her_pin),
}
FAILURES: Final[Scenarios] = {
    "PROVIDER_DECLINED": provider_declined,
    "HOLD_EXPIRED": hold_expired,
    "PAYEE_CANNOT_RECEIVE": confirming_after(closes_his),
    "WALLET_CLOSED": confirming_after(closes_hers),
    "ACCOUNT_FROZEN_BY_USER": confirming_after(freezes_her_own),
    "ACCOUNT_RESTRICTED": confirming_after(is_restricted),
    "INSUFFICIENT_FUNDS": confirming_after(pays_before),
}

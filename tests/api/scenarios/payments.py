"""How the codes of payments, payees and wallets come out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final, TypeAlias

from domain import freezes
from domain.money import MAX_MINOR_UNITS
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.freezes import FreezeOwner
from models.people import Pin
from models.wallets import Account
from tests import factories
from tests.api.conftest import Resident
from tests.api.scenarios.stage import WHY, Act, Said, Scenario, Scenarios, Stage, failure, problem
from tests.api.test_transfers import confirm, prepared, wish
from tests.domain.registers import identity_of

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


async def waits_for_another(_: Stage, ada: Resident, bob: Resident) -> None:
    waiting = await prepared(ada, bob.person.account_name, 800, arrival="NEXT_DAY")
    await confirm(ada, waiting, key="before")


async def becomes_the_richest(_: Stage, __: Resident, bob: Resident) -> None:
    await factories.fund(bob.wallet, bob.person, MAX_MINOR_UNITS)


async def forgets_her_pin(_: Stage, ada: Resident, __: Resident) -> None:
    await Pin.filter(person_id=ada.person.id).delete()


async def currency_not_offered(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "openWallet", {"currency": "XXX"})


async def hold_expired(stage: Stage) -> Act:
    ada, _ = await stage.two()
    pending = await confirm(ada, await prepared(ada, "bob", 250, arrival="NEXT_DAY"))
    stage.clock.advance(days=9)
    ada = await stage.again(ada)

    async def act() -> Said:
        await Worker(registry(Wires()), clock=stage.clock).run_due()
        return await failure(ada.asker, pending["transfer"]["id"])

    return act


PROBLEMS: Final[Scenarios] = {
    "AMOUNT_INVALID": wishing(amount={"amountMinor": 0, "currency": "CNY"}),
    "CURRENCY_MISMATCH": wishing(amount={"amountMinor": 5, "currency": "JPY"}),
    "CURRENCY_NOT_OFFERED": currency_not_offered,
    "NOTE_INVALID": wishing(note="x" * 141),
    "PAYEE_NOT_FOUND": wishing(payee={"accountName": "nobody"}),
    "PAYEE_CANNOT_RECEIVE": preparing_after(closes_his),
    "SELF_PAYMENT": wishing(payee={"accountName": "ada"}),
    "WALLET_CLOSED": preparing_after(closes_hers),
    "ACCOUNT_FROZEN_BY_USER": preparing_after(freezes_her_own),
    "ACCOUNT_RESTRICTED": preparing_after(is_restricted),
    "INSUFFICIENT_FUNDS": preparing_after(pays_before),
    "FUNDS_ON_HOLD": preparing_after(waits_for_another),
    "PAYEE_LIMIT": preparing_after(becomes_the_richest),
    "PIN_NOT_SET": preparing_after(forgets_her_pin),
}
FAILURES: Final[Scenarios] = {
    "HOLD_EXPIRED": hold_expired,
    "PAYEE_CANNOT_RECEIVE": confirming_after(closes_his),
    "WALLET_CLOSED": confirming_after(closes_hers),
    "ACCOUNT_FROZEN_BY_USER": confirming_after(freezes_her_own),
    "ACCOUNT_RESTRICTED": confirming_after(is_restricted),
    "INSUFFICIENT_FUNDS": confirming_after(pays_before),
    "FUNDS_ON_HOLD": confirming_after(waits_for_another),
    "PAYEE_LIMIT": confirming_after(becomes_the_richest),
}

"""How the codes of bank accounts and cards come out."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

from domain import bank_accounts, provider_orders
from domain.bank_accounts import Owner, Said, Verdict
from models.bank_accounts import BankAccountStatus
from tests import factories, showing
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.api.test_bank_accounts import card, typed
from tests.domain import bankers
from tests.domain.withdrawers import Withdrawer


async def connected(stage: Stage, name: str = "ada", *, holds: int = 0) -> Resident:
    """Somebody in a town whose provider is connected."""
    provider_orders.install("simulator")
    stage.curtain.callback(provider_orders.install, None)
    return await stage.resident(name, holds=holds)


def adding(words: dict[str, Any]) -> Scenario:
    async def scenario(stage: Stage) -> Act:
        ada = await connected(stage)
        return partial(problem, ada.asker, "addBankAccount", words)

    return scenario


async def unavailable(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "addBankAccount", typed())


async def there_already(stage: Stage) -> Act:
    ada = await connected(stage)
    await bankers.added(await bankers.fresh(ada.person))
    return partial(problem, ada.asker, "addBankAccount", typed())


async def too_many(stage: Stage) -> Act:
    ada = await connected(stage)
    for _ in range(bank_accounts.MOST):
        await factories.bank_account(ada.person)
    return partial(problem, ada.asker, "addBankAccount", typed())


async def guessed(stage: Stage) -> Act:
    ada = await connected(stage)
    by = await bankers.fresh(ada.person)
    account = await bankers.awaiting_an_amount(by)
    await bankers.guesses(by, account, 1, Said(Verdict.AMOUNT_SENT))
    owner = Owner(person_id=ada.person.id)
    await bank_accounts.remove(account.id, owner=owner, by=by, now=stage.clock())
    return partial(problem, ada.asker, "addBankAccount", typed())


async def holder_differs(stage: Stage) -> Act:
    ada = await connected(stage)
    await showing.accepted(ada.person, "Charles Babbage", now=stage.clock())
    return partial(problem, ada.asker, "addBankAccount", typed())


async def nothing_to_verify(stage: Stage) -> Act:
    ada = await connected(stage)
    account = await factories.bank_account(ada.person)
    amount = {"amountMinor": 17, "currency": "CNY"}
    words = {"bankAccountId": f"bnk_{account.id.hex}", "amount": amount}
    return partial(problem, ada.asker, "verifyBankAccount", words)


async def in_use(stage: Stage) -> Act:
    ada = await connected(stage, holds=1_000)
    account = await factories.bank_account(ada.person)
    await Withdrawer(ada.person, ada.wallet, account).withdraws(300)
    return partial(
        problem, ada.asker, "removeBankAccount", {"bankAccountId": f"bnk_{account.id.hex}"}
    )


def withdrawing(**changes: Any) -> Scenario:
    """Ada prepares a withdrawal to a bank account that is not as it should be."""

    async def scenario(stage: Stage) -> Act:
        ada = await connected(stage, holds=1_000)
        account = await factories.bank_account(ada.person, **changes)
        words = {
            "walletId": ada.wallet_id,
            "bankAccountId": f"bnk_{account.id.hex}",
            "amount": {"amountMinor": 300, "currency": "CNY"},
        }
        return partial(problem, ada.asker, "prepareWithdrawal", words)

    return scenario


async def cooling(stage: Stage) -> Act:
    until = stage.clock() + timedelta(hours=1)
    return await withdrawing(usable_for_withdrawal_from=until)(stage)


PROBLEMS: Final[Scenarios] = {
    "BANK_ACCOUNT_UNUSABLE": withdrawing(status=BankAccountStatus.PENDING),
    "BANK_ACCOUNT_COOLING": cooling,
    "BANK_ACCOUNTS_UNAVAILABLE": unavailable,
    "BANK_NUMBER_INVALID": adding(
        typed(details={"bankAccount": {"number": "DE00", "country": "DE"}})
    ),
    "BANK_NAME_INVALID": adding(
        typed(details={"bankAccount": {"number": "123456", "country": "US", "bankName": ""}})
    ),
    "CARD_NUMBER_SHOWN": adding(card(token="4111111111111111")),
    "CARD_INVALID": adding(card(expiresMonth=0)),
    "CARD_EXPIRED": adding(card(expiresYear=2025)),
    "HOLDER_INVALID": adding(typed(holder=" ")),
    "HOLDER_DIFFERS": holder_differs,
    "BANK_ACCOUNT_THERE": there_already,
    "TOO_MANY_BANK_ACCOUNTS": too_many,
    "BANK_ACCOUNT_GUESSED": guessed,
    "NOTHING_TO_VERIFY": nothing_to_verify,
    "BANK_ACCOUNT_IN_USE": in_use,
}

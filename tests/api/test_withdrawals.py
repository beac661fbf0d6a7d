"""A withdrawal through the API: prepared, looked at, proved, handed to the bank, or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from channels.providers import Unreachable
from domain import provider_orders
from domain.provider_orders import Said, Verdict
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.bank_accounts import BankAccount
from models.movements import Movement, MovementKind
from models.people import Role
from models.providers import ProviderOrder
from models.sessions import Audience
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import PIN, Moving, Resident
from tests.jobs.scripted import DECLINED, SUCCEEDED, Scripted, out
from tests.moments import Clock

PREPARE = """
mutation ($input: PrepareWithdrawalInput!) {
  prepareWithdrawal(input: $input) {
    __typename
    ... on WithdrawalPrepared {
      quote {
        id total { amountMinor } bankAccount { id masked } isNewAccount
        limitsAfter { __typename }
      }
      challenge { id methods }
    }
    ... on BankAccountCooling { until }
    ... on Problem { code field message }
  }
}
"""
CONFIRM = """
mutation ($input: ConfirmWithdrawalInput!) {
  confirmWithdrawal(input: $input) {
    __typename
    ... on WithdrawalStarted { withdrawal { ...seen } }
    ... on WithdrawalCompleted { withdrawal { ...seen } }
    ... on WithdrawalFailed { withdrawal { ...seen } }
    ... on WithdrawalCancelled { withdrawal { ...seen } }
    ... on Problem { code }
  }
}
fragment seen on Withdrawal {
  id status direction isCancellable amount { amountMinor }
  bankAccount { masked } failure { code title }
}
"""
CANCEL = """
mutation ($input: CancelWithdrawalInput!) {
  cancelWithdrawal(input: $input) {
    __typename ... on WithdrawalCancelled { withdrawal { status } } ... on Problem { code }
  }
}
"""
HISTORY = """
query ($id: ID!) {
  wallet(id: $id) { movements(first: 10) { edges { node {
    __typename id status amount { amountMinor }
    ... on Withdrawal { bankAccount { masked } isCancellable }
    ... on WithdrawalReturn { withdrawalId }
    ... on TopUp { bankAccount { masked } }
  } } } }
}
"""


@pytest.fixture(autouse=True)
def bank() -> Iterator[None]:
    provider_orders.install("simulator")
    yield
    provider_orders.install(None)


def wish(payer: Resident, account: BankAccount, amount: int = 500) -> dict[str, Any]:
    return {
        "walletId": payer.wallet_id,
        "bankAccountId": f"bnk_{account.id.hex}",
        "amount": {"amountMinor": amount, "currency": "CNY"},
    }


async def prepared(payer: Resident, account: BankAccount, amount: int = 500) -> dict[str, str]:
    answer = await payer.asker.data(PREPARE, input=wish(payer, account, amount))
    assert answer["__typename"] == "WithdrawalPrepared", answer
    return {"quoteId": answer["quote"]["id"], "challengeId": answer["challenge"]["id"]}


async def confirm(payer: Resident, quoted: dict[str, str], key: str = "out") -> dict[str, Any]:
    words = {**quoted, "proof": {"pin": PIN}, "idempotencyKey": key}
    answer: dict[str, Any] = await payer.asker.data(CONFIRM, input=words)
    return answer


async def cancel(payer: Resident, withdrawal_id: str, key: str = "back") -> dict[str, Any]:
    words = {"withdrawalId": withdrawal_id, "idempotencyKey": key}
    answer: dict[str, Any] = await payer.asker.data(CANCEL, input=words)
    return answer


async def ada_with(resident: Moving, holds: int = 1_000) -> tuple[Resident, BankAccount]:
    ada = await resident("ada", holds=holds)
    return ada, await factories.bank_account(ada.person)


async def works(clock: Clock, *script: Any) -> None:
    await Worker(registry(Wires(provider=Scripted(*script))), clock=clock).run_due()


async def has(payer: Resident) -> tuple[int, int]:
    now = await Account.get(id=payer.wallet.id)
    return now.available, now.held


async def test_a_prepared_withdrawal_shows_where_it_goes_and_moves_nothing(
    resident: Moving,
) -> None:
    ada, account = await ada_with(resident)

    answer = await ada.asker.data(PREPARE, input=wish(ada, account))

    assert answer["quote"]["bankAccount"] == {
        "id": f"bnk_{account.id.hex}",
        "masked": account.masked,
    }
    assert answer["quote"]["total"] == {"amountMinor": 500}
    assert answer["quote"]["isNewAccount"]
    assert answer["challenge"]["methods"] == ["PIN"]
    assert await has(ada) == (1_000, 0)


async def test_a_confirmed_withdrawal_waits_for_the_bank_and_the_same_key_tells_how_it_ended(
    resident: Moving, clock: Clock
) -> None:
    ada, account = await ada_with(resident)
    quoted = await prepared(ada, account)

    first = await confirm(ada, quoted)
    await works(clock, out(SUCCEEDED))
    second = await confirm(ada, quoted)

    assert first["__typename"] == "WithdrawalStarted"
    assert first["withdrawal"]["status"] == "PENDING"
    assert first["withdrawal"]["direction"] == "OUT"
    assert first["withdrawal"]["isCancellable"]
    assert first["withdrawal"]["bankAccount"] == {"masked": account.masked}
    assert second["__typename"] == "WithdrawalCompleted"
    assert not second["withdrawal"]["isCancellable"]
    assert await has(ada) == (500, 0)


async def test_a_decline_is_told_with_the_most_that_may_be_told(
    resident: Moving, clock: Clock
) -> None:
    ada, account = await ada_with(resident)
    quoted = await prepared(ada, account)
    await confirm(ada, quoted)

    await works(clock, out(DECLINED))
    ended = await confirm(ada, quoted)

    assert ended["__typename"] == "WithdrawalFailed"
    assert ended["withdrawal"]["failure"]["code"] == "PROVIDER_DECLINED"
    assert await has(ada) == (1_000, 0)


async def test_a_withdrawal_is_cancelled_once_and_not_after_the_bank_heard_of_it(
    resident: Moving, clock: Clock
) -> None:
    ada, account = await ada_with(resident)
    first = (await confirm(ada, await prepared(ada, account, 200), "a"))["withdrawal"]["id"]

    assert await cancel(ada, first, "k1") == await cancel(ada, first, "k1")
    assert (await cancel(ada, first, "k2"))["code"] == "CANNOT_CANCEL_WITHDRAWAL"
    second = (await confirm(ada, await prepared(ada, account, 300), "b"))["withdrawal"]["id"]
    await works(clock, Unreachable("away"))
    assert await has(ada) == (700, 300)
    withdrawal = await Movement.get(amount=300, kind=MovementKind.WITHDRAWAL)
    await provider_orders.hand_over(withdrawal, "simulator", clock())

    refused = await cancel(ada, second, "k3")

    assert refused["code"] == "CANNOT_CANCEL_WITHDRAWAL"
    assert await has(ada) == (700, 300)


async def test_a_new_bank_account_says_from_when_on_it_can_be_paid_to(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", holds=1_000)
    soon = clock() + timedelta(hours=3)
    account = await factories.bank_account(ada.person, usable_for_withdrawal_from=soon)

    answer = await ada.asker.data(PREPARE, input=wish(ada, account))

    assert (answer["code"], answer["until"]) == ("BANK_ACCOUNT_COOLING", soon.isoformat())
    assert answer["field"] == ["bankAccountId"]


async def test_history_shows_what_left_and_what_the_bank_sent_back(
    resident: Moving, clock: Clock
) -> None:
    ada, account = await ada_with(resident)
    started = await confirm(ada, await prepared(ada, account))
    await works(clock, out(SUCCEEDED))
    withdrawal = await Movement.get(kind=MovementKind.WITHDRAWAL)
    clock.advance(seconds=1)
    await provider_orders.believe(withdrawal, Said(verdict=Verdict.REVERSED), clock())

    found = await ada.asker.data(HISTORY, id=ada.wallet_id)

    back, left, *_ = [edge["node"] for edge in found["movements"]["edges"]]
    assert (back["__typename"], back["withdrawalId"]) == (
        "WithdrawalReturn",
        started["withdrawal"]["id"],
    )
    assert (left["__typename"], left["bankAccount"]) == ("Withdrawal", {"masked": account.masked})
    assert await has(ada) == (1_000, 0)


async def test_a_top_up_charges_the_card_that_was_named(resident: Moving, clock: Clock) -> None:
    ada, account = await ada_with(resident, holds=0)
    document = """mutation ($input: TopUpInput!) { topUp(input: $input) {
        __typename ... on TopUpStarted { topUp { bankAccount { masked } } }
        ... on Problem { code } } }"""
    words = {**wish(ada, account), "idempotencyKey": "in"}

    answer = await ada.asker.data(document, input=words)
    provider = Scripted(SUCCEEDED)
    await Worker(registry(Wires(provider=provider)), clock=clock).run_due()

    assert answer["topUp"]["bankAccount"] == {"masked": account.masked}
    assert [order.token for order in provider.orders] == [account.token]
    assert await has(ada) == (500, 0)


async def test_a_top_up_from_somebody_elses_card_is_not_found(resident: Moving) -> None:
    ada, _ = await ada_with(resident, holds=0)
    bobs = await factories.bank_account((await resident("bob")).person)
    document = "mutation ($input: TopUpInput!) { topUp(input: $input) { __typename } }"

    answer = await ada.asker.answer(document, input={**wish(ada, bobs), "idempotencyKey": "in"})

    assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert await Movement.filter(kind=MovementKind.TOP_UP).count() == 0
    assert await ProviderOrder.all().count() == 0


async def test_the_desk_sees_the_banks_own_words_and_nobody_else_does(
    resident: Moving, app: Any, clock: Clock
) -> None:
    ada, account = await ada_with(resident)
    started = await confirm(ada, await prepared(ada, account))
    await works(clock, out(DECLINED))
    lin = await factories.person("lin", role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    desk = Asker(app, path="/desk/graphql", token=opened.tokens.access)
    document = """query ($id: ID!) { movement(id: $id, reason: "She called") {
        ... on MovementFound { providerOrder { provider reference declineCode toldAt }
            movement { status failure { code } } } } }"""

    seen = await desk.data(document, id=started["withdrawal"]["id"])

    assert seen["providerOrder"] == {
        "provider": "simulator",
        "reference": "r-1",
        "declineCode": "do_not_honor",
        "toldAt": clock().isoformat(),
    }
    assert seen["movement"]["failure"] == {"code": "PROVIDER_DECLINED"}

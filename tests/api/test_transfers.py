"""A transfer through the API: prepared, looked at, proved, done; or refused with a reason."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.movements import IdempotencyKey, Movement
from models.people import Pin
from models.quotes import Challenge
from models.wallets import Account
from tests import factories
from tests.api.conftest import PIN, Moving, Resident, Returning
from tests.factories import balances
from tests.moments import Clock

PREPARE = """
mutation ($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    __typename
    ... on TransferPrepared {
      quote { id total { amountMinor display } payee { maskedName } isNewPayee arrival }
      challenge { id methods }
    }
    ... on InsufficientFunds { missing { amountMinor } }
    ... on Problem { code field nextStep retry message }
  }
}
"""
CONFIRM = """
mutation ($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) {
    __typename
    ... on TransferCompleted { transfer { ...seen } }
    ... on TransferPending { transfer { ...seen } }
    ... on TransferFailed { transfer { ...seen } }
    ... on WrongPin { triesLeft }
    ... on PinLocked { until }
    ... on Problem { code retry }
  }
}
fragment seen on Transfer {
  id status direction isCancellable amount { amountMinor } counterparty { name isMe }
  failure { code title nextStep }
}
"""
CANCEL = """
mutation ($input: CancelTransferInput!) {
  cancelTransfer(input: $input) {
    __typename ... on TransferCancelled { transfer { status } } ... on Problem { code }
  }
}
"""


def wish(payer: Resident, payee: str, amount: int, **changes: Any) -> dict[str, Any]:
    return {
        "walletId": payer.wallet_id,
        "payee": {"accountName": payee},
        "amount": {"amountMinor": amount, "currency": "CNY"},
        **changes,
    }


async def prepared(payer: Resident, payee: str, amount: int, **changes: Any) -> dict[str, str]:
    answer = await payer.asker.data(PREPARE, input=wish(payer, payee, amount, **changes))
    assert answer["__typename"] == "TransferPrepared", answer
    return {"quoteId": answer["quote"]["id"], "challengeId": answer["challenge"]["id"]}


async def confirm(
    payer: Resident, quoted: dict[str, str], key: str = "key-1", pin: str = PIN
) -> dict[str, Any]:
    words = {**quoted, "proof": {"pin": pin}, "idempotencyKey": key}
    answer: dict[str, Any] = await payer.asker.data(CONFIRM, input=words)
    return answer


async def test_a_prepared_transfer_shows_a_masked_payee_and_moves_nothing(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", display_name="Bob Marley")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "ＢＯＢ", 250))

    assert answer["quote"]["payee"] == {"maskedName": "B** M*****"}
    assert answer["quote"]["total"] == {"amountMinor": 250, "display": "CN¥2.50"}
    assert answer["challenge"]["methods"] == ["PIN"]
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_confirmed_transfer_moves_the_money_once(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)

    first = await confirm(ada, quoted)
    second = await confirm(ada, quoted)

    assert first["__typename"] == "TransferCompleted"
    assert first["transfer"]["direction"] == "OUT"
    assert second == first
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"amount": {"amountMinor": 0, "currency": "CNY"}}, "AMOUNT_INVALID", "amountMinor"),
        ({"amount": {"amountMinor": -5, "currency": "CNY"}}, "AMOUNT_INVALID", "amountMinor"),
        ({"amount": {"amountMinor": 5, "currency": "JPY"}}, "CURRENCY_MISMATCH", "currency"),
        ({"amount": {"amountMinor": 1_001, "currency": "CNY"}}, "INSUFFICIENT_FUNDS", "amount"),
        ({"payee": {"accountName": "ada"}}, "SELF_PAYMENT", "payee"),
        ({"payee": {"accountName": "nobody"}}, "PAYEE_NOT_FOUND", "payee"),
        ({"payee": {"phone": "not a number"}}, "PAYEE_NOT_FOUND", "payee"),
        ({"note": "x" * 141}, "NOTE_INVALID", "note"),
        ({"note": "a\u202eb"}, "NOTE_INVALID", "note"),
    ],
)
async def test_a_wish_that_cannot_be_is_named_and_moves_nothing(
    resident: Moving, change: dict[str, Any], code: str, field: str
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 100) | change)

    assert (answer["code"], answer["field"][-1]) == (code, field)
    assert answer["nextStep"]
    assert await Challenge.all().count() == 0
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


@pytest.mark.parametrize("amount", ["1.5", "1e3", "9007199254740992", '"100"', "1.0", "true"])
async def test_what_is_no_whole_number_of_minor_units_never_reaches_the_ledger(
    resident: Moving, amount: str
) -> None:
    ada = await resident("ada", holds=1_000)
    document = f"""mutation {{ prepareTransfer(input: {{ walletId: "{ada.wallet_id}",
        payee: {{ accountName: "bob" }}, amount: {{ amountMinor: {amount}, currency: "CNY" }} }})
        {{ __typename }} }}"""

    assert await ada.asker.code(document) == "DOCUMENT_INVALID"
    assert await Challenge.all().count() == 0


@pytest.mark.parametrize("amount", [1.5, 1e3, 2**53, "100", True, None])
async def test_what_is_no_whole_number_in_variables_is_refused_as_well(
    resident: Moving, amount: object
) -> None:
    ada = await resident("ada", holds=1_000)
    words = wish(ada, "bob", 1) | {"amount": {"amountMinor": amount, "currency": "CNY"}}

    assert await ada.asker.code(PREPARE, input=words) == "VARIABLES_INVALID"
    assert await Challenge.all().count() == 0


async def test_a_wrong_pin_is_a_problem_and_leaves_the_key_unused(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)

    wrong = await confirm(ada, quoted, pin="135791")

    assert (wrong["code"], wrong["triesLeft"]) == ("PIN_WRONG", 4)
    assert await IdempotencyKey.filter(owner_id=ada.person.id).count() == 0
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    assert (await confirm(ada, quoted))["__typename"] == "TransferCompleted"


async def test_a_pin_guessed_wrong_five_times_is_locked_and_says_until_when(
    resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)
    for _ in range(5):
        await confirm(ada, quoted, pin="135791")

    locked = await confirm(ada, quoted)

    assert (locked["code"], locked["until"]) == ("PIN_LOCKED", "2026-03-02T12:15:00+00:00")
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    clock.advance(minutes=15)
    ada = await returning(ada)
    assert (await confirm(ada, await prepared(ada, "bob", 9)))["__typename"] == "TransferCompleted"


async def test_a_quote_and_its_challenge_expire_after_five_minutes(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)
    clock.advance(minutes=5)

    assert (await confirm(ada, quoted))["code"] == "QUOTE_EXPIRED"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_challenge_is_used_once(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)
    await confirm(ada, quoted, key="first")

    again = await confirm(ada, quoted, key="second")

    assert again["code"] == "CHALLENGE_SPENT"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_another_persons_quote_is_not_there_and_a_swapped_challenge_changed_the_intent(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", holds=1_000)
    adas, other = await prepared(ada, "bob", 250), await prepared(ada, "bob", 900)
    words = {"proof": {"pin": PIN}, "idempotencyKey": "key-1"}

    foreign = await bob.asker.code(CONFIRM, input={**adas, **words})
    swapped = await ada.asker.data(
        CONFIRM, input={**adas, "challengeId": other["challengeId"], **words}
    )

    assert foreign == "NOT_FOUND"
    assert swapped["code"] == "INTENT_CHANGED"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 1_000]


async def test_a_key_given_for_another_transfer_is_refused(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await confirm(ada, await prepared(ada, "bob", 250), key="tea")

    reused = await confirm(ada, await prepared(ada, "bob", 300), key="tea")

    assert reused["code"] == "KEY_REUSED"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_twenty_confirms_at_once_with_one_key_move_the_money_once(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)

    answers = await asyncio.gather(*(confirm(ada, quoted) for _ in range(20)))

    assert {answer["transfer"]["id"] for answer in answers} == {answers[0]["transfer"]["id"]}
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_two_people_paying_each_other_at_once_both_succeed(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", holds=1_000)
    there, back = await prepared(ada, "bob", 250), await prepared(bob, "ada", 100)

    answers = await asyncio.gather(confirm(ada, there), confirm(bob, back))

    assert [answer["__typename"] for answer in answers] == ["TransferCompleted"] * 2
    assert await balances(ada.wallet, bob.wallet) == [850, 1_150]


async def test_money_spent_meanwhile_is_a_failure_that_stays_with_its_key(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    first, second = await prepared(ada, "bob", 800), await prepared(ada, "bob", 800)
    await confirm(ada, first, key="first")

    failed = await confirm(ada, second, key="second")

    assert failed["__typename"] == "TransferFailed"
    assert failed["transfer"]["failure"]["code"] == "INSUFFICIENT_FUNDS"
    assert failed["transfer"]["failure"]["title"] == "Balance too low"
    assert await confirm(ada, second, key="second") == failed
    assert await balances(ada.wallet, bob.wallet) == [200, 800]


async def test_a_delayed_transfer_can_be_cancelled_until_it_arrives(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    pending = await confirm(ada, await prepared(ada, "bob", 250, arrival="TWO_HOURS"))
    wish_back = {"transferId": pending["transfer"]["id"], "idempotencyKey": "back"}

    cancelled = await ada.asker.data(CANCEL, input=wish_back)
    again = await ada.asker.data(CANCEL, input=wish_back)
    too_late = await ada.asker.data(CANCEL, input=wish_back | {"idempotencyKey": "other"})

    assert pending["transfer"]["isCancellable"]
    assert cancelled["transfer"]["status"] == "CANCELLED"
    assert again == cancelled
    assert too_late["code"] == "CANNOT_CANCEL"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    assert (
        await Movement.filter(person_id=ada.person.id, status="completed", kind="transfer").count()
        == 0
    )


async def test_without_a_pin_there_is_nothing_to_confirm_with(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await Pin.filter(person_id=ada.person.id).delete()

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 100))

    assert answer["code"] == "PIN_NOT_SET"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_closed_wallet_neither_pays_nor_receives(resident: Moving, clock: Clock) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", holds=50)
    waiting = await prepared(ada, "bob", 100)
    await Account.filter(id=bob.wallet.id).update(closed_at=clock())

    to_closed = await ada.asker.data(PREPARE, input=wish(ada, "bob", 100))
    from_closed = await bob.asker.data(PREPARE, input=wish(bob, "ada", 10))
    too_late = await confirm(ada, waiting)

    assert to_closed["code"] == "PAYEE_CANNOT_RECEIVE"
    assert from_closed["code"] == "WALLET_CLOSED"
    assert too_late["transfer"]["failure"]["code"] == "PAYEE_CANNOT_RECEIVE"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 50]


async def test_a_payee_without_a_wallet_in_that_currency_cannot_receive_it(
    resident: Moving,
) -> None:
    ada, _ = await resident("ada", holds=1_000), await factories.person("bob")

    answer = await ada.asker.data(PREPARE, input=wish(ada, "bob", 100))

    assert answer["code"] == "PAYEE_CANNOT_RECEIVE"
    assert await balances(ada.wallet) == [1_000]


async def test_a_delayed_transfer_arrives_when_its_time_has_come(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await confirm(ada, await prepared(ada, "bob", 250, arrival="TWO_HOURS"))
    worker = Worker(registry(Wires()), clock=clock)

    clock.advance(minutes=119)
    await worker.run_due()
    early = await balances(ada.wallet, bob.wallet)
    clock.advance(minutes=1)
    await worker.run_due()
    await worker.run_due()

    assert early == [1_000, 0]
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_a_delayed_transfer_that_cannot_arrive_fails_and_the_money_is_free_again(
    resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    pending = await confirm(ada, await prepared(ada, "bob", 250, arrival="NEXT_DAY"))
    await Account.filter(id=bob.wallet.id).update(closed_at=clock())

    clock.advance(hours=24)
    await Worker(registry(Wires()), clock=clock).run_due()

    ada = await returning(ada)
    seen = await ada.asker.data(
        "query ($id: ID!) { movement(id: $id) { status failure { code } } }",
        id=pending["transfer"]["id"],
    )
    assert seen == {"status": "FAILED", "failure": {"code": "PAYEE_CANNOT_RECEIVE"}}
    assert (await Account.get(id=ada.wallet.id)).available == 1_000

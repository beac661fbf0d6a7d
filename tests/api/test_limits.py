"""Limits through the API: seen before paying, kept while paying, and set by their owner."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.limits import policies
from domain.limits.policies import Allowance
from models.wallets import Account
from tests.api.conftest import Moving, Resident, Returning
from tests.api.test_transfers import PREPARE, confirm, prepared, wish
from tests.factories import balances
from tests.moments import Clock

LIMITS = """query ($id: ID!) { wallet(id: $id) { limits { __typename kind setBy resetsAt
    ... on AmountLimit { limit { amountMinor } used { amountMinor } remaining { amountMinor }
        raisesAt raisesTo { amountMinor } }
    ... on CountLimit { payments made left } } } }"""
SET = """mutation ($input: SetOwnLimitInput!) { setOwnLimit(input: $input) { __typename
    ... on OwnLimitSet { wallet { id } } ... on OwnLimitRaiseAsked { raisesAt }
    ... on ProofNeeded { count } ... on Problem { code field } } }"""
WITHDRAW = """mutation ($input: WithdrawOwnLimitRaiseInput!) {
    withdrawOwnLimitRaise(input: $input) { __typename ... on Problem { code field } } }"""
TIGHT = Allowance(single=400, day=500, payments_per_day=3)
MIDNIGHT = "2026-03-02T16:00:00+00:00"
"""After noon in UTC, in Shanghai."""


async def limits_of(resident: Resident) -> list[dict[str, Any]]:
    answer = await resident.asker.data(LIMITS, id=resident.wallet_id)
    found: list[dict[str, Any]] = answer["limits"]
    return found


async def set_limit(resident: Resident, kind: str, amount: int | None) -> dict[str, Any]:
    money = None if amount is None else {"amountMinor": amount, "currency": "CNY"}
    words = {"walletId": resident.wallet_id, "kind": kind, "amount": money}
    answer: dict[str, Any] = await resident.asker.data(SET, input=words)
    return answer


async def test_limits_show_what_is_used_what_remains_and_when_they_reset(resident: Moving) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    await policies.install({(0, "CNY"): TIGHT})
    await confirm(ada, await prepared(ada, "bob", 120))

    single, count, day = await limits_of(ada)

    assert (single["kind"], single["limit"], single["resetsAt"]) == (
        "SINGLE",
        {"amountMinor": 400},
        None,
    )
    assert count == {
        "__typename": "CountLimit",
        "kind": "PAYMENTS_PER_DAY",
        "setBy": "POLICY",
        "resetsAt": MIDNIGHT,
        "payments": 3,
        "made": 1,
        "left": 2,
    }
    assert (day["used"], day["remaining"]) == ({"amountMinor": 120}, {"amountMinor": 380})
    assert (day["resetsAt"], day["raisesAt"]) == (MIDNIGHT, None)


async def test_a_transfer_above_a_limit_is_refused_before_it_is_confirmed(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await policies.install({(0, "CNY"): TIGHT})

    answer = await ada.asker.data(
        PREPARE.replace(
            "... on InsufficientFunds",
            "... on PaymentLimitExceeded { over: missing { amountMinor } limit { amountMinor } } "
            "... on InsufficientFunds",
        ),
        input=wish(ada, "bob", 401),
    )

    assert answer["__typename"] == "PaymentLimitExceeded"
    assert (answer["over"], answer["limit"]) == ({"amountMinor": 1}, {"amountMinor": 400})
    assert (answer["code"], answer["field"]) == ("LIMIT_PER_PAYMENT", ["amount"])
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_two_transfers_prepared_within_a_limit_cannot_pass_it_together(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await policies.install({(0, "CNY"): TIGHT})
    first, second = await prepared(ada, "bob", 300), await prepared(ada, "bob", 300)

    done = await confirm(ada, first, key="first")
    failed = await confirm(ada, second, key="second")

    assert done["__typename"] == "TransferCompleted"
    assert failed["__typename"] == "TransferFailed"
    assert failed["transfer"]["failure"]["code"] == "LIMIT_DAY"
    assert await balances(ada.wallet, bob.wallet) == [700, 300]


async def test_a_day_counts_in_the_time_zone_of_the_payer(
    resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")

    await confirm(ada, await prepared(ada, "bob", 100))
    today = await spent(ada)
    clock.advance(hours=4)
    ada = await returning(ada)
    done = await confirm(ada, await prepared(ada, "bob", 70), key="tomorrow")
    assert done["__typename"] == "TransferCompleted", done

    assert today == (date(2026, 3, 2), 100, 100)
    assert await spent(ada) == (date(2026, 3, 3), 70, 170)


async def spent(resident: Resident) -> tuple[date | None, int, int]:
    wallet = await Account.get(id=resident.wallet.id)
    return wallet.spent_on, wallet.spent_day, wallet.spent_month


async def test_an_own_limit_is_lowered_at_once_and_raised_after_a_day(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)
    await policies.install({(0, "CNY"): Allowance()})

    lowered = await set_limit(ada, "DAY", 300)
    asked = await set_limit(ada, "DAY", 800)

    assert lowered == {"__typename": "OwnLimitSet", "wallet": {"id": ada.wallet_id}}
    assert asked == {"__typename": "OwnLimitRaiseAsked", "raisesAt": "2026-03-03T12:00:00+00:00"}
    [own] = await limits_of(ada)
    assert (own["setBy"], own["limit"]) == ("YOU", {"amountMinor": 300})
    assert (own["raisesTo"], own["raisesAt"]) == ({"amountMinor": 800}, asked["raisesAt"])


async def test_a_raise_is_withdrawn_and_then_there_is_none(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)
    await set_limit(ada, "MONTH", 300)
    await set_limit(ada, "MONTH", None)
    words = {"walletId": ada.wallet_id, "kind": "MONTH"}

    first = await ada.asker.data(WITHDRAW, input=words)
    second = await ada.asker.data(WITHDRAW, input=words)

    assert first == {"__typename": "OwnLimitRaiseWithdrawn"}
    assert second == {"__typename": "NoRaiseOpen", "code": "NO_LIMIT_RAISE", "field": ["kind"]}


async def test_a_higher_limit_asks_for_proof_when_the_last_is_old(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", holds=1_000)
    await set_limit(ada, "SINGLE", 300)
    clock.advance(minutes=11)

    answer = await set_limit(ada, "SINGLE", 301)

    assert answer == {
        "__typename": "ProofNeeded",
        "count": 1,
        "code": "PROOF_NEEDED",
        "field": None,
    }
    assert (await Account.get(id=ada.wallet.id)).own_single == 300


async def test_a_limit_that_is_none_is_a_typed_no(resident: Moving) -> None:
    ada = await resident("ada")

    negative = await set_limit(ada, "DAY", -1)

    assert negative["code"] == "AMOUNT_INVALID"
    assert (await Account.get(id=ada.wallet.id)).own_day is None

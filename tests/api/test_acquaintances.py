"""Asking for money, keeping payees and blocking people, through the API."""

from __future__ import annotations

from typing import Any

from tests.api.conftest import PIN, Moving, Resident

ASK = """mutation ($input: RequestMoneyInput!) { requestMoney(input: $input) {
    ... on MoneyRequested { request { id status other isMine amount { amountMinor } } }
    ... on Problem { code } } }"""
MINE = """query ($direction: MoneyRequestDirection!) { me {
    moneyRequests(direction: $direction) { edges { node {
        id status other isMine note movementId } } } } }"""
PREPARE = """mutation ($input: PrepareTransferInput!) { prepareTransfer(input: $input) {
    ... on TransferPrepared { quote { id note amount { amountMinor } payee { maskedName } }
        challenge { id } }
    ... on Problem { code field } } }"""
CONFIRM = """mutation ($input: ConfirmTransferInput!) { confirmTransfer(input: $input) {
    __typename ... on TransferCompleted { transfer { id } } ... on Problem { code } } }"""
KNOWN = """{ me { favouritePayees { alias maskedName } blockedPeople { id maskedName }
    recentPayees { party { id name kind } paidAt } } }"""


async def asks(bob: Resident, **changes: Any) -> dict[str, Any]:
    amount = {"amountMinor": 250, "currency": "CNY"}
    words = {"payer": {"accountName": "ada"}, "amount": amount, "note": "lunch", **changes}
    answer: dict[str, Any] = await bob.asker.data(ASK, input=words)
    return answer


async def listed(somebody: Resident, direction: str) -> list[dict[str, Any]]:
    me = await somebody.asker.data(MINE, direction=direction)
    return [edge["node"] for edge in me["moneyRequests"]["edges"]]


async def test_somebody_asks_is_paid_and_both_see_it(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    request = (await asks(bob))["request"]
    [seen] = await listed(ada, "ASKED_OF_ME")
    assert (seen["other"], seen["isMine"], seen["status"]) == ("B**", False, "OPEN")

    wanted = {"walletId": ada.wallet_id, "payee": {"moneyRequest": request["id"]}}
    shown = await ada.asker.data(PREPARE, input=wanted)
    done = await ada.asker.data(
        CONFIRM,
        input={
            "quoteId": shown["quote"]["id"],
            "challengeId": shown["challenge"]["id"],
            "proof": {"pin": PIN},
            "idempotencyKey": "lunch",
        },
    )

    assert shown["quote"]["amount"] == {"amountMinor": 250}
    assert done["__typename"] == "TransferCompleted"
    [his] = await listed(bob, "ASKED_BY_ME")
    assert (his["status"], his["movementId"]) == ("PAID", done["transfer"]["id"])
    assert await listed(ada, "ASKED_BY_ME") == []


async def test_a_stranger_pays_nothing_by_somebody_elses_request(resident: Moving) -> None:
    await resident("ada", holds=1_000)
    bob, eve = await resident("bob"), await resident("eve", holds=1_000)
    request = (await asks(bob))["request"]
    wanted = {"walletId": eve.wallet_id, "payee": {"moneyRequest": request["id"]}}

    assert await eve.asker.code(PREPARE, input=wanted) == "NOT_FOUND"

    [his] = await listed(bob, "ASKED_BY_ME")
    assert his["status"] == "OPEN"


async def test_a_payee_is_kept_paid_and_seen_among_the_recent(resident: Moving) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    kept = await ada.asker.data(
        """mutation { addFavouritePayee(input: { payee: { accountName: "bob" }, alias: "Bobby" }) {
            ... on FavouritePayeeAdded { favourite { id } } } }"""
    )
    wanted = {
        "walletId": ada.wallet_id,
        "payee": {"favourite": kept["favourite"]["id"]},
        "amount": {"amountMinor": 10, "currency": "CNY"},
    }
    shown = await ada.asker.data(PREPARE, input=wanted)
    await ada.asker.data(
        CONFIRM,
        input={
            "quoteId": shown["quote"]["id"],
            "challengeId": shown["challenge"]["id"],
            "proof": {"pin": PIN},
            "idempotencyKey": "tea",
        },
    )

    known = await ada.asker.data(KNOWN)

    assert known["favouritePayees"] == [{"alias": "Bobby", "maskedName": "B**"}]
    [recent] = known["recentPayees"]
    assert (recent["party"]["name"], recent["party"]["kind"]) == ("B**", "PERSON")


async def test_somebody_who_is_blocked_hears_what_anybody_hears(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    blocking = """mutation ($input: BlockPersonInput!) { blockPerson(input: $input) {
        ... on PersonBlocked { person { id maskedName } } ... on Problem { code } } }"""
    party = f"pty_{ada.person.id.hex}"

    blocked = await bob.asker.data(blocking, input={"partyId": party})
    wanted = {
        "walletId": ada.wallet_id,
        "payee": {"accountName": "bob"},
        "amount": {"amountMinor": 10, "currency": "CNY"},
    }
    refused = await ada.asker.data(PREPARE, input=wanted)

    assert blocked["person"] == {"id": party, "maskedName": "A**"}
    assert refused == {"code": "PAYEE_CANNOT_RECEIVE", "field": ["payee"]}
    assert (await ada.asker.data(KNOWN))["blockedPeople"] == []

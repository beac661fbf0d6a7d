"""Closing wallets and accounts over the API."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from starlette.applications import Starlette

from domain import erasures, fresh_proofs
from domain.fresh_proofs import Factor
from models.people import Person
from tests import factories
from tests.api.conftest import Moving
from tests.api.test_transfers import confirm, prepared
from tests.moments import Clock

CLOSE_WALLET: Final = """mutation ($input: CloseWalletInput!) { closeWallet(input: $input) {
    __typename
    ... on ClosedWallet { wallet { id status } }
    ... on WalletNotEmpty { code message balance { amountMinor currency } } } }"""
CLOSE_ACCOUNT: Final = """mutation { closeAccount { __typename
    ... on AccountClosed { closedAt }
    ... on Problem { code message nextStep } } }"""
NAMES: Final = """query ($id: ID!) { wallet(id: $id) { movements { edges { node {
    counterparty { name } direction } } } } }"""


async def test_an_empty_wallet_is_closed_and_one_with_money_is_not(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=250), await resident("bob")

    refused = await ada.asker.data(CLOSE_WALLET, input={"walletId": ada.wallet_id})
    closed = await bob.asker.data(CLOSE_WALLET, input={"walletId": bob.wallet_id})

    assert (refused["code"], refused["message"]) == (
        "WALLET_NOT_EMPTY",
        "There is still CN¥2.50 in this wallet.",
    )
    assert refused["balance"] == {"amountMinor": 250, "currency": "CNY"}
    assert closed["wallet"] == {"id": bob.wallet_id, "status": "CLOSED"}
    reopened = await bob.asker.data(
        'mutation { openWallet(input: { currency: "CNY" }) '
        "{ ... on WalletOpened { wallet { id status } } } }"
    )
    assert reopened["wallet"] == {"id": bob.wallet_id, "status": "OPEN"}


async def test_a_closed_account_opens_nothing_any_more(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=clock())

    closed = await ada.asker.data(CLOSE_ACCOUNT)

    assert closed == {"__typename": "AccountClosed", "closedAt": clock().isoformat()}
    assert (await Person.get(id=ada.person.id)).closed_at == clock()
    assert await ada.asker.code("{ me { id } }") == "UNAUTHENTICATED"
    assert await ada.asker.code(CLOSE_ACCOUNT) == "UNAUTHENTICATED"


async def test_an_account_with_money_is_not_closed_and_says_how_much(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    wang = await resident("wang", holds=1_234, locale="zh-CN")
    await fresh_proofs.note(UUID(wang.session_id), Factor.TOTP, now=clock())

    refused = await wang.asker.data(CLOSE_ACCOUNT)

    assert refused == {
        "__typename": "WalletNotEmpty",
        "code": "WALLET_NOT_EMPTY",
        "message": "钱包内还有 ¥12.34，暂不能关闭。",
        "nextStep": "请先将余额转出，再关闭。",
    }


async def test_closing_an_account_asks_for_two_proofs(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")

    refused = await ada.asker.data(CLOSE_ACCOUNT)

    assert refused["code"] == "PROOF_NEEDED"
    assert (await Person.get(id=ada.person.id)).closed_at is None


async def test_the_history_of_others_shows_that_the_account_was_closed(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    wang = await resident("wang", locale="zh-CN")
    await confirm(ada, await prepared(ada, "bob", 60))
    await confirm(ada, await prepared(ada, "wang", 40), key="second")
    await Person.filter(id=ada.person.id).update(closed_at=clock())
    await erasures.erase(ada.person.id, clock())

    shown = await bob.asker.data(NAMES, id=bob.wallet_id)
    translated = await wang.asker.data(NAMES, id=wang.wallet_id)

    assert [edge["node"] for edge in shown["movements"]["edges"]] == [
        {"counterparty": {"name": "Closed account"}, "direction": "IN"}
    ]
    assert [edge["node"]["counterparty"]["name"] for edge in translated["movements"]["edges"]] == [
        "已注销账户"
    ]


async def test_whoever_wants_to_pay_a_closed_account_finds_nobody(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob", holds=100)
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=clock())
    await ada.asker.data(CLOSE_ACCOUNT)

    told = await bob.asker.data('{ payee(by: { accountName: "ada" }) { ... on Problem { code } } }')

    assert told == {"code": "PAYEE_NOT_FOUND"}
    assert await factories.balances(bob.wallet) == [100]

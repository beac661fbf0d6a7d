"""Finding anything again by its id: each type by its own rule, and nothing by a wrong id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest
from graphql import GraphQLObjectType

from domain import ledger, provider_orders, refunds, top_ups
from domain.chart import house_account
from domain.merchants import Actor
from domain.money import MinorUnits
from models.ids import new_id
from models.merchants import ApiKey, MemberRole, Merchant
from models.movements import Movement, MovementKind
from models.refunds import RefundReason
from models.wallets import Account, AccountKind
from server.api import public_schema
from tests import factories
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import confirm, prepared
from tests.moments import NOON

NODE: Final = "query ($id: ID!) { node(id: $id) { __typename id } }"
WALLET: Final = "query ($id: ID!) { wallet(id: $id) { id } }"
MOVEMENT: Final = "query ($id: ID!) { movement(id: $id) { id } }"
BANKED: Final = {
    "wdr": MovementKind.WITHDRAWAL,
    "ret": MovementKind.RETURN,
    "rev": MovementKind.REVERSAL,
}
MOVEMENTS: Final = {
    "trf": "Transfer",
    "pay": "MerchantPayment",
    "top": "TopUp",
    "adj": "Adjustment",
    "wdr": "Withdrawal",
    "ret": "WithdrawalReturn",
    "rev": "TopUpReversal",
    "ref": "Refund",
    "pyt": "Payout",
    "fee": "SettlementFee",
}
TYPES: Final = {
    "per": "Person",
    "wal": "Wallet",
    "mer": "Merchant",
    "key": "ApiKey",
    "bnk": "BankAccount",
    **MOVEMENTS,
}


@pytest.fixture
def bank() -> Iterator[None]:
    provider_orders.install("bank")
    yield
    provider_orders.install(None)


async def banked(ada: Resident, prefix: str, kind: MovementKind) -> str:
    """Money that went to ada's bank, or came back from it."""
    clearing = house_account(AccountKind.PROVIDER_CLEARING, "CNY")
    is_credit = kind is MovementKind.RETURN
    order = ledger.Order(
        kind=kind,
        person_id=ada.person.id,
        source_id=clearing if is_credit else ada.wallet.id,
        target_id=ada.wallet.id if is_credit else clearing,
        amount=MinorUnits(10),
        currency="CNY",
    )
    posted = await ledger.post(ledger.pay(order, key=factories.some_key(), at=NOON))
    assert posted.movement is not None
    return f"{prefix}_{posted.movement.id.hex}"


async def settled(shop: Merchant, kind: MovementKind, to: AccountKind) -> Movement:
    """Money that a settlement took out of a merchant's account."""
    order = ledger.Order(
        kind=kind,
        person_id=shop.owner_id,
        source_id=(await Account.get(merchant_id=shop.id)).id,
        target_id=house_account(to, "CNY"),
        amount=MinorUnits(10),
        currency="CNY",
    )
    posted = await ledger.post(ledger.pay(order, key=factories.some_key(), at=NOON))
    assert posted.movement is not None
    return posted.movement


async def belongings(ada: Resident) -> dict[str, str]:
    """One id of each type that ada can find again, by its prefix."""
    wish = top_ups.Wish(wallet_id=ada.wallet.id, amount=500, currency="CNY", key="t")
    topped = await top_ups.start(wish, by=ada.person.id, now=NOON)
    funded = await factories.fund(ada.wallet, ada.person, 1_000)
    paid = await confirm(ada, await prepared(ada, "bob", 250))
    shop = await factories.merchant(await factories.person("mei"), "Book Shop")
    bought = await factories.payment(await factories.order(shop, 10), ada.wallet)
    tea = await factories.merchant(ada.person)
    await factories.key(tea)
    claim = refunds.Wish(
        payment_id=bought.movement_id, reason=RefundReason.NOT_RECEIVED, amount=None
    )
    by = Actor(merchant_id=shop.id, person_id=shop.owner_id)
    refund = await refunds.refund(claim, by=by, key="back", now=NOON)
    assert refund.movement_id is not None
    await factories.payment(await factories.order(tea, 100), ada.wallet)
    payout = await settled(tea, MovementKind.PAYOUT, AccountKind.PROVIDER_CLEARING)
    fee = await settled(tea, MovementKind.FEE, AccountKind.FEES)
    bank_account = await factories.bank_account(ada.person)
    return {
        **{prefix: await banked(ada, prefix, kind) for prefix, kind in BANKED.items()},
        "mer": f"mer_{tea.id.hex}",
        "key": f"key_{(await ApiKey.get(merchant_id=tea.id)).id.hex}",
        "per": f"per_{ada.person.id.hex}",
        "wal": ada.wallet_id,
        "trf": paid["transfer"]["id"],
        "pay": f"pay_{bought.movement_id.hex}",
        "ref": f"ref_{refund.movement_id.hex}",
        "pyt": f"pyt_{payout.id.hex}",
        "fee": f"fee_{fee.id.hex}",
        "bnk": f"bnk_{bank_account.id.hex}",
        "top": f"top_{topped.id.hex}",
        "adj": f"adj_{funded.id.hex}",
    }


def test_every_type_that_is_a_node_is_in_the_table() -> None:
    types = public_schema._schema.type_map.values()

    nodes = {
        each.name
        for each in types
        if isinstance(each, GraphQLObjectType) and "Node" in {one.name for one in each.interfaces}
    }

    assert nodes == set(TYPES.values())


@pytest.mark.usefixtures("bank")
async def test_each_type_is_found_by_its_id_and_only_by_whom_it_concerns(resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    ids = await belongings(ada)

    found = {prefix: await ada.asker.data(NODE, id=id) for prefix, id in ids.items()}
    foreign = {prefix: await bob.asker.answer(NODE, id=id) for prefix, id in ids.items()}
    missing = await bob.asker.answer(NODE, id=f"wal_{new_id().hex}")

    assert found == {prefix: {"__typename": TYPES[prefix], "id": id} for prefix, id in ids.items()}
    assert foreign.pop("trf")["data"]["node"] == found["trf"], "it reached bob as well"
    assert all(answer == missing for answer in foreign.values())
    assert missing["errors"][0]["extensions"] == {"code": "NOT_FOUND"}


@pytest.mark.usefixtures("bank")
async def test_an_id_with_the_prefix_of_another_type_is_not_found(resident: Moving) -> None:
    ada, _ = await resident("ada"), await resident("bob")
    ids = await belongings(ada)
    prefixes = [*ids, "cus", "con", "pty", "quo", "cha", "ses", "", "trf_trf"]

    for prefix, id in ids.items():
        for other in set(prefixes) - {prefix}:
            wrong = f"{other}_{id.partition('_')[2]}"
            assert await ada.asker.code(NODE, id=wrong) == "NOT_FOUND", wrong
            if prefix in MOVEMENTS:
                assert await ada.asker.code(MOVEMENT, id=wrong) == "NOT_FOUND", wrong


async def test_an_id_has_one_spelling(resident: Moving) -> None:
    ada = await resident("ada")
    id = ada.wallet.id
    others = [
        f"wal_{id.hex.upper()}",
        f"wal_{id}",
        f"wal_+{id.hex[1:]}",
        f"wal_ {id.hex[1:]}",
        f"wal_{id.hex[:-1]}",
        f"wal_{id.hex}0",
        f" wal_{id.hex}",
        f"WAL_{id.hex}",
        f"wal_{id.hex[:-1]}\u0000",
        "wal_",
        "",
    ]

    codes = {await ada.asker.code(words, id=each) for words in (NODE, WALLET) for each in others}

    assert codes == {"NOT_FOUND"}
    assert await ada.asker.data(NODE, id=f"wal_{id.hex}")
    assert await ada.asker.data(WALLET, id=f"wal_{id.hex}")


async def test_a_payment_that_failed_is_found_by_the_payer_and_never_by_the_payee(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=100), await resident("bob")
    first, second = await prepared(ada, "bob", 100), await prepared(ada, "bob", 100)
    await confirm(ada, first, key="first")

    failed = await confirm(ada, second, key="second")

    id = failed["transfer"]["id"]
    assert failed["__typename"] == "TransferFailed"
    assert (await ada.asker.data(NODE, id=id))["id"] == id
    assert await bob.asker.code(NODE, id=id) == "NOT_FOUND"


async def test_what_happened_to_a_merchants_money_is_found_by_whoever_works_there(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    cyd = await resident("cyd", holds=100)
    tea = await factories.merchant(ada.person)
    await factories.member(tea, bob.person, MemberRole.CASHIER)
    await factories.payment(await factories.order(tea, 100), cyd.wallet)
    payout = await settled(tea, MovementKind.PAYOUT, AccountKind.PROVIDER_CLEARING)
    bank_account = await factories.bank_account(tea)
    id, account_id = f"pyt_{payout.id.hex}", f"bnk_{bank_account.id.hex}"

    assert (await bob.asker.data(NODE, id=id))["__typename"] == "Payout"
    assert await cyd.asker.code(NODE, id=id) == "NOT_FOUND"
    assert (await ada.asker.data(NODE, id=account_id))["__typename"] == "BankAccount"
    assert await bob.asker.code(NODE, id=account_id) == "NOT_FOUND", "cashiers manage nothing"
    assert await cyd.asker.code(NODE, id=account_id) == "NOT_FOUND"

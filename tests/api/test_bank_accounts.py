"""Bank accounts and cards as apps add them, look at them, and remove them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.merchants import Scope
from models.bank_accounts import BankAccount
from models.merchants import MemberRole
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.domain.bankers import banking
from tests.moments import Clock

ADD = """mutation ($input: AddBankAccountInput!) { addBankAccount(input: $input) { __typename
    ... on BankAccountAdded { bankAccount { id kind currency country holder bankName masked
        expiresOn status refusedFor triesLeft isBeingAskedAbout usableForWithdrawalFrom } }
    ... on Problem { code message field } } }"""
LIST = "query ($merchant: ID) { bankAccounts(merchantId: $merchant) { id masked status } }"
REMOVE = """mutation ($input: RemoveBankAccountInput!) { removeBankAccount(input: $input) {
    __typename ... on BankAccountRemoved { bankAccount { status } } ... on Problem { code } } }"""
IBAN = "DE89 3704 0044 0532 0130 00"


@pytest.fixture(autouse=True)
def connected() -> Iterator[None]:
    with banking():
        yield


def typed(**changes: Any) -> dict[str, Any]:
    details = {"number": IBAN, "country": "DE", "bankName": "Sparkasse"}
    words = {"holder": "Ada Lovelace", "currency": "EUR", "details": {"bankAccount": details}}
    return words | changes


def card(**changes: Any) -> dict[str, Any]:
    details = {"token": "tok_1", "lastDigits": "4242", "expiresMonth": 12, "expiresYear": 2027}
    return typed(details={"card": details | changes})


async def adds(resident: Resident, words: dict[str, Any]) -> Any:
    return await resident.asker.data(ADD, input=words)


async def test_a_bank_account_is_added_shown_and_removed(resident: Moving) -> None:
    ada = await resident("ada")

    added = await adds(ada, typed())

    shown = added["bankAccount"]
    assert shown.pop("id").startswith("bnk_")
    assert shown == {
        "kind": "BANK_ACCOUNT",
        "currency": "EUR",
        "country": "DE",
        "holder": "Ada Lovelace",
        "bankName": "Sparkasse",
        "masked": "•••• 3000",
        "expiresOn": None,
        "status": "PENDING",
        "refusedFor": None,
        "triesLeft": None,
        "isBeingAskedAbout": True,
        "usableForWithdrawalFrom": "2026-03-03T12:00:00+00:00",
    }
    [listed] = await ada.asker.data(LIST)
    removed = await ada.asker.data(REMOVE, input={"bankAccountId": listed["id"]})
    assert removed["bankAccount"] == {"status": "REMOVED"}
    assert await ada.asker.data(LIST) == []


async def test_a_card_is_added_by_its_token(resident: Moving) -> None:
    ada = await resident("ada")

    shown = (await adds(ada, card()))["bankAccount"]

    assert (shown["kind"], shown["masked"]) == ("CARD", "•••• 4242")
    assert shown["expiresOn"] == "2027-12-31"


async def test_a_card_number_is_refused_without_being_repeated(resident: Moving) -> None:
    ada = await resident("ada")

    answer = await adds(ada, card(token="4111111111111111"))

    assert answer["code"] == "CARD_NUMBER_SHOWN"
    assert "4111" not in str(answer)
    assert not await BankAccount.exists()


@pytest.mark.parametrize("name", ["holder", "number", "country", "bankName", "token", "lastDigits"])
async def test_a_text_of_sixty_kibibytes_is_answered_with_a_problem(
    resident: Moving, name: str
) -> None:
    ada = await resident("ada")
    words = card() if name in {"token", "lastDigits"} else typed()
    [details] = words["details"].values()
    (words if name == "holder" else details)[name] = "7" * 60 * 1024

    answer = await adds(ada, words)

    assert answer["code"].endswith(("_INVALID", "_SHOWN")), answer
    assert not await BankAccount.exists()


async def test_a_merchants_bank_account_is_for_those_who_manage_it(resident: Moving) -> None:
    ada, bob, eve = [await resident(name) for name in ("ada", "bob", "eve")]
    tea = await factories.merchant(ada.person)
    await factories.member(tea, bob.person, MemberRole.CASHIER)
    merchant = f"mer_{tea.id.hex}"

    added = await adds(ada, typed(merchantId=merchant))

    assert added["__typename"] == "BankAccountAdded"
    assert len(await ada.asker.data(LIST, merchant=merchant)) == 1
    assert await ada.asker.data(LIST) == []
    for stranger in (bob, eve):
        assert await stranger.asker.code(LIST, merchant=merchant) == "NOT_FOUND"
        assert await stranger.asker.code(ADD, input=typed(merchantId=merchant)) == "NOT_FOUND"
    assert await BankAccount.all().count() == 1


async def test_a_key_has_nothing_to_do_with_bank_accounts(resident: Moving, app: Any) -> None:
    ada = await resident("ada")
    tea = await factories.merchant(ada.person)
    program = Asker(app, token=await factories.key(tea, Scope.SETTLEMENTS))

    assert await program.code(ADD, input=typed(merchantId=f"mer_{tea.id.hex}")) == "UNAUTHENTICATED"
    assert not await BankAccount.exists()


async def test_somebody_elses_is_as_one_that_is_not_there(resident: Moving, clock: Clock) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    theirs = await factories.bank_account(ada.person)

    answer = await bob.asker.code(REMOVE, input={"bankAccountId": f"bnk_{theirs.id.hex}"})

    assert answer == "NOT_FOUND"
    assert (await BankAccount.get(id=theirs.id)).ended_at is None

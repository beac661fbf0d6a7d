"""Money for a telephone number that is nobody's yet, as both sides see it in the app."""

from __future__ import annotations

from typing import Any

from domain import unclaimed
from models.movements import Movement
from models.people import ContactKind
from tests import factories
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import confirm
from tests.domain import registers
from tests.moments import Clock

PHONE = "+8613800138000"
PREPARE = """mutation ($input: PrepareTransferInput!) { prepareTransfer(input: $input) {
    __typename
    ... on TransferPrepared { quote { id payee { maskedName } } challenge { id } }
    ... on UnclaimedTransferPrepared { challenge { id } unclaimedQuote { id maskedPhone waitsHours
        claimableAfterHours isReviewed note total { amountMinor } } }
    ... on Problem { code field } } }"""
CLAIM = """mutation ($input: ClaimTransferInput!) { claimTransfer(input: $input) { __typename
    ... on TransferClaimed { transfer { id status direction note returnsAt
        amount { amountMinor } counterparty { kind name isMe } } }
    ... on NotClaimable { claimableFrom } ... on Problem { code field } } }"""
WAITING = """{ claimableTransfers { id maskedPayer amount { amountMinor } currency note
    claimableFrom expiresAt } }"""
HISTORY = """query ($id: ID!) { wallet(id: $id) { movements(first: 5) { edges { node { id status
    ... on Transfer { direction returnsAt isCancellable counterparty { id kind name isMe }
        failure { code title } } } } } } }"""


def wish(payer: Resident, **changes: Any) -> dict[str, Any]:
    return {
        "walletId": payer.wallet_id,
        "payee": {"phone": PHONE},
        "amount": {"amountMinor": 300, "currency": "CNY"},
        "note": "For the tea",
        "toUnclaimedPhone": True,
        **changes,
    }


async def sent(payer: Resident, key: str = "key-1") -> str:
    """The id of a transfer that waits for the number."""
    answer = await payer.asker.data(PREPARE, input=wish(payer))
    quoted = {
        "quoteId": answer["unclaimedQuote"]["id"],
        "challengeId": answer["challenge"]["id"],
    }
    confirmed = await confirm(payer, quoted, key)
    assert confirmed["__typename"] == "TransferPending"
    return str(confirmed["transfer"]["id"])


async def claims(by: Resident, transfer_id: str, **changes: Any) -> Any:
    words = {"transferId": transfer_id, "walletId": by.wallet_id, "idempotencyKey": "claim-1"}
    return await by.asker.data(CLAIM, input=words | changes)


async def newest(resident: Resident) -> Any:
    wallet = await resident.asker.data(HISTORY, id=resident.wallet_id)
    return wallet["movements"]["edges"][0]["node"]


async def test_the_payer_is_told_that_it_will_wait_and_moves_nothing(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)

    answer = await ada.asker.data(PREPARE, input=wish(ada))

    assert answer["__typename"] == "UnclaimedTransferPrepared"
    quote = answer["unclaimedQuote"]
    assert quote.pop("id").startswith("quo_")
    assert quote == {
        "maskedPhone": "+86*******8000",
        "waitsHours": 24,
        "claimableAfterHours": 0,
        "isReviewed": False,
        "note": "For the tea",
        "total": {"amountMinor": 300},
    }


async def test_whoever_only_looks_learns_what_they_learnt_before(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    nobody = await ada.asker.data(PREPARE, input=wish(ada, toUnclaimedPhone=False))
    await registers.proved(bob.person, ContactKind.PHONE, PHONE)

    somebody = [
        await ada.asker.data(PREPARE, input=wish(ada, toUnclaimedPhone=flag))
        for flag in (True, False)
    ]

    assert nobody["code"] == "PAYEE_NOT_FOUND"
    assert {each["__typename"] for each in somebody} == {"TransferPrepared"}


async def test_it_waits_in_the_history_with_the_masked_number(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)

    transfer_id = await sent(ada)

    assert await newest(ada) == {
        "id": transfer_id,
        "status": "PENDING",
        "direction": "OUT",
        "returnsAt": "2026-03-03T12:00:00+00:00",
        "isCancellable": True,
        "counterparty": {"id": None, "kind": "PHONE", "name": "+86*******8000", "isMe": False},
        "failure": None,
    }


async def test_whoever_proves_the_number_sees_what_waits_and_claims_it(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000, display_name="Ada Lovelace")
    transfer_id = await sent(ada)
    bob = await resident("bob")
    assert await bob.asker.data(WAITING) == []
    await registers.proved(bob.person, ContactKind.PHONE, PHONE)

    waiting = await bob.asker.data(WAITING)
    claimed = await claims(bob, transfer_id)
    again = await claims(bob, transfer_id)

    assert waiting == [
        {
            "id": transfer_id,
            "maskedPayer": "A** L*******",
            "amount": {"amountMinor": 300},
            "currency": "CNY",
            "note": "For the tea",
            "claimableFrom": "2026-03-02T12:00:00+00:00",
            "expiresAt": "2026-03-03T12:00:00+00:00",
        }
    ]
    assert again == claimed
    assert claimed["transfer"].pop("id") != transfer_id
    assert claimed["transfer"] == {
        "status": "COMPLETED",
        "direction": "IN",
        "note": "For the tea",
        "returnsAt": None,
        "amount": {"amountMinor": 300},
        "counterparty": {"kind": "PERSON", "name": "A** L*******", "isMe": False},
    }
    done = await newest(ada)
    assert (done["id"], done["status"], done["returnsAt"]) == (transfer_id, "COMPLETED", None)
    assert done["counterparty"]["name"] == "+86*******8000"
    assert await bob.asker.data(WAITING) == []


async def test_somebody_elses_waiting_money_is_as_none(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)
    transfer_id = await sent(ada)
    eve = await resident("eve")

    words = {"transferId": transfer_id, "walletId": eve.wallet_id, "idempotencyKey": "k"}

    assert await eve.asker.code(CLAIM, input=words) == "NOT_FOUND"
    assert (await Movement.get(id=transfer_id.removeprefix("trf_"))).settled_at is None


async def test_what_nobody_claimed_says_so_to_its_payer(resident: Moving, clock: Clock) -> None:
    ada = await resident("ada", holds=1_000)
    transfer_id = await sent(ada)
    movement = await Movement.get(id=transfer_id.removeprefix("trf_"))

    clock.advance(minutes=1)
    await unclaimed.return_unclaimed(movement.id, clock() + unclaimed.LIVES)

    ended = await newest(ada)
    assert (ended["status"], ended["returnsAt"]) == ("FAILED", None)
    assert ended["failure"] == {"code": "UNCLAIMED", "title": "Nobody claimed it"}


async def test_a_number_of_sixty_kibibytes_is_no_payee(resident: Moving) -> None:
    ada = await resident("ada", holds=1_000)

    answer = await ada.asker.data(PREPARE, input=wish(ada, payee={"phone": "1" * 60 * 1024}))

    assert answer["code"] == "PAYEE_NOT_FOUND"


async def test_a_wrong_wallet_is_pointed_at(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    transfer_id = await sent(ada)
    await registers.proved(bob.person, ContactKind.PHONE, PHONE)
    euros = await factories.wallet(bob.person, currency="EUR")

    answer = await claims(bob, transfer_id, walletId=f"wal_{euros.id.hex}")

    assert (answer["code"], answer["field"]) == ("CURRENCY_MISMATCH", ["walletId"])

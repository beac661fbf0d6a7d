"""A payment that asks for more than a PIN: what is enough, what is not, and who is told what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyotp
import pytest

from domain import contacts, risk, second_factors
from domain.risk import Outcome
from domain.risk.rules import NewPayee
from models.movements import Movement
from models.people import CodePurpose, Contact, ContactCode, ContactKind, Pin
from models.quotes import Challenge
from models.risk import RiskCase
from tests.api.conftest import PIN, Moving, Resident, Returning
from tests.api.test_transfers import CANCEL, CONFIRM, wish
from tests.domain import risks
from tests.factories import balances
from tests.moments import NOON, Clock

PREPARE: Final = """
mutation ($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    __typename
    ... on TransferPrepared {
      quote { id arrival isSlowed isReviewed }
      challenge { id methods passkeyOptions }
    }
    ... on Problem { code nextStep }
  }
}
"""
SEND: Final = """
mutation ($input: SendChallengeCodeInput!) {
  sendChallengeCode(input: $input) {
    __typename ... on ChallengeCodeSent { maskedContact } ... on Problem { code field }
  }
}
"""
WRONG: Final = "135791"


@pytest.fixture(autouse=True)
def _no_rules_afterwards() -> Iterator[None]:
    yield
    risk.install(None)


def rule(outcome: Outcome, *, delay: bool = False) -> None:
    """From now on this follows from paying somebody more than CNY 1.00 for the first time."""
    risks.install(risks.rule(NewPayee(above={"CNY": 100}), outcome, delay=delay))


async def prepare(payer: Resident, amount: int = 250) -> dict[str, Any]:
    answer: dict[str, Any] = await payer.asker.data(PREPARE, input=wish(payer, "bob", amount))
    return answer


async def confirm(
    payer: Resident, what: dict[str, Any], proof: dict[str, Any], key: str = "key-1"
) -> dict[str, Any]:
    answer: dict[str, Any] = await payer.asker.data(
        CONFIRM,
        input={
            "quoteId": what["quote"]["id"],
            "challengeId": what["challenge"]["id"],
            "proof": proof,
            "idempotencyKey": key,
        },
    )
    return answer


async def proved_email(someone: Resident) -> Contact:
    return await Contact.create(
        id=someone.person.id,
        person_id=someone.person.id,
        kind=ContactKind.EMAIL,
        value="ada@example.org",
        created_at=NOON,
        verified_at=NOON,
        usable_at=NOON,
    )


async def asked_for_more(resident: Moving) -> tuple[Resident, Resident, dict[str, Any]]:
    """Ada, whose payment to bob needs a code beside her PIN; it is on its way."""
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await proved_email(ada)
    rule(Outcome.STEP_UP)
    quoted = await prepare(ada)
    await ada.asker.data(SEND, input={"challengeId": quoted["challenge"]["id"]})
    return ada, bob, quoted


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def code_sent() -> str:
    return contacts.code_for(await ContactCode.get(purpose=CodePurpose.PAY))


async def test_a_payment_that_a_rule_doubts_needs_a_code_beside_the_pin(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await proved_email(ada)
    rule(Outcome.STEP_UP)

    quoted = await prepare(ada)
    alone = await confirm(ada, quoted, {"pin": PIN})
    sent = await ada.asker.data(SEND, input={"challengeId": quoted["challenge"]["id"]})
    both = {"pinAndCode": {"pin": PIN, "code": await code_sent()}}
    done = await confirm(ada, quoted, both)

    assert quoted["challenge"]["methods"] == ["PIN_AND_CODE"]
    assert alone["code"] == "PROOF_TOO_WEAK"
    assert sent == {"__typename": "ChallengeCodeSent", "maskedContact": "a***@example.org"}
    assert done["__typename"] == "TransferCompleted"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_which_of_pin_and_code_was_wrong_is_not_said_and_nothing_moves(
    resident: Moving,
) -> None:
    ada, bob, quoted = await asked_for_more(resident)
    code = await code_sent()
    other = another(code)

    wrong_code = await confirm(ada, quoted, {"pinAndCode": {"pin": PIN, "code": other}})
    wrong_pin = await confirm(ada, quoted, {"pinAndCode": {"pin": WRONG, "code": other}})

    assert wrong_code == wrong_pin
    assert wrong_code["code"] == "PROOF_WRONG"
    assert (await Pin.get(person_id=ada.person.id)).wrong_tries == 1
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]
    assert not await Movement.exists(person_id=ada.person.id, kind="transfer")


async def test_a_code_guessed_wrong_five_times_is_void_for_the_right_guess_too(
    resident: Moving,
) -> None:
    ada, bob, quoted = await asked_for_more(resident)
    code = await code_sent()
    other = another(code)

    for _ in range(5):
        await confirm(ada, quoted, {"pinAndCode": {"pin": PIN, "code": other}})
    answer = await confirm(ada, quoted, {"pinAndCode": {"pin": PIN, "code": code}})

    assert answer["code"] == "PROOF_WRONG"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_the_code_of_another_challenge_proves_nothing_for_this_one(resident: Moving) -> None:
    ada, bob, _ = await asked_for_more(resident)
    second = await prepare(ada, 300)

    both = {"pinAndCode": {"pin": PIN, "code": await code_sent()}}
    answer = await confirm(ada, second, both)

    assert answer["code"] == "PROOF_WRONG"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_whoever_has_an_authenticator_app_reads_the_code_there_once(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    secret = await second_factors.enrol(ada.person.id, clock())
    rule(Outcome.STEP_UP)
    quoted, other = await prepare(ada), await prepare(ada, 300)
    code = pyotp.TOTP(secret).at(clock())

    sent = await ada.asker.data(SEND, input={"challengeId": quoted["challenge"]["id"]})
    done = await confirm(ada, quoted, {"pinAndCode": {"pin": PIN, "code": code}})
    again = await confirm(ada, other, {"pinAndCode": {"pin": PIN, "code": code}}, key="key-2")

    assert sent["code"] == "CODE_IN_APP"
    assert done["__typename"] == "TransferCompleted"
    assert again["code"] == "PROOF_WRONG"
    assert await balances(ada.wallet, bob.wallet) == [750, 250]


async def test_without_a_contact_no_code_is_sent_and_nothing_moves(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.STEP_UP)
    quoted = await prepare(ada)

    sent = await ada.asker.data(SEND, input={"challengeId": quoted["challenge"]["id"]})
    answer = await confirm(ada, quoted, {"pinAndCode": {"pin": PIN, "code": "000000"}})

    assert sent["code"] == "NO_USABLE_CONTACT"
    assert answer["code"] == "PROOF_WRONG"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_pin_that_was_reset_lately_is_not_enough_alone(
    resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    await Pin.filter(person_id=ada.person.id).update(reset_at=clock())

    cooling = await prepare(ada)
    clock.advance(hours=24)
    cooled = await prepare(await returning(ada))

    assert cooling["challenge"]["methods"] == ["PIN_AND_CODE"]
    assert cooled["challenge"]["methods"] == ["PIN"]


async def test_what_one_session_prepared_no_other_can_confirm(
    resident: Moving, returning: Returning
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepare(ada)
    elsewhere = await returning(ada)

    code = await elsewhere.asker.code(
        CONFIRM,
        input={
            "quoteId": quoted["quote"]["id"],
            "challengeId": quoted["challenge"]["id"],
            "proof": {"pin": WRONG},
            "idempotencyKey": "key-1",
        },
    )

    assert code == "NOT_FOUND"
    assert (await Pin.get(person_id=ada.person.id)).wrong_tries == 0
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_payment_that_a_rule_declines_is_not_even_quoted(resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.DECLINE)

    answer = await prepare(ada)

    assert answer["code"] == "RISK_DECLINED"
    assert "payee" not in answer["nextStep"]
    assert not await Challenge.exists()
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_first_payment_above_a_threshold_arrives_later_and_can_be_called_back(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.ALLOW, delay=True)

    quoted = await prepare(ada)
    pending = await confirm(ada, quoted, {"pin": PIN})
    back = await ada.asker.data(
        CANCEL, input={"transferId": pending["transfer"]["id"], "idempotencyKey": "back"}
    )

    assert quoted["quote"] | {"id": ""} == {
        "id": "",
        "arrival": "TWO_HOURS",
        "isSlowed": True,
        "isReviewed": False,
    }
    assert pending["__typename"] == "TransferPending"
    assert back["__typename"] == "TransferCancelled"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_small_first_payment_is_not_slowed(resident: Moving) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.ALLOW, delay=True)

    quoted = await prepare(ada, 100)

    assert quoted["quote"]["isSlowed"] is False
    assert quoted["quote"]["arrival"] == "NOW"


async def test_a_payment_to_be_reviewed_is_set_aside_with_its_case_and_can_be_called_back(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.REVIEW)

    quoted = await prepare(ada)
    waiting = await confirm(ada, quoted, {"pin": PIN})
    repeated = await confirm(ada, quoted, {"pin": PIN})
    case = await RiskCase.get()
    back = await ada.asker.data(
        CANCEL, input={"transferId": waiting["transfer"]["id"], "idempotencyKey": "back"}
    )
    after = await RiskCase.get()

    assert quoted["quote"]["isReviewed"] is True
    assert waiting["__typename"] == "TransferPending"
    assert waiting["transfer"]["status"] == "IN_REVIEW"
    assert repeated == waiting
    assert case.status == "pending"
    assert back["__typename"] == "TransferCancelled"
    assert (after.status, after.decision) == ("closed", "recalled")
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_a_reviewed_payment_that_the_funds_refuse_fails_and_opens_no_case(
    resident: Moving,
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    rule(Outcome.REVIEW)
    quoted = await prepare(ada, 800)
    first = await prepare(ada, 700)
    await confirm(ada, first, {"pin": PIN})

    failed = await confirm(ada, quoted, {"pin": PIN}, key="key-2")

    assert failed["__typename"] == "TransferFailed"
    assert failed["transfer"]["failure"]["code"] == "FUNDS_ON_HOLD"
    assert await RiskCase.all().count() == 1
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]

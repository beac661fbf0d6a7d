"""Setting up a second factor, resetting a PIN and reporting a loss, as clients do it."""

from __future__ import annotations

import asyncio
from typing import Any, Final
from uuid import UUID
from xml.etree import ElementTree

import pyotp
import pytest
from starlette.applications import Starlette

from domain import contacts, fresh_proofs, passwords, second_factors
from domain.fresh_proofs import Factor
from models.people import CodePurpose, ContactCode, ContactKind, Person, Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import Clock

START: Final = """mutation { startTotp { __typename
    ... on TotpStarted { secret uri svg expiresAt }
    ... on ProofNeeded { count without } } }"""
CONFIRM: Final = """mutation ($code: String!) { finishTotp(input: { code: $code }) { __typename
    ... on TotpConfirmed { recoveryCodes } } }"""
REMOVE: Final = """mutation { removeTotp { __typename
    ... on TotpRemoved { secondFactors { totp passkeys recoveryCodesLeft } }
    ... on ProofNeeded { count without } } }"""
MAKE: Final = """mutation { makeRecoveryCodes { __typename
    ... on RecoveryCodesMade { recoveryCodes } } }"""
MINE: Final = """{ me { secondFactors { totp passkeys recoveryCodesLeft }
    factorLoss { reportedAt decidableAt } } }"""
SIGN_IN: Final = """mutation ($code: String) { signIn(input: {
    name: "ada", password: "correct horse 7 battery", code: $code }) { __typename } }"""
RESET_PIN: Final = """mutation ($pin: String!) { resetPin(input: { newPin: $pin }) { __typename
    ... on PinSaved { pin { isSet lockedUntil } }
    ... on ProofNeeded { count without }
    ... on Problem { code field } } }"""
REPORT: Final = """mutation ($name: String!, $password: String!) {
  reportFactorLoss(input: { name: $name, password: $password }) { __typename
    ... on FactorLossBegun { lossId maskedContact }
    ... on Problem { code } } }"""
CONFIRM_LOSS: Final = """mutation ($id: ID!, $code: String!) {
  verifyFactorLoss(input: { lossId: $id, code: $code }) { __typename
    ... on FactorLossReported { decidableAt } } }"""
WITHDRAW: Final = "mutation { withdrawFactorLoss { __typename } }"
QUEUE: Final = """query ($first: Int!, $after: String) {
  factorLosses(first: $first, after: $after) {
  edges { cursor node { id accountName displayName role reportedAt decidableAt } }
  pageInfo { hasNextPage } } }"""
DECIDE: Final = """mutation ($id: ID!, $decision: FactorLossDecision!) {
  decideFactorLoss(input: { lossId: $id, decision: $decision, reason: "She came by" }) {
    __typename ... on FactorLossDecided { recoveryCode } ... on TooEarly { decidableAt } } }"""


async def set_up(ada: Resident, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    """An app in force, whose code of this moment is spent, and recovery codes."""
    app = pyotp.TOTP((await ada.asker.data(START))["secret"])
    told = await ada.asker.data(CONFIRM, code=app.at(clock()))
    return app, told["recoveryCodes"]


async def reported(app: Starlette, name: str) -> str:
    """A loss that its owner's code made count; its id."""
    asker = Asker(app)
    begun = await asker.data(REPORT, name=name, password=PASSWORD)
    code = await ContactCode.filter(purpose=CodePurpose.REPORT_LOSS).order_by("-id").first()
    assert code is not None
    digits = contacts.code_for(code)
    told = await asker.data(CONFIRM_LOSS, id=begun["lossId"], code=digits)
    assert told["__typename"] == "FactorLossReported", told
    id: str = begun["lossId"]
    return id


async def at_the_desk(app: Starlette, clock: Clock, role: Role = Role.SUPERVISOR) -> Asker:
    person = await factories.person(f"sue{role.value}", role=role)
    opened = await factories.session(person, Audience.DESK, clock())
    return Asker(app, path="/desk/graphql", token=opened.tokens.access)


async def test_an_app_is_set_up_by_secret_address_or_picture_and_then_asked_for(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", password_hash=await passwords.hashed(PASSWORD))

    started = await ada.asker.data(START)
    authenticator = pyotp.TOTP(started["secret"])
    confirmed = await ada.asker.data(CONFIRM, code=authenticator.at(clock()))
    clock.advance(seconds=30)
    asked = await Asker(app).data(SIGN_IN)
    opened = await Asker(app).data(SIGN_IN, code=authenticator.at(clock()))

    assert pyotp.parse_uri(started["uri"]).secret == started["secret"]
    assert ElementTree.fromstring(started["svg"]).tag.endswith("svg")  # noqa: S314 - our own
    assert len(set(confirmed["recoveryCodes"])) == 10
    assert (asked["__typename"], opened["__typename"]) == ("SecondFactorRequired", "SignedIn")
    assert await ada.asker.data(MINE) == {
        "secondFactors": {"totp": True, "passkeys": 0, "recoveryCodesLeft": 10},
        "factorLoss": None,
    }


async def test_a_recovery_code_signs_in_once(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", password_hash=await passwords.hashed(PASSWORD))
    _, [code, *_] = await set_up(ada, clock)

    told = [(await Asker(app).data(SIGN_IN, code=code))["__typename"] for _ in range(2)]

    assert told == ["SignedIn", "SignInRefused"]
    left = (await ada.asker.data(MINE))["secondFactors"]["recoveryCodesLeft"]
    assert left == 9


async def test_removing_the_app_needs_the_app(resident: Moving, clock: Clock) -> None:
    ada = await resident("ada")
    await set_up(ada, clock)
    await fresh_proofs.note(UUID(ada.session_id), Factor.CONTACT_CODE, now=clock())

    refused = await ada.asker.data(REMOVE)
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=clock())
    made = await ada.asker.data(MAKE)
    removed = await ada.asker.data(REMOVE)

    assert refused == {"__typename": "ProofNeeded", "count": 2, "without": ["CONTACT_CODE"]}
    assert len(made["recoveryCodes"]) == 10
    assert removed == {
        "__typename": "TotpRemoved",
        "secondFactors": {"totp": False, "passkeys": 0, "recoveryCodesLeft": 0},
    }


async def test_a_forgotten_pin_is_reset_by_two_other_proofs(resident: Moving, clock: Clock) -> None:
    ada = await resident("ada")
    await fresh_proofs.note(UUID(ada.session_id), Factor.PIN, now=clock())

    refused = await ada.asker.data(RESET_PIN, pin="908172")
    await fresh_proofs.note(UUID(ada.session_id), Factor.CONTACT_CODE, now=clock())
    simple = await ada.asker.data(RESET_PIN, pin="1" * 60_000)
    saved = await ada.asker.data(RESET_PIN, pin="908172")

    assert (refused["count"], refused["without"]) == (2, ["PIN"])
    assert (simple["code"], simple["field"]) == ("PIN_TOO_SIMPLE", ["newPin"])
    assert saved == {"__typename": "PinSaved", "pin": {"isSet": True, "lockedUntil": None}}


async def test_a_loss_is_reported_by_nobody_who_is_signed_in_and_seen_by_its_owner(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", password_hash=await passwords.hashed(PASSWORD))
    await registers.proved(ada.person, ContactKind.EMAIL, "ada@example.org")
    await second_factors.enrol(ada.person.id, clock())

    wrong = await Asker(app).data(REPORT, name="ada", password="wrong")
    nobody = await Asker(app).data(REPORT, name="nobody", password=PASSWORD)
    await reported(app, "ada")
    seen = (await ada.asker.data(MINE))["factorLoss"]
    withdrawn = await ada.asker.data(WITHDRAW)

    assert wrong == nobody == {"__typename": "SignInRefused", "code": "SIGN_IN_REFUSED"}
    assert seen["reportedAt"] == clock().isoformat()
    assert withdrawn == {"__typename": "FactorLossWithdrawn"}
    assert (await ada.asker.data(MINE))["factorLoss"] is None


@pytest.mark.parametrize("field", ["name", "password"])
async def test_words_without_end_are_answered_like_wrong_ones(app: Starlette, field: str) -> None:
    words: dict[str, Any] = {"name": "ada", "password": PASSWORD, field: "ä" * 20_000}

    assert (await Asker(app).data(REPORT, **words))["code"] == "SIGN_IN_REFUSED"


async def test_the_desk_goes_through_its_queue_and_decides_when_the_waiting_is_over(
    app: Starlette, clock: Clock
) -> None:
    for name in ("ada", "bob", "eve"):
        person = await registers.resident(name)
        await registers.proved(person, ContactKind.EMAIL, f"{name}@example.org")
        await second_factors.enrol(person.id, clock())
        await reported(app, name)
        clock.advance(minutes=20)
    early = await at_the_desk(app, clock)

    first = await early.data(QUEUE, first=2)
    rest = await early.data(QUEUE, first=2, after=first["edges"][-1]["cursor"])
    [loss] = [edge["node"] for edge in rest["edges"]]
    too_early = await early.data(DECIDE, id=loss["id"], decision="CLEAR")
    clock.advance(hours=72)
    late = await at_the_desk(app, clock, Role.ADMIN)
    decided = await late.data(DECIDE, id=loss["id"], decision="CLEAR")
    left = await late.data(QUEUE, first=100)

    names = [edge["node"]["accountName"] for edge in first["edges"]]
    assert (names, first["pageInfo"]["hasNextPage"]) == (["eve", "bob"], True)
    assert (loss["accountName"], loss["role"]) == ("ada", "CUSTOMER")
    assert too_early == {"__typename": "TooEarly", "decidableAt": loss["decidableAt"]}
    assert decided == {"__typename": "FactorLossDecided", "recoveryCode": None}
    assert [edge["node"]["accountName"] for edge in left["edges"]] == ["eve", "bob"]
    ada = await Person.get(account_name="ada")
    assert not await second_factors.is_enrolled(ada.id)


async def test_two_confirmations_of_one_app_at_once_show_recovery_codes_once(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    authenticator = pyotp.TOTP((await ada.asker.data(START))["secret"])

    told = await asyncio.gather(
        *(ada.asker.data(CONFIRM, code=authenticator.at(clock())) for _ in range(4))
    )

    kinds = sorted(each["__typename"] for each in told)
    assert kinds == ["TotpConfirmed", *["TotpNotStarted"] * 3]

"""Passwords over the API: the rules, another one, and a forgotten one, at both doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from domain import contacts, links, password_resets, passwords, second_factors
from domain.passwords import Policy, Profile
from models.passwords import PasswordReset
from models.people import CodePurpose, ContactCode, ContactKind, Person, Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON, Clock

POLICY: Final = """{ passwordPolicy {
    profile minLength maxLength classes maxAgeDays suggestion } }"""
CHANGE: Final = """mutation ($current: String!, $new: String!) {
    changePassword(input: { currentPassword: $current, newPassword: $new }) {
        __typename
        ... on PasswordChanged { changedAt }
        ... on Problem { code field }
        ... on PasswordTooWeak { reasons } } }"""
REQUEST: Final = """mutation ($contact: String!, $way: PasswordResetWay! = LINK) {
    requestPasswordReset(input: { contact: $contact, way: $way }) {
        __typename
        ... on PasswordResetAsked { resetId expiresAt }
        ... on TooManyPasswordResets { code againAt } } }"""
COMPLETE: Final = """mutation ($proof: PasswordResetProofInput!, $new: String!) {
    completePasswordReset(input: { proof: $proof, newPassword: $new }) {
        __typename
        ... on PasswordReplaced { replacedAt }
        ... on Problem { code field }
        ... on PasswordTooWeak { reasons } } }"""
SIGN_IN: Final = """mutation ($name: String!, $password: String!) {
    signIn(input: { name: $name, password: $password }) { __typename } }"""
ANOTHER: Final = "other horse 8 battery"
ADAS: Final = "ada@example.org"


@pytest.fixture(autouse=True)
def usual_policy() -> Iterator[None]:
    yield
    passwords.install(None)


async def resident_with_a_letter_box(resident: Moving, name: str = "ada") -> Person:
    ada = await resident(name, password_hash=await passwords.hashed(PASSWORD))
    await registers.proved(ada.person, ContactKind.EMAIL, f"{name}@example.org")
    return ada.person


async def sent(reset_id: str) -> dict[str, Any]:
    """What the letter about a request brought its reader."""
    row = await PasswordReset.get(id=reset_id.removeprefix("pwr_"))
    found = await password_resets.identify(row.id, NOON)
    if found is not None:
        return {"token": links.token(found[0])}
    code = await ContactCode.get(subject_id=row.id, purpose=CodePurpose.RESET_PASSWORD)
    return {"code": {"resetId": reset_id, "code": contacts.code_for(code)}}


async def test_anybody_learns_the_rules_and_gets_a_password_that_keeps_them(
    app: Starlette,
) -> None:
    policy = await Asker(app).data(POLICY)
    another = await Asker(app, path="/desk/graphql").data(POLICY)

    suggestion = policy.pop("suggestion")
    assert policy == {
        "profile": "CLASSES",
        "minLength": 12,
        "maxLength": 256,
        "classes": True,
        "maxAgeDays": 90,
    }
    assert another.pop("suggestion") != suggestion
    assert another == policy
    await passwords.check(suggestion, passwords.Owner())


async def test_by_nist_a_second_factor_shortens_what_is_asked_for(
    app: Starlette, resident: Moving
) -> None:
    passwords.install(Policy(Profile.NIST))
    ada, bob = await resident("ada"), await resident("bob")
    await second_factors.enrol(ada.person.id, NOON)

    asked = [await asker.data(POLICY) for asker in (Asker(app), ada.asker, bob.asker)]

    assert [each["minLength"] for each in asked] == [15, 8, 15]
    assert {(each["classes"], each["maxAgeDays"]) for each in asked} == {(False, None)}


async def test_somebody_changes_their_password_and_signs_in_with_it(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada", password_hash=await passwords.hashed(PASSWORD))

    answer = await ada.asker.data(CHANGE, current=PASSWORD, new=ANOTHER)

    assert answer == {"__typename": "PasswordChanged", "changedAt": "2026-03-02T12:00:00+00:00"}
    signed = await Asker(app).data(SIGN_IN, name="ada", password=ANOTHER)
    assert signed == {"__typename": "SignedIn"}


async def test_an_agent_changes_theirs_at_the_desk(app: Starlette, clock: Clock) -> None:
    lin = await registers.resident("lin", role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    asker = Asker(app, path="/desk/graphql", token=opened.tokens.access)

    answer = await asker.data(CHANGE, current=PASSWORD, new=ANOTHER)

    assert answer["__typename"] == "PasswordChanged"


@pytest.mark.parametrize(
    ("current", "new", "problem"),
    [
        ("wrong", ANOTHER, {"code": "CURRENT_PASSWORD_WRONG", "field": ["currentPassword"]}),
        (PASSWORD, PASSWORD, {"code": "PASSWORD_USED_BEFORE", "field": ["newPassword"]}),
        (
            PASSWORD,
            "ada",
            {
                "code": "PASSWORD_TOO_WEAK",
                "field": ["newPassword"],
                "reasons": ["short", "digits", "symbols", "name"],
            },
        ),
        (
            PASSWORD,
            "x" * 60_000,
            {"code": "PASSWORD_TOO_WEAK", "field": ["newPassword"], "reasons": ["long"]},
        ),
    ],
)
async def test_a_refused_change_points_at_its_input(
    resident: Moving, current: str, new: str, problem: dict[str, Any]
) -> None:
    ada = await resident("ada", password_hash=await passwords.hashed(PASSWORD))

    answer = await ada.asker.data(CHANGE, current=current, new=new)

    answer.pop("__typename")
    assert answer == problem


@pytest.mark.parametrize("path", ["/graphql", "/desk/graphql"])
@pytest.mark.parametrize("way", ["LINK", "CODE"])
async def test_a_forgotten_password_becomes_another(
    app: Starlette, resident: Moving, path: str, way: str
) -> None:
    await resident_with_a_letter_box(resident)
    asker = Asker(app, path=path)

    asked = await asker.data(REQUEST, contact=ADAS, way=way)
    done = await asker.data(COMPLETE, proof=await sent(asked["resetId"]), new=ANOTHER)

    assert done["__typename"] == "PasswordReplaced"
    signed = await Asker(app).data(SIGN_IN, name="ada", password=ANOTHER)
    assert signed == {"__typename": "SignedIn"}


async def test_the_answer_tells_nobody_who_is_here(app: Starlette, resident: Moving) -> None:
    await resident_with_a_letter_box(resident)
    contacts_ = [ADAS, "nobody@example.org", "ada", "+8613800138000", "", "x" * 60_000]

    answers = [
        await Asker(app).data(REQUEST, contact=contact, way=way)
        for contact in contacts_
        for way in ("LINK", "CODE")
    ]

    for answer in answers:
        assert answer.pop("resetId").startswith("pwr_")
    assert answers == [
        {"__typename": "PasswordResetAsked", "expiresAt": "2026-03-02T12:10:00+00:00"}
    ] * len(answers)


@pytest.mark.parametrize(
    "proof",
    [
        {"token": ""},
        {"token": "x" * 60_000},
        {"code": {"resetId": "nonsense", "code": "000000"}},
        {"code": {"resetId": f"pwr_{0:032x}", "code": "0" * 60_000}},
    ],
)
async def test_what_no_letter_brought_is_dead_and_nothing_else_is_said(
    app: Starlette, proof: dict[str, Any]
) -> None:
    answer = await Asker(app).data(COMPLETE, proof=proof, new=ANOTHER)

    assert answer == {
        "__typename": "PasswordResetDead",
        "code": "PASSWORD_RESET_DEAD",
        "field": ["proof"],
    }


async def test_a_weak_password_leaves_the_letter_as_good_as_it_was(
    app: Starlette, resident: Moving
) -> None:
    await resident_with_a_letter_box(resident)
    asked = await Asker(app).data(REQUEST, contact=ADAS)
    proof = await sent(asked["resetId"])

    weak = await Asker(app).data(COMPLETE, proof=proof, new="ada is my name 1")
    good = await Asker(app).data(COMPLETE, proof=proof, new=ANOTHER)

    assert (weak["code"], weak["field"]) == ("PASSWORD_TOO_WEAK", ["newPassword"])
    assert weak["reasons"] == ["name"]
    assert good["__typename"] == "PasswordReplaced"


async def test_a_person_sees_when_their_password_must_be_another(resident: Moving) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await second_factors.enrol(bob.person.id, NOON)
    words = "{ me { passwordExpiresAt } }"

    expiry = (NOON + timedelta(days=90)).isoformat()
    assert await ada.asker.data(words) == {"passwordExpiresAt": expiry}
    assert await bob.asker.data(words) == {"passwordExpiresAt": None}


async def test_whoever_registers_is_told_what_is_known_of_them(app: Starlette) -> None:
    words = """mutation ($password: String!) { register(input: { accountName: "countess",
        displayName: "Ada Lovelace", email: "enchantress@example.org", password: $password }) {
        ... on PasswordTooWeak { reasons } } }"""

    for password, reason in (
        ("a countess of 1", "name"),
        ("a lovelace of 1", "display_name"),
        ("a enchantress 1", "email"),
    ):
        assert await Asker(app).data(words, password=password) == {"reasons": [reason]}
    assert not await Person.exists()

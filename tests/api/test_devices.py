"""Where somebody is signed in, as clients see it; what a limited session may do; fresh proofs."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pyotp
import pytest
from starlette.applications import Starlette

from domain import fresh_proofs, second_factors, sessions
from domain.devices import Shown
from models.people import ContactKind, Person, Role
from models.sessions import Audience, Limit, Session
from tests import factories
from tests.api.clients import Asker, Listener, served
from tests.api.conftest import PIN, Moving
from tests.api.test_subscriptions import WALLET
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import Clock

SIGN_IN: Final = """
mutation ($name: String!, $password: String!, $code: String, $device: DeviceInput) {
  signIn(input: { name: $name, password: $password, code: $code, device: $device }) {
    __typename
    ... on SignedIn { person { accountName } deviceToken mustChangePassword
      tokens { accessToken refreshToken } }
    ... on SignInRefused { ways }
    ... on SignInLocked { ways until }
    ... on SignInThrottled { ways until }
    ... on Problem { code message nextStep }
  }
}
"""
WHERE: Final = """{ me {
  sessions { id device { id name } address startedAt lastSeenAt isCurrent }
  devices { id name platform address firstSeenAt lastSeenAt isCurrent }
} }"""
END: Final = """mutation ($id: ID!) { endSession(input: { sessionId: $id }) {
  __typename ... on SessionSignedOut { sessionId } ... on ProofNeeded { count code } } }"""
END_OTHERS: Final = """mutation { endOtherSessions {
  __typename ... on OtherSessionsEnded { count } ... on ProofNeeded { count without } } }"""
NAME: Final = """mutation ($id: ID!, $name: String!) {
  nameDevice(input: { deviceId: $id, name: $name }) {
  __typename ... on DeviceNamed { device { name isCurrent } } ... on Problem { code field } } }"""
FORGET: Final = """mutation ($id: ID!) { forgetDevice(input: { deviceId: $id }) {
  __typename ... on DeviceForgotten { device { id } } } }"""
PROVE: Final = """mutation ($proof: IdentityProofInput!) {
  proveIdentity(input: { proof: $proof }) {
  __typename ... on IdentityProved { until } ... on Problem { code field } } }"""
SEND: Final = """mutation ($id: ID!) { sendProofCode(input: { contactId: $id }) {
  __typename ... on ProofCodeSent { contact { value } } ... on ContactNotUsable { usableAt } } }"""
ME: Final = "{ me { accountName } }"
WRONG: Final = "wrong horse 7 battery"


@pytest.fixture
def public(app: Starlette) -> Asker:
    return Asker(app)


async def sign_in(asker: Asker, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    words = {"name": "ada", "password": password, **more}
    answer: dict[str, Any] = await asker.data(SIGN_IN, **words)
    return answer


def as_whom(app: Starlette, signed_in: dict[str, Any]) -> Asker:
    return Asker(app, token=signed_in["tokens"]["accessToken"])


async def test_a_person_sees_where_they_are_signed_in(
    app: Starlette, public: Asker, clock: Clock
) -> None:
    await registers.resident("ada")
    phone = {"name": "Ada's phone", "platform": "iOS 19"}
    first = await sign_in(public, device=phone)
    clock.advance(minutes=1)
    await sign_in(public, device={"name": "laptop"})

    seen = await as_whom(app, first).data(WHERE)

    assert [(each["device"]["name"], each["isCurrent"]) for each in seen["sessions"]] == [
        ("laptop", False),
        ("Ada's phone", True),
    ]
    assert seen["devices"][1] == {
        "id": seen["sessions"][1]["device"]["id"],
        "name": "Ada's phone",
        "platform": "iOS 19",
        "address": "127.0.0.1",
        "firstSeenAt": "2026-03-02T12:00:00+00:00",
        "lastSeenAt": "2026-03-02T12:00:00+00:00",
        "isCurrent": True,
    }
    assert seen["sessions"][0]["startedAt"] == "2026-03-02T12:01:00+00:00"
    assert {each["address"] for each in seen["sessions"]} == {"127.0.0.1"}


async def test_a_device_keeps_its_token_from_one_sign_in_to_the_next(public: Asker) -> None:
    await registers.resident("ada")

    first = await sign_in(public)
    again = await sign_in(public, device={"token": first["deviceToken"]})
    planted = await sign_in(public, device={"token": "upd_" + "x" * 43})

    assert again["deviceToken"] == first["deviceToken"]
    assert planted["deviceToken"] not in {first["deviceToken"], "upd_" + "x" * 43}


async def test_a_session_is_ended_from_another_one_and_its_socket_closes_at_once(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    lost = await factories.session(ada.person, Audience.PUBLIC, clock(), device=Shown())
    id = f"ses_{lost.session.id.hex}"

    async with (
        served(app) as address,
        Listener.open(address, lost.tokens.access, WALLET, id=ada.wallet_id, after=9) as ear,
    ):
        assert (await ear.event())["__typename"] == "StreamReset"
        ended = await ada.asker.data(END, id=id)
        last = await ear.message()

    assert ended == {"__typename": "SessionSignedOut", "sessionId": id}
    assert last["payload"]["errors"][0]["extensions"] == {"code": "SESSION_ENDED"}
    assert await Asker(app, token=lost.tokens.access).code(ME) == "UNAUTHENTICATED"
    assert await ada.asker.data(END, id=id) == ended


async def test_ending_the_other_sessions_asks_for_a_fresh_proof(
    app: Starlette, public: Asker, clock: Clock
) -> None:
    await registers.resident("ada")
    here, there = await sign_in(public), await sign_in(public)
    asker = as_whom(app, here)
    clock.advance(minutes=10)

    refused = await asker.data(END_OTHERS)
    wrong = await asker.data(PROVE, proof={"password": WRONG})
    proved = await asker.data(PROVE, proof={"password": PASSWORD})
    ended = await asker.data(END_OTHERS)

    assert refused == {"__typename": "ProofNeeded", "count": 1, "without": []}
    assert wrong == {
        "__typename": "ProofRefused",
        "code": "PROOF_REFUSED",
        "field": ["proof", "password"],
    }
    assert proved == {"__typename": "IdentityProved", "until": "2026-03-02T12:20:00+00:00"}
    assert ended == {"__typename": "OtherSessionsEnded", "count": 1}
    assert await asker.data(ME) == {"accountName": "ada"}
    assert await as_whom(app, there).code(ME) == "UNAUTHENTICATED"


async def test_a_device_is_named_and_forgotten(app: Starlette, public: Asker) -> None:
    await registers.resident("ada")
    asker = as_whom(app, await sign_in(public))
    [device] = (await asker.data(WHERE))["devices"]

    named = await asker.data(NAME, id=device["id"], name="Kitchen")
    refused = await asker.data(NAME, id=device["id"], name="x" * 60_000)
    forgotten = await asker.data(FORGET, id=device["id"])
    await asyncio.sleep(0)  # the loop's next turn: an answer needs several to travel a wire

    assert named["device"] == {"name": "Kitchen", "isCurrent": True}
    assert refused == {
        "__typename": "DeviceNameInvalid",
        "code": "DEVICE_NAME_INVALID",
        "field": ["name"],
    }
    assert forgotten["device"] == {"id": device["id"]}
    assert await asker.code(ME) == "UNAUTHENTICATED"


async def test_a_code_that_was_sent_to_a_contact_proves_this_session(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    contact = await registers.proved(ada.person, ContactKind.EMAIL, "ada@example.org")

    sent = await ada.asker.data(SEND, id=f"con_{contact.id.hex}")
    proof = {"contactCode": await registers.newest_code(contact)}
    proved = await ada.asker.data(PROVE, proof=proof)
    again = await ada.asker.data(PROVE, proof=proof)

    assert sent == {"__typename": "ProofCodeSent", "contact": {"value": "ada@example.org"}}
    assert proved["__typename"] == "IdentityProved"
    assert (again["code"], again["field"]) == ("CODE_EXPIRED", ["proof", "contactCode"])


@pytest.mark.parametrize("way", ["password", "pin", "code", "contactCode", "passkey"])
async def test_whatever_somebody_sends_as_proof_is_answered_with_a_problem(
    resident: Moving, way: str
) -> None:
    ada = await resident("ada")

    for said in ("", "\x00", "x" * 50_000):
        answer = await ada.asker.data(PROVE, proof={way: said})
        assert answer["__typename"] != "IdentityProved"
        assert answer["field"] == ["proof", way]


async def test_exactly_one_thing_is_shown_as_a_proof(resident: Moving) -> None:
    ada = await resident("ada")

    both = await ada.asker.answer(PROVE, proof={"pin": PIN, "password": PASSWORD})
    neither = await ada.asker.answer(PROVE, proof={})

    assert [each["errors"][0]["extensions"]["code"] for each in (both, neither)] == (
        ["VARIABLES_INVALID"] * 2
    )


async def test_an_agent_proves_who_they_are_at_the_desk_too(app: Starlette, clock: Clock) -> None:
    lin = await registers.resident("lin", role=Role.AGENT)
    totp = pyotp.TOTP(await second_factors.enrol(lin.id, clock()))
    opened = await factories.session(lin, Audience.DESK, clock())
    desk = Asker(app, path="/desk/graphql", token=opened.tokens.access)

    proved = await desk.data(PROVE, proof={"code": totp.at(clock())})

    assert proved["__typename"] == "IdentityProved"
    identity = await sessions.identity(opened.tokens.access, clock())
    assert identity is not None
    await fresh_proofs.require(identity, clock(), count=2)


async def compromised() -> Person:
    """Somebody whose password others may know."""
    ada = await registers.resident("ada")
    await Person.filter(id=ada.id).update(password_compromised_at=ada.created_at)
    return ada


async def test_whose_password_is_too_old_gets_in_only_to_change_it(
    app: Starlette, public: Asker
) -> None:
    await compromised()

    signed_in = await sign_in(public)
    asker = as_whom(app, signed_in)

    assert signed_in["mustChangePassword"] is True
    assert signed_in["person"] is None
    assert (await Session.get()).limited_to is Limit.CHANGE_PASSWORD
    for document in (ME, END_OTHERS, 'mutation { setPin(input: { pin: "1" }) { __typename } }'):
        assert await asker.code(document) == "PASSWORD_CHANGE_REQUIRED"
    assert (await asker.answer("mutation { signOut { endedAt } }"))["data"] is not None
    await asyncio.sleep(0)  # the loop's next turn: an answer needs several to travel a wire
    assert await asker.code(ME) == "UNAUTHENTICATED"


async def test_a_limited_session_is_renewed_as_limited_as_it_was(
    app: Starlette, public: Asker
) -> None:
    await compromised()
    tokens = (await sign_in(public))["tokens"]

    renewed = await public.data(
        """mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) {
        ... on SessionRefreshed { tokens { accessToken } } } }""",
        token=tokens["refreshToken"],
    )

    asker = Asker(app, token=renewed["tokens"]["accessToken"])
    assert await asker.code(ME) == "PASSWORD_CHANGE_REQUIRED"


async def test_once_the_password_is_changed_the_session_may_do_everything_at_once(
    app: Starlette, public: Asker
) -> None:
    await compromised()
    asker = as_whom(app, await sign_in(public))
    assert await asker.code(ME) == "PASSWORD_CHANGE_REQUIRED"

    changed = await asker.data(
        """mutation ($old: String!, $new: String!) {
        changePassword(input: { currentPassword: $old, newPassword: $new }) { __typename } }""",
        old=PASSWORD,
        new="a far better 9 sentence",
    )
    await asyncio.sleep(0)  # the loop's next turn: an answer needs several to travel a wire

    assert changed["__typename"] == "PasswordChanged"
    assert await asker.data(ME) == {"accountName": "ada"}


async def test_a_socket_of_a_limited_session_can_follow_nothing(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    limited = await sessions.open_session(
        ada.person,
        audience=Audience.PUBLIC,
        client="",
        now=clock(),
        limited_to=Limit.CHANGE_PASSWORD,
    )

    async with (
        served(app) as address,
        Listener.open(address, limited.tokens.access, WALLET, id=ada.wallet_id, after=9) as ear,
    ):
        said = await ear.message()

    assert "PASSWORD_CHANGE_REQUIRED" in str(said)


async def test_what_can_be_done_is_said_alike_of_accounts_that_exist_and_that_do_not(
    public: Asker,
) -> None:
    await registers.resident("ada")

    said = {
        name: [await sign_in(public, WRONG, name=name) for _ in range(12)]
        for name in ("ada", "nobody")
    }

    assert said["ada"] == said["nobody"]
    assert said["ada"][0]["ways"] == ["RESET_PASSWORD", "OTHER_FACTOR", "CONTACT_SUPPORT"]
    assert said["ada"][-1]["ways"] == [
        "TRY_AGAIN_LATER",
        "RESET_PASSWORD",
        "OTHER_FACTOR",
        "CONTACT_SUPPORT",
    ]


async def test_a_hundred_wrong_tries_throttle_an_address_and_say_until_when(
    public: Asker,
) -> None:
    await registers.resident("ada")
    words = " ".join(
        f'a{number}: signIn(input: {{ name: "nobody{number}", password: "x" }}) {{ __typename }}'
        for number in range(5)
    )
    for batch in range(20):
        await public.answer("mutation {" + words.replace("nobody", f"nobody{batch}x") + "}")

    throttled = await sign_in(public)

    assert throttled["__typename"] == "SignInThrottled"
    assert throttled["until"] == "2026-03-02T12:15:00+00:00"
    assert throttled["ways"] == ["TRY_AGAIN_LATER", "OTHER_FACTOR", "CONTACT_SUPPORT"]

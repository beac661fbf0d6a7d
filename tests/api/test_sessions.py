"""Signing in, staying in and signing out, as clients of both APIs meet it."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any, Final

import httpx2
import pyotp
import pytest
from starlette.applications import Starlette

from domain import second_factors, sessions
from domain.sessions import Tokens
from models.people import ContactKind, Person, Role
from models.sessions import Audience, Session, SessionToken, TokenKind
from realtime import bus
from tests import factories
from tests.api.clients import Asker, Listener, served
from tests.api.conftest import Moving
from tests.api.test_subscriptions import WALLET
from tests.domain import registers
from tests.domain.registers import PASSWORD, picture, proved
from tests.moments import NOON, Clock

SIGN_IN: Final = """
mutation ($name: String!, $password: String!, $code: String) {
  signIn(input: { name: $name, password: $password, code: $code }) {
    __typename
    ... on SignedIn { person { accountName role } tokens {
      accessToken refreshToken accessExpiresAt sessionExpiresAt } }
    ... on SignInLocked { until }
    ... on Problem { code message field }
  }
}
"""
REFRESH: Final = """
mutation ($token: String!) {
  refreshSession(input: { refreshToken: $token }) {
    __typename
    ... on SessionRefreshed { tokens {
      accessToken refreshToken accessExpiresAt sessionExpiresAt } }
    ... on Problem { code field }
  }
}
"""
SIGN_OUT: Final = "mutation { signOut { endedAt } }"
ME: Final = "{ me { accountName } }"
WRONG: Final = "wrong horse 7 battery"


async def sign_in(asker: Asker, name: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await asker.data(SIGN_IN, name=name, password=password, **more)
    return answer


async def refresh(asker: Asker, token: str) -> dict[str, Any]:
    answer: dict[str, Any] = await asker.data(REFRESH, token=token)
    return answer


@pytest.fixture
def public(app: Starlette) -> Asker:
    return Asker(app)


@pytest.fixture
def desk(app: Starlette) -> Asker:
    return Asker(app, path="/desk/graphql")


async def opened(person: Person, clock: Clock, audience: Audience = Audience.PUBLIC) -> Tokens:
    return (await factories.session(person, audience, clock())).tokens


async def test_a_person_signs_in_by_name_by_proved_number_and_by_proved_address(
    app: Starlette, public: Asker
) -> None:
    ada = await registers.resident("ada")
    await proved(ada, ContactKind.PHONE, "+8613800000000")
    await proved(ada, ContactKind.EMAIL, "ada@example.org")
    names = ["ada", "ＡＤＡ", "+86 138-0000-0000", "Ada@Example.org"]

    answers = [await sign_in(public, name) for name in names]

    for answer in answers:
        assert answer["person"] == {"accountName": "ada", "role": "CUSTOMER"}
        assert answer["tokens"]["accessExpiresAt"] == "2026-03-02T12:15:00+00:00"
        assert answer["tokens"]["sessionExpiresAt"] == "2026-04-01T12:00:00+00:00"
        asker = Asker(app, token=answer["tokens"]["accessToken"])
        assert await asker.data(ME) == {"accountName": "ada"}
    assert len({answer["tokens"]["accessToken"] for answer in answers}) == 4


async def test_every_way_of_not_getting_in_looks_the_same(public: Asker, desk: Asker) -> None:
    ada = await registers.resident("ada")
    await factories.person("shut", password_hash=ada.password_hash, closed_at=NOON)
    await registers.resident("lin", role=Role.AGENT)
    await second_factors.enrol((await Person.get(account_name="lin")).id, NOON)
    code = {"code": "000000"}

    answers = [
        await public.answer(SIGN_IN, name="ada", password=WRONG),
        await public.answer(SIGN_IN, name="ada", password=""),
        await public.answer(SIGN_IN, name="ada", password="x" * 50_000),
        await public.answer(SIGN_IN, name="nobody", password=PASSWORD),
        await public.answer(SIGN_IN, name="not a name", password=PASSWORD),
        await public.answer(SIGN_IN, name="", password=PASSWORD),
        await public.answer(SIGN_IN, name="ada@example.org", password=PASSWORD),
        await public.answer(SIGN_IN, name="shut", password=PASSWORD),
        await public.answer(SIGN_IN, name="lin", password=PASSWORD),
        await desk.answer(SIGN_IN, name="ada", password=PASSWORD, **code),
        await desk.answer(SIGN_IN, name="nobody", password=PASSWORD, **code),
        await desk.answer(SIGN_IN, name="lin", password=WRONG, **code),
        await desk.answer(SIGN_IN, name="lin", password=PASSWORD, **code),
    ]

    assert answers[0]["data"]["signIn"] == {
        "__typename": "SignInRefused",
        "code": "SIGN_IN_REFUSED",
        "message": "The name or password is not right.",
        "field": None,
    }
    assert all(answer == answers[0] for answer in answers)
    assert await Session.all().count() == 0


async def test_ten_wrong_tries_lock_a_name_that_exists_and_one_that_does_not_alike(
    public: Asker, clock: Clock
) -> None:
    ada = await registers.resident("ada")
    await proved(ada, ContactKind.EMAIL, "ada@example.org")

    said = {
        name: [(await sign_in(public, each, WRONG)) for each in spellings * 6]
        for name, spellings in {
            "known": ["ada", "ada@example.org"],
            "unknown": ["nobody", "ＮＯＢＯＤＹ"],
        }.items()
    }

    assert said["known"] == said["unknown"]
    assert [each["code"] for each in said["known"]] == (
        ["SIGN_IN_REFUSED"] * 10 + ["SIGN_IN_LOCKED"] * 2
    )
    assert said["known"][-1]["until"] == "2026-03-02T12:15:00+00:00"
    assert (await sign_in(public, "ada"))["code"] == "SIGN_IN_LOCKED"
    assert await Session.all().count() == 0

    clock.advance(minutes=15)

    assert (await sign_in(public, "ada"))["__typename"] == "SignedIn"
    assert (await sign_in(public, "nobody"))["code"] == "SIGN_IN_REFUSED"


async def test_the_desk_asks_for_a_code_and_takes_each_code_once(
    desk: Asker, public: Asker, clock: Clock
) -> None:
    lin = await registers.resident("lin", role=Role.AGENT)
    totp = pyotp.TOTP(await second_factors.enrol(lin.id, clock()))
    code = totp.at(clock())

    asked = await sign_in(desk, "lin")
    inside = await sign_in(desk, "lin", code=code)
    replayed = await sign_in(desk, "lin", code=code)
    clock.advance(seconds=30)
    next_one = await sign_in(desk, "lin", code=totp.at(clock()))

    assert (asked["code"], asked["field"]) == ("SECOND_FACTOR_REQUIRED", ["code"])
    assert inside["person"] == {"accountName": "lin", "role": "AGENT"}
    assert replayed["code"] == "SIGN_IN_REFUSED"
    assert next_one["__typename"] == "SignedIn"
    assert (await sign_in(public, "lin", code=totp.at(clock())))["code"] == "SIGN_IN_REFUSED"


async def test_a_known_password_gives_no_endless_guesses_at_the_code(
    desk: Asker, clock: Clock
) -> None:
    lin = await registers.resident("lin", role=Role.AGENT)
    totp = pyotp.TOTP(await second_factors.enrol(lin.id, clock()))
    wrong = registers.different(totp.at(clock()))

    codes = []
    for _ in range(6):
        codes.append((await sign_in(desk, "lin", code=wrong))["code"])
        codes.append((await sign_in(desk, "lin"))["code"])

    assert codes == ["SIGN_IN_REFUSED", "SECOND_FACTOR_REQUIRED"] * 5 + ["SIGN_IN_LOCKED"] * 2
    assert (await sign_in(desk, "lin", code=totp.at(clock())))["code"] == "SIGN_IN_LOCKED"
    assert await Session.all().count() == 0


async def test_an_access_token_lives_fifteen_minutes_though_it_was_just_seen(
    app: Starlette, clock: Clock
) -> None:
    tokens = await opened(await factories.person("ada"), clock)
    asker = Asker(app, token=tokens.access)

    clock.advance(minutes=14, seconds=59)
    in_time = await asker.data(ME)
    clock.advance(seconds=1)

    assert in_time == {"accountName": "ada"}
    assert await asker.code(ME) == "UNAUTHENTICATED"


async def test_a_renewal_gives_two_new_tokens_and_repeated_the_same_ones(
    app: Starlette, public: Asker, clock: Clock
) -> None:
    tokens = await opened(await factories.person("ada"), clock)
    clock.advance(minutes=20)

    first = await refresh(public, tokens.refresh)
    clock.advance(seconds=10)
    repeated = await refresh(public, tokens.refresh)

    assert first == repeated
    assert first["tokens"]["accessExpiresAt"] == "2026-03-02T12:35:00+00:00"
    assert first["tokens"]["sessionExpiresAt"] == "2026-04-01T12:00:00+00:00"
    assert await Asker(app, token=first["tokens"]["accessToken"]).data(ME)
    assert await SessionToken.filter(kind=TokenKind.REFRESH).count() == 2
    assert (await refresh(public, first["tokens"]["refreshToken"]))["__typename"] == (
        "SessionRefreshed"
    )


async def test_eight_renewals_at_once_are_one_and_get_the_same_answer(
    public: Asker, clock: Clock
) -> None:
    tokens = await opened(await factories.person("ada"), clock)

    answers = await asyncio.gather(*(refresh(public, tokens.refresh) for _ in range(8)))

    assert answers[0]["__typename"] == "SessionRefreshed"
    assert all(answer == answers[0] for answer in answers)
    assert await SessionToken.all().count() == 4


async def test_a_spent_token_shown_again_later_ends_the_session_everywhere(
    app: Starlette, resident: Moving, public: Asker, clock: Clock
) -> None:
    ada = await resident("ada")
    renewed = (await refresh(public, ada.tokens.refresh))["tokens"]
    asker = Asker(app, token=renewed["accessToken"])
    assert await asker.data(ME)

    async with (
        served(app) as address,
        Listener.open(address, renewed["accessToken"], WALLET, id=ada.wallet_id, after=9) as ear,
    ):
        assert (await ear.event())["__typename"] == "StreamReset"
        clock.advance(seconds=11)
        thief = await refresh(public, ada.tokens.refresh)
        last = await ear.message()

    assert thief == {
        "__typename": "SessionEnded",
        "code": "SESSION_ENDED",
        "field": ["refreshToken"],
    }
    assert last["payload"]["errors"][0]["extensions"] == {"code": "SESSION_ENDED"}
    assert await asker.code(ME) == "UNAUTHENTICATED"
    assert (await refresh(public, renewed["refreshToken"]))["code"] == "SESSION_ENDED"
    assert [each.end_reason for each in await Session.all()] == ["token_reused"]


async def test_tokens_that_open_nothing_change_nothing(
    public: Asker, desk: Asker, clock: Clock
) -> None:
    ada = await opened(await factories.person("ada"), clock)
    lin = await opened(await factories.person("lin", role=Role.AGENT), clock, Audience.DESK)
    before = await picture()

    refused = [
        await refresh(public, ada.access),
        await refresh(public, lin.refresh),
        await refresh(desk, ada.refresh),
        await refresh(public, ada.refresh[:-1]),
        await refresh(public, f"{ada.refresh}x"),
        await refresh(public, ""),
        await refresh(public, "x" * 50_000),
    ]

    assert [each["code"] for each in refused] == ["SESSION_ENDED"] * 7
    assert await picture() == before


async def test_after_signing_out_nothing_opens_any_more_at_once(
    app: Starlette, public: Asker, clock: Clock
) -> None:
    ada = await factories.person("ada")
    phone, laptop = await opened(ada, clock), await opened(ada, clock)
    renewed = (await refresh(public, phone.refresh))["tokens"]
    askers = [Asker(app, token=each) for each in (phone.access, renewed["accessToken"])]
    for asker in askers:
        assert await asker.data(ME)

    ended = await askers[0].data(SIGN_OUT)
    await asyncio.sleep(0)  # the loop's next turn: an answer needs several to travel a wire

    assert ended == {"endedAt": "2026-03-02T12:00:00+00:00"}
    for asker in askers:
        assert await asker.code(ME) == "UNAUTHENTICATED"
        assert await asker.code(SIGN_OUT) == "UNAUTHENTICATED"
    assert (await refresh(public, renewed["refreshToken"]))["code"] == "SESSION_ENDED"
    assert await Asker(app, token=laptop.access).data(ME) == {"accountName": "ada"}


async def test_a_session_whose_end_nobody_was_told_of_is_over_after_five_seconds(
    app: Starlette, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await factories.person("ada")
    session = await factories.session(person, Audience.PUBLIC, clock())
    asker = Asker(app, token=session.tokens.access)
    assert await asker.data(ME)
    monkeypatch.setattr(bus, "tell", lambda *topics: None)
    await sessions.sign_out(session.session.id, clock())

    clock.advance(seconds=5)

    assert await asker.code(ME) == "UNAUTHENTICATED"


async def test_whose_role_changes_sides_has_no_session_any_more(
    app: Starlette, clock: Clock
) -> None:
    lin = await factories.person("lin", role=Role.AGENT)
    asker = Asker(app, path="/desk/graphql", token=(await opened(lin, clock, Audience.DESK)).access)
    assert await asker.data(ME)

    await Person.filter(id=lin.id).update(role=Role.CUSTOMER)
    clock.advance(seconds=5)

    assert await asker.code(ME) == "UNAUTHENTICATED"


async def test_a_token_is_shown_in_its_header_and_nowhere_else(
    app: Starlette, clock: Clock
) -> None:
    token = (await opened(await factories.person("ada"), clock)).access
    transport = httpx2.ASGITransport(app=app)
    body = {"query": ME, "token": token, "access_token": token, "variables": {"token": token}}

    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as http:
        answers = [
            await http.post(f"/graphql?token={token}&access_token={token}", json=body),
            await http.post("/graphql", json=body, headers={"authorization": token}),
            await http.post("/graphql", json=body, headers={"authorization": f"Basic {token}"}),
            await http.post("/graphql", json=body, headers={"cookie": f"token={token}"}),
        ]

    for answer in answers:
        [error] = answer.json()["errors"]
        assert error["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_what_is_kept_of_a_token_opens_nothing(app: Starlette, clock: Clock) -> None:
    tokens = await opened(await factories.person("ada"), clock)

    kept = json.dumps(await SessionToken.all().values(), default=str)

    assert tokens.access not in kept
    assert tokens.refresh not in kept
    for row in await SessionToken.all():
        assert await Asker(app, token=row.hash).code(ME) == "UNAUTHENTICATED"


async def test_a_session_ends_after_thirty_days_whatever_was_renewed(
    app: Starlette, public: Asker, clock: Clock
) -> None:
    tokens = await opened(await factories.person("ada"), clock)
    clock.advance(days=30, minutes=-1)

    renewed = (await refresh(public, tokens.refresh))["tokens"]
    asker = Asker(app, token=renewed["accessToken"])
    last = await asker.data(ME)
    clock.now = NOON + timedelta(days=30)

    assert renewed["accessExpiresAt"] == renewed["sessionExpiresAt"]
    assert last == {"accountName": "ada"}
    assert await asker.code(ME) == "UNAUTHENTICATED"
    assert (await refresh(public, renewed["refreshToken"]))["code"] == "SESSION_ENDED"


async def test_whoever_signs_in_can_ask_everything_about_themselves_at_once(
    app: Starlette,
) -> None:
    ada = await registers.resident("ada")
    await factories.wallet(ada, holds=500)

    answer = await Asker(app).answer(
        """mutation ($password: String!) { signIn(input: { name: "ada", password: $password }) {
        ... on SignedIn { person {
            contacts { value usableAt leavesAt } pin { isSet } phrase passwordExpiresAt
            wallets { balance { available { display } } limits { kind resetsAt }
                movements(first: 1) { edges { node { id counterparty { name } } } } }
            sessions { isCurrent device { name } } devices { name } passkeys { name }
            freezes { since } verification { level } exports { id } factorLoss { __typename }
            secondFactors { __typename } inquiries(first: 1) { edges { node { id } } }
            securityEvents(first: 1) { edges { node { text } } }
        } } } }""",
        password=registers.PASSWORD,
    )

    assert "errors" not in answer
    [wallet] = answer["data"]["signIn"]["person"]["wallets"]
    assert {limit["kind"] for limit in wallet["limits"]} >= {"SINGLE", "DAY"}

"""The desk's session in cookies: kept from scripts, and of no use to any page but our own."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import httpx2
import pytest
import websockets
from starlette.applications import Starlette

from domain import sessions
from models.people import Role
from models.sessions import Audience, Session, SessionToken
from server.app import Front, application
from server.desk_sessions import ACCESS, REFRESH
from server.rates import Rates
from tests import factories
from tests.api.clients import served
from tests.moments import Clock

HOST = "desk.test"
OWN, EVIL = f"https://{HOST}", "https://evil.example"
ALLOWED = "https://desk-beside.test"
FROM_THE_DESK = {"x-upay-desk": "1", "origin": OWN, "sec-fetch-site": "same-origin"}
ME = {"query": "{ me { accountName } }"}


@dataclass
class Browser:
    """Sends the cookies it was given, as browsers do, whoever asks it to."""

    http: httpx2.AsyncClient
    cookies: dict[str, str]

    async def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, **body: Any
    ) -> httpx2.Response:
        shown = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        asked = FROM_THE_DESK if headers is None else headers
        answer = await self.http.request(
            method, path, headers={**asked, **(shown if self.cookies else {})}, **body
        )
        for line in answer.headers.get_list("set-cookie"):
            self._keep(SimpleCookie(line))
        return answer

    async def sign_in(self, refresh: str) -> httpx2.Response:
        return await self.send("POST", "/desk/session", json={"refresh": refresh})

    async def asks(self, headers: dict[str, str] | None = None, path: str = "/desk/graphql") -> str:
        """Who the desk takes them for, or the code of the refusal."""
        answer = (await self.send("POST", path, headers, json=ME)).json()
        if "errors" in answer:
            return str(answer["errors"][0]["extensions"]["code"])
        return str(answer["data"]["me"]["accountName"])

    def _keep(self, told: SimpleCookie) -> None:
        for name, cookie in told.items():
            if cookie["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(database: object, clock: Clock) -> AsyncIterator[Starlette]:
    app = application(Front(clock=clock, livemode=False, allowed_origins=(ALLOWED,)))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Browser]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=OWN) as http:
        yield Browser(http, {})


@pytest.fixture
async def lin(database: object, clock: Clock) -> sessions.SignedIn:
    return await factories.session(
        await factories.person("lin", role=Role.AGENT), Audience.DESK, clock()
    )


async def test_a_sign_in_becomes_two_cookies_that_only_the_browser_can_read(
    browser: Browser, lin: sessions.SignedIn
) -> None:
    answer = await browser.sign_in(lin.tokens.refresh)

    lines = answer.headers.get_list("set-cookie")
    assert (answer.status_code, answer.content) == (204, b"")
    assert [re.sub(r"=up[ar]_[\w-]{43}", "=…", line) for line in lines] == [
        f"{ACCESS}=…; Path=/; Secure; HttpOnly; SameSite=Strict",
        f"{REFRESH}=…; Path=/; Secure; HttpOnly; SameSite=Strict",
    ]
    assert {ACCESS, REFRESH} == {"__Host-upay-desk", "__Host-upay-desk-refresh"}
    assert await browser.asks() == "lin"


async def test_the_token_that_the_page_held_is_spent_by_it(
    browser: Browser, lin: sessions.SignedIn, clock: Clock
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    clock.advance(seconds=11)

    again = await browser.sign_in(lin.tokens.refresh)

    # Whoever shows it later is not the one who signed in: the session ends for both.
    assert (again.status_code, _code(again)) == (401, "SESSION_ENDED")
    assert await browser.asks() == "UNAUTHENTICATED"


async def test_the_cookies_are_renewed_when_the_access_token_has_run_out(
    browser: Browser, lin: sessions.SignedIn, clock: Clock
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    before = dict(browser.cookies)
    clock.advance(minutes=15)
    run_out = await browser.asks()

    renewed = await browser.send("POST", "/desk/session/refresh")

    assert run_out == "UNAUTHENTICATED"
    assert renewed.status_code == 204
    assert not set(before.values()) & set(browser.cookies.values())
    assert await browser.asks() == "lin"


async def test_whoever_was_away_for_more_than_a_quarter_of_an_hour_signs_in_again(
    browser: Browser, lin: sessions.SignedIn, clock: Clock
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    kept = browser.cookies[REFRESH]
    clock.advance(minutes=15, seconds=1)

    answer = await browser.send("POST", "/desk/session/refresh")

    assert (answer.status_code, _code(answer)) == (401, "SESSION_ENDED")
    assert browser.cookies == {}
    with pytest.raises(sessions.SessionEnded):
        await sessions.refresh(kept, Audience.DESK, clock())


async def test_whoever_keeps_working_stays_in(
    browser: Browser, lin: sessions.SignedIn, clock: Clock
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    clock.advance(minutes=14)
    assert await browser.asks() == "lin"
    clock.advance(minutes=14)

    renewed = await browser.send("POST", "/desk/session/refresh")

    assert renewed.status_code == 204
    assert await browser.asks() == "lin"


async def test_two_windows_that_renew_together_get_the_same_cookies(
    browser: Browser, lin: sessions.SignedIn
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    other = Browser(browser.http, dict(browser.cookies))

    first = await browser.send("POST", "/desk/session/refresh")
    second = await other.send("POST", "/desk/session/refresh")

    assert (first.status_code, second.status_code) == (204, 204)
    assert browser.cookies == other.cookies


async def test_a_session_that_is_over_takes_its_cookies_with_it(
    browser: Browser, lin: sessions.SignedIn, clock: Clock
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    await sessions.sign_out(lin.session.id, clock())

    answer = await browser.send("POST", "/desk/session/refresh")

    assert (answer.status_code, _code(answer)) == (401, "SESSION_ENDED")
    assert browser.cookies == {}


@pytest.mark.parametrize("minutes", [0, 15])
async def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(
    browser: Browser, lin: sessions.SignedIn, clock: Clock, minutes: int
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    kept = dict(browser.cookies)
    clock.advance(minutes=minutes)

    answer = await browser.send("DELETE", "/desk/session")

    assert answer.status_code == 204
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert browser.cookies == {}
    assert (await Session.get(id=lin.session.id)).end_reason == "signed_out"
    thief = Browser(browser.http, kept)
    assert await thief.asks() == "UNAUTHENTICATED"
    assert (await thief.send("POST", "/desk/session/refresh")).status_code == 401


async def test_signing_out_twice_is_signing_out(browser: Browser) -> None:
    answer = await browser.send("DELETE", "/desk/session")

    assert answer.status_code == 204


CROSS_SITE = {
    "a form": {
        "origin": EVIL,
        "sec-fetch-site": "cross-site",
        "content-type": "application/x-www-form-urlencoded",
    },
    "a form of an older browser": {"origin": EVIL, "content-type": "text/plain"},
    "a fetch without the header": {"origin": OWN, "sec-fetch-site": "same-origin"},
    "a fetch of another page": {"x-upay-desk": "1", "origin": EVIL},
    "a page without an origin": {"x-upay-desk": "1", "origin": "null"},
    "a page of the same site": {
        "x-upay-desk": "1",
        "origin": ALLOWED,
        "sec-fetch-site": "same-site",
    },
    "a page that lies about its host": {"x-upay-desk": "1", "origin": f"{OWN}.evil.example"},
    "nobody's page": {"x-upay-desk": "1"},
}


@pytest.mark.parametrize("headers", CROSS_SITE.values(), ids=CROSS_SITE.keys())
async def test_another_page_can_do_nothing_with_the_cookies_it_makes_the_browser_send(
    browser: Browser, lin: sessions.SignedIn, headers: dict[str, str]
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    asked = {"content-type": "application/json", **headers}
    tokens_before = await SessionToken.all().count()

    answer = await browser.send("POST", "/desk/graphql", asked, content=json.dumps(ME))
    verbs = [
        await browser.send("POST", "/desk/session", headers, content=b"refresh=upr_x"),
        await browser.send("POST", "/desk/session/refresh", headers),
        await browser.send("DELETE", "/desk/session", headers),
    ]

    assert _code(answer) in {"UNAUTHENTICATED", "MEDIA_TYPE_UNSUPPORTED"}
    assert [verb.status_code for verb in verbs] == [403, 403, 403]
    assert {_code(verb) for verb in verbs} == {"FORBIDDEN"}
    assert await SessionToken.all().count() == tokens_before
    assert (await Session.get(id=lin.session.id)).ended_at is None
    assert await browser.asks() == "lin"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-upay-desk": "1", "origin": OWN},
        {"x-upay-desk": "1", "origin": ALLOWED},
        {"x-upay-desk": "1", "sec-fetch-site": "same-origin"},
    ],
)
async def test_the_browsers_word_or_the_origin_is_enough_for_the_desks_own_pages(
    browser: Browser, lin: sessions.SignedIn, headers: dict[str, str]
) -> None:
    await browser.sign_in(lin.tokens.refresh)

    assert await browser.asks(headers) == "lin"


async def test_the_cookie_opens_nothing_at_the_other_api(
    browser: Browser, lin: sessions.SignedIn
) -> None:
    await browser.sign_in(lin.tokens.refresh)

    assert await browser.asks(path="/graphql") == "UNAUTHENTICATED"


async def test_a_customers_session_becomes_no_cookie_of_the_desk(
    browser: Browser, clock: Clock
) -> None:
    ada = await factories.session(await factories.person("ada"), Audience.PUBLIC, clock())

    answer = await browser.sign_in(ada.tokens.refresh)

    assert (answer.status_code, _code(answer)) == (401, "SESSION_ENDED")
    assert browser.cookies == {}


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{}", "application/json", 400),
        (b'{"refresh": 1}', "application/json", 400),
        (b'{"refresh": ""}', "application/json", 400),
        (b'["refresh"]', "application/json", 400),
        (b"\xff", "application/json", 400),
        (json.dumps({"refresh": "x" * 257}).encode(), "application/json", 400),
        (b" " * 100_000, "application/json", 413),
        (b'{"refresh": "upr_x"}', "text/plain", 415),
    ],
)
async def test_what_is_no_refresh_token_is_refused_by_its_form(
    browser: Browser, body: bytes, content_type: str, status: int
) -> None:
    headers = {**FROM_THE_DESK, "content-type": content_type}

    answer = await browser.send("POST", "/desk/session", headers, content=body)

    assert answer.status_code == status
    assert browser.cookies == {}


async def test_a_neighbours_cookie_does_not_pass_for_the_desks(
    browser: Browser, lin: sessions.SignedIn
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    token = browser.cookies[ACCESS]

    for name in (ACCESS.lower(), f"\t{ACCESS}", ACCESS.removeprefix("__Host-"), f"x{ACCESS}"):
        browser.cookies = {name: token}
        assert await browser.asks() == "UNAUTHENTICATED"


async def test_trying_tokens_is_limited_by_address(database: object, clock: Clock) -> None:
    app = application(Front(clock=clock, livemode=False, rates=Rates(address_points=20)))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url=OWN) as http:
        browser = Browser(http, {})

        answers = [await browser.sign_in(f"upr_{number}") for number in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert _code(answers[2]) == "RATE_LIMITED"
    assert int(answers[2].headers["retry-after"]) > 0
    assert all(answer.headers["x-request-id"] for answer in answers)


async def test_a_socket_of_the_desks_page_is_known_by_its_cookie(
    app: Starlette, browser: Browser, lin: sessions.SignedIn
) -> None:
    await browser.sign_in(lin.tokens.refresh)
    cookie = f"{ACCESS}={browser.cookies[ACCESS]}"

    async with served(app) as address:
        own = await _me_over_socket(address, origin=f"http://{address}", cookie=cookie)
        nobodys = await _me_over_socket(address, origin=None, cookie=cookie)
        with pytest.raises(websockets.InvalidStatus) as refused:
            await _me_over_socket(address, origin=EVIL, cookie=cookie)

    assert own["payload"]["data"] == {"me": {"accountName": "lin"}}
    assert "UNAUTHENTICATED" in json.dumps(nobodys)
    assert refused.value.response.status_code == 403


async def _me_over_socket(address: str, *, origin: str | None, cookie: str) -> dict[str, Any]:
    """The first thing a socket hears about who it is."""
    wishes: dict[str, Any] = {"subprotocols": ["graphql-transport-ws"], "origin": origin}
    async with websockets.connect(
        f"ws://{address}/desk/graphql", additional_headers={"cookie": cookie}, **wishes
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv())["type"] == "connection_ack"
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": ME}))
        heard: dict[str, Any] = json.loads(await socket.recv())
        return heard


def _code(answer: httpx2.Response) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])

"""Old apps get one answer everywhere, and may always ask what to do about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import pytest
from starlette.applications import Starlette

from models.audit import AuditRecord
from models.client_versions import ClientVersion
from models.papers import Paper
from models.people import Role
from models.sessions import Audience
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.api.clients import Asker, served
from tests.api.conftest import Moving
from tests.api.files import sent
from tests.api.posts import EVENTS, GRAPHQL, JSON, Poster, code
from tests.api.scenarios.client_versions import POLICY, client_outdated
from tests.api.scenarios.stage import staged
from tests.api.talkers import Talker, codes
from tests.moments import Clock
from tests.showing import PNG

ME: Final = {"query": "{ me { id } }"}
GONE: Final = {"query": "{ whatWasThereLastYear { id } }"}
STANDING: Final = """query ($platform: ClientPlatform!, $version: String!) {
  clientVersion(platform: $platform, version: $version) { __typename
    ... on ClientVersion { standing minimum recommended notes url }
    ... on Problem { code field } } }"""
SET: Final = """mutation ($input: SetClientVersionInput!) { setClientVersion(input: $input) {
    __typename ... on ClientVersionSet { policy { platform minimum recommended changedAt } } } }"""
OUTDATED: Final = {
    "code": "CLIENT_OUTDATED",
    "platform": "IOS",
    "version": "4.1.9",
    "minimum": "4.2.0",
    "recommended": "5.0",
    "notes": "Faster, and easier on the battery.",
    "url": "https://example.org/upay",
}


@pytest.fixture
async def sue(app: Starlette, clock: Clock) -> Asker:
    """A supervisor at the desk."""
    person = await factories.person("sue", role=Role.SUPERVISOR)
    opened = await factories.session(person, Audience.DESK, clock())
    return Asker(app, path="/desk/graphql", token=opened.tokens.access)


@pytest.fixture
async def poster(app: Starlette, sue: Asker) -> Poster:
    """Somebody who asks once there is a policy for iOS."""
    await sue.data(SET, input=POLICY)
    return Poster(app)


@pytest.fixture
async def address(app: Starlette) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


@pytest.mark.parametrize("asked", [ME, GONE, {"query": "mutation { signOut { endedAt } }"}])
async def test_an_app_below_the_minimum_is_told_what_it_needs_whatever_it_asks(
    poster: Poster, asked: dict[str, Any]
) -> None:
    answer = await poster.post(asked, accept=GRAPHQL, x_upay_client="ios/4.1.9")
    json = await poster.post(asked, accept=JSON, x_upay_client="ios/4.1.9")

    assert (answer.status_code, json.status_code) == (403, 200)
    [error] = answer.json()["errors"]
    assert "data" not in answer.json()
    assert error["extensions"] == OUTDATED
    assert error["message"] == "This version of uPay can no longer be used. Please update the app."


async def test_an_old_app_is_told_in_the_callers_language(poster: Poster) -> None:
    answer = await poster.post(ME, accept_language="zh-CN", x_upay_client="ios/4.1.9")

    [error] = answer.json()["errors"]
    assert error["message"] == "当前 uPay 版本已停止使用。请更新后继续。"
    assert error["extensions"]["notes"] == "更快，也更省电。"


async def test_an_old_app_is_told_the_same_at_the_desk_and_by_events(
    app: Starlette, poster: Poster
) -> None:
    desk = await Poster(app, "/desk/graphql").post(ME, accept=JSON, x_upay_client="ios/4.1.9")
    events = await poster.post(ME, accept=EVENTS, x_upay_client="ios/4.1.9")

    assert code(desk) == "CLIENT_OUTDATED"
    assert "CLIENT_OUTDATED" in events.text


async def test_an_old_app_is_told_the_same_where_files_are(
    app: Starlette, resident: Moving, poster: Poster
) -> None:
    ada = await resident("ada")
    old = {"x-upay-client": "ios/4.1.9", "content-type": "image/png"}

    answers = [
        await sent(app, "POST", "/papers", token=ada.tokens.access, content=PNG, headers=old),
        await sent(app, "GET", "/exports/exp_x", token=ada.tokens.access, headers=old),
    ]

    for answer in answers:
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["extensions"] == OUTDATED
    assert not await Paper.exists()


async def test_an_old_apps_operations_on_a_socket_are_refused_and_the_socket_stays(
    address: str, poster: Poster
) -> None:
    asked = {"query": '{ clientVersion(platform: IOS, version: "4.1.9") { __typename } }'}

    async with Talker.connect(address) as talker:
        await talker.say({"type": "connection_init", "payload": {"client": "ios/4.1.9"}})
        await talker.hear()
        await talker.subscribe("me", ME)
        refused = await talker.hear()
        await talker.subscribe("version", asked)
        answered = await talker.hear()

    assert codes(refused) == ["CLIENT_OUTDATED"]
    assert refused["payload"][0]["extensions"] == OUTDATED
    assert answered["payload"]["data"] == {"clientVersion": {"__typename": "ClientVersion"}}


@pytest.mark.parametrize("version", ["4.1.9", "4.1", "4", "0", "4.1.9.9"])
async def test_an_old_app_may_always_ask_how_it_stands(poster: Poster, version: str) -> None:
    asked = {"query": STANDING, "variables": {"platform": "IOS", "version": version}}

    answer = await poster.post(asked, x_upay_client=f"ios/{version}")

    assert answer.json()["data"]["clientVersion"] == {
        "__typename": "ClientVersion",
        "standing": "OUTDATED",
        "minimum": "4.2.0",
        "recommended": "5.0",
        "notes": "Faster, and easier on the battery.",
        "url": "https://example.org/upay",
    }


async def test_an_old_app_cannot_ask_more_beside_that(poster: Poster) -> None:
    query = '{ clientVersion(platform: IOS, version: "1") { __typename } me { id } }'
    hidden = """query { ... on Query { me { id } } }"""

    for each in (query, hidden):
        assert code(await poster.post({"query": each}, x_upay_client="ios/1")) == "CLIENT_OUTDATED"


@pytest.mark.parametrize(
    ("version", "standing"),
    [
        ("4.2", "UPDATE_RECOMMENDED"),
        ("4.2.0.0", "UPDATE_RECOMMENDED"),
        ("4.10", "UPDATE_RECOMMENDED"),
        ("4.999999.1", "UPDATE_RECOMMENDED"),
        ("5", "CURRENT"),
        ("5.0.0.1", "CURRENT"),
        ("10.0", "CURRENT"),
    ],
)
async def test_versions_are_compared_as_numbers_and_those_not_too_old_are_answered(
    poster: Poster, version: str, standing: str
) -> None:
    asked = {"query": STANDING, "variables": {"platform": "IOS", "version": version}}

    answer = await poster.post(asked, x_upay_client=f"ios/{version}")
    me = await poster.post(ME, x_upay_client=f"ios/{version}")

    assert answer.json()["data"]["clientVersion"]["standing"] == standing
    assert me.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("shown", [None, "android/0.1", "web/1", "toaster/1.0"])
async def test_apps_without_a_policy_and_those_that_say_nothing_are_not_judged(
    poster: Poster, shown: str | None
) -> None:
    answer = await poster.post(ME, x_upay_client=shown)

    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "ios",
        "ios/",
        "ios/4.x",
        "ios/4.1.9-beta",
        "ios/.1",
        "ios/1.2.3.4.5",
        "ios/1234567",
        "IOS /4",
        "ios/-1",
        "ios/4.1.9/x",
        "ios/\xb2",
        "i" * 8_000,
    ],
)
async def test_an_app_that_says_wrongly_what_it_is_is_told_so(poster: Poster, shown: str) -> None:
    answer = await poster.post(ME, accept=GRAPHQL, x_upay_client=shown)

    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("shown", [4, ["ios/5"], {"ios": "5"}, "", "i" * 60_000])
async def test_on_a_socket_as_well(address: str, poster: Poster, shown: object) -> None:
    async with Talker.connect(address) as talker:
        await talker.say({"type": "connection_init", "payload": {"client": shown}})
        await talker.hear()
        await talker.subscribe("me", ME)
        refused = await talker.hear()

    assert codes(refused) == ["BAD_REQUEST"]


@pytest.mark.parametrize("version", ["", "x", "1.", "-1", "１", "1" * 60_000])
async def test_a_version_that_is_none_is_a_problem(app: Starlette, version: str) -> None:
    told = await Asker(app).data(STANDING, platform="WEB", version=version)

    assert told == {"__typename": "VersionInvalid", "code": "VERSION_INVALID", "field": ["version"]}


async def test_a_policy_is_followed_once_what_was_known_is_five_seconds_old(
    app: Starlette, sue: Asker, clock: Clock
) -> None:
    poster = Poster(app)
    before = await poster.post(ME, x_upay_client="ios/4.1.9")
    await sue.data(SET, input=POLICY)

    clock.now += timedelta(seconds=5) - timedelta(microseconds=1)
    soon = await poster.post(ME, x_upay_client="ios/4.1.9")
    clock.now += timedelta(microseconds=1)
    later = await poster.post(ME, x_upay_client="ios/4.1.9")

    told = [each.json()["errors"][0]["extensions"]["code"] for each in (before, soon, later)]
    assert told == ["UNAUTHENTICATED", "UNAUTHENTICATED", "CLIENT_OUTDATED"]


async def test_a_supervisor_sets_a_policy_and_it_is_on_record(
    app: Starlette, sue: Asker, clock: Clock
) -> None:
    await sue.data(SET, input=POLICY)

    told = await sue.data(SET, input=POLICY | {"minimum": "4.3", "platform": "IOS"})
    listed = await sue.data("{ clientVersions { platform minimum recommended notesZh } }")

    assert told["policy"] == {
        "platform": "IOS",
        "minimum": "4.3",
        "recommended": "5.0",
        "changedAt": clock().isoformat(),
    }
    assert listed == [
        {
            "platform": "IOS",
            "minimum": "4.3",
            "recommended": "5.0",
            "notesZh": "更快，也更省电。",
        }
    ]
    records = await AuditRecord.all().order_by("id")
    assert [record.detail for record in records] == [
        {"platform": "ios", "before": None, "after": ["4.2.0", "5.0"]},
        {"platform": "ios", "before": ["4.2.0", "5.0"], "after": ["4.3", "5.0"]},
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"minimum": "5.0.1"}, "VersionsReversed"),
        ({"minimum": "x" * 60_000}, "VersionInvalid"),
        ({"recommended": ""}, "VersionInvalid"),
        ({"notesEn": "x" * 501}, "UpdateNotesInvalid"),
        ({"notesZh": "\u202e"}, "UpdateNotesInvalid"),
        ({"url": "http://example.org"}, "UpdateUrlInvalid"),
        ({"url": "https://ada@example.org"}, "UpdateUrlInvalid"),
        ({"url": "https://"}, "UpdateUrlInvalid"),
        ({"url": "https://[x"}, "UpdateUrlInvalid"),
        ({"url": "https://example.org/" + "x" * 60_000}, "UpdateUrlInvalid"),
        ({"reason": ""}, "ReasonRequired"),
    ],
)
async def test_a_policy_that_cannot_be_changes_nothing(
    sue: Asker, changes: dict[str, str], problem: str
) -> None:
    told = await sue.data(SET, input=POLICY | changes)

    assert told["__typename"] == problem
    assert await ClientVersion.all().count() == 0
    assert await AuditRecord.all().count() == 0


async def test_nobody_but_supervisors_and_admins_sets_a_policy(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    lin = await factories.person("lin", role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    asker = Asker(app, path="/desk/graphql", token=opened.tokens.access)

    assert await asker.code(SET, input=POLICY) == "NOT_FOUND"

    assert await ClientVersion.all().count() == 0


async def test_while_the_database_is_away_the_last_known_policies_hold(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with staged(database_urls, monkeypatch) as stage:
        await client_outdated(stage)
        known, strange = Poster(stage.app), Poster(stage.app, "/desk/graphql")
        before = await known.post(ME, x_upay_client="ios/4.1.9")

        await stage.gate.shut()
        stage.clock.advance(seconds=5)
        after = await known.post(ME, x_upay_client="ios/4.1.9")
        never_read = await strange.post(ME, x_upay_client="ios/4.1.9")
        await stage.gate.open()

    assert code(before) == code(after) == "CLIENT_OUTDATED"
    assert never_read.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}

"""Papers over HTTP: who may show which, and that agents get them as files nothing runs."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any, Final

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.types import Message

from domain import papers
from models.audit import AuditRecord
from models.ids import new_id
from models.papers import Paper
from models.people import Role
from models.sealed_files import SealedFile
from models.sessions import Audience
from server.app import Front, application
from server.desk_sessions import ACCESS
from server.rates import Rates
from tests import factories, showing
from tests.api.conftest import Moving, Resident
from tests.api.files import code, sent
from tests.moments import Clock

CONTENT: Final = showing.PNG + b"a face"


async def shown(
    app: Starlette,
    owner: Resident,
    content: bytes = CONTENT,
    content_type: str | None = "image/png",
    **headers: str,
) -> httpx2.Response:
    """What somebody is answered who shows a paper."""
    given = {} if content_type is None else {"content-type": content_type}
    return await sent(
        app,
        "POST",
        "/papers",
        token=owner.tokens.access,
        content=content,
        headers={**given, **{name.replace("_", "-"): value for name, value in headers.items()}},
    )


async def agents_token(clock: Clock, name: str = "lin") -> str:
    lin = await factories.person(name, role=Role.AGENT)
    return (await factories.session(lin, Audience.DESK, clock())).tokens.access


async def test_a_paper_that_is_shown_can_be_named_in_a_request(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")

    answer = await shown(app, ada)

    assert answer.status_code == 201
    told = answer.json()
    assert (told["length"], told["sha256"]) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    asked = await ada.asker.data(
        "mutation ($input: RequestVerificationInput!) { requestVerification(input: $input) "
        "{ ... on VerificationRequested { request { status } } } }",
        input={"level": 2, "fullName": "Ada", "idNumber": "QX-1", "paperIds": [told["id"]]},
    )
    assert asked == {"request": {"status": "ASKED"}}


@pytest.mark.parametrize(
    ("content", "content_type", "status", "said"),
    [
        (CONTENT, "image/svg+xml", 415, "MEDIA_TYPE_UNSUPPORTED"),
        (CONTENT, "text/html", 415, "MEDIA_TYPE_UNSUPPORTED"),
        (CONTENT, None, 415, "MEDIA_TYPE_UNSUPPORTED"),
        (CONTENT, "x" * 5_000, 415, "MEDIA_TYPE_UNSUPPORTED"),
        (CONTENT, "image/jpeg", 415, "MEDIA_TYPE_UNSUPPORTED"),
        (b"<svg onload=alert(1)>", "image/png", 415, "MEDIA_TYPE_UNSUPPORTED"),
        (b"", "image/png", 415, "MEDIA_TYPE_UNSUPPORTED"),
        (bytes(papers.BYTES_MAX + 1), "image/png", 413, "BODY_TOO_LARGE"),
    ],
)
async def test_what_is_no_paper_is_refused_and_not_kept(
    app: Starlette,
    resident: Moving,
    content: bytes,
    content_type: str | None,
    status: int,
    said: str,
) -> None:
    ada = await resident("ada")

    answer = await shown(app, ada, content, content_type)

    assert (answer.status_code, code(answer)) == (status, said)
    assert await SealedFile.all().count() == 0


async def test_the_largest_paper_there_may_be_is_kept(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")
    content = showing.PDF.ljust(papers.BYTES_MAX, b" ")

    answer = await shown(app, ada, content, "application/pdf; charset=binary")

    assert answer.status_code == 201
    assert (await Paper.get()).length == papers.BYTES_MAX


async def test_what_is_compressed_is_refused(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")

    answer = await shown(app, ada, content_encoding="gzip")

    assert answer.status_code == 415


async def test_nobody_in_particular_shows_anything_nor_does_an_agent(
    app: Starlette, clock: Clock
) -> None:
    for token in (None, "upa_nonsense", "x" * 5_000, await agents_token(clock)):
        answer = await sent(
            app,
            "POST",
            "/papers",
            token=token,
            content=CONTENT,
            headers={"content-type": "image/png"},
        )

        assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")

    assert await SealedFile.all().count() == 0


async def test_an_eleventh_paper_is_refused_before_it_is_read(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    for _ in range(10):
        await showing.paper(ada.person)

    answer = await shown(app, ada)

    assert (answer.status_code, code(answer)) == (409, "TOO_MANY_PAPERS")


async def test_somebody_who_breaks_off_keeps_nobody_from_the_next_try(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/papers",
        "raw_path": b"/papers",
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "client": ("192.0.2.7", 1),
        "server": ("upay.test", 80),
        "headers": [
            (b"authorization", f"Bearer {ada.tokens.access}".encode()),
            (b"content-type", b"image/png"),
        ],
    }
    parts: list[Message] = [
        {"type": "http.request", "body": showing.PNG, "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return parts.pop(0)

    async def send(_: Message) -> None:
        """Nobody listens any more."""

    await app(scope, receive, send)

    assert await SealedFile.all().count() == 0
    assert (await shown(app, ada)).status_code == 201


async def test_one_person_shows_one_paper_at_a_time(app: Starlette, resident: Moving) -> None:
    ada = await resident("ada")

    answers = await asyncio.gather(*(shown(app, ada) for _ in range(4)))

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {201, 429}
    assert await Paper.all().count() == statuses.count(201) > 0


async def test_showing_papers_is_paid_for_in_points(database: object, clock: Clock) -> None:
    rates = Rates(person_points=500, address_points=500)
    app = application(Front(clock=clock, livemode=False, rates=rates))
    async with app.router.lifespan_context(app):
        ada = await factories.person("ada")
        opened = await factories.session(ada, Audience.PUBLIC, clock())
        answers = [
            await sent(
                app,
                "POST",
                "/papers",
                token=opened.tokens.access,
                content=CONTENT,
                headers={"content-type": "image/png"},
            )
            for _ in range(3)
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert code(answers[2]) == "RATE_LIMITED"


async def looked(app: Starlette, id: str, token: str | None, **request: Any) -> httpx2.Response:
    """What somebody is answered who looks at a paper at the desk."""
    given: dict[str, Any] = {"json": {"reason": "To compare the names"}, **request}
    return await sent(app, "POST", f"/desk/papers/{id}", token=token, **given)


async def test_an_agent_with_a_reason_gets_the_paper_as_a_file_that_nothing_runs(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    await showing.asked(ada.person)
    paper = await Paper.get()

    answer = await looked(app, f"pap_{paper.id.hex}", await agents_token(clock))

    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).digest() == paper.sha256
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="pap_{paper.id.hex}.png"'
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await AuditRecord.get()).action == "view_paper"


async def test_the_desks_own_page_gets_a_paper_with_its_cookie_and_no_other_page_does(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    await showing.asked(ada.person)
    id = f"pap_{(await Paper.get()).id.hex}"
    cookie = {"cookie": f"{ACCESS}={await agents_token(clock)}"}
    ours = {"x-upay-desk": "1", "sec-fetch-site": "same-origin"}

    shown = await looked(app, id, None, headers={**cookie, **ours})
    elsewhere = [
        await looked(app, id, None, headers={**cookie, **headers})
        for headers in ({}, {"sec-fetch-site": "same-origin"}, {**ours, "sec-fetch-site": "none"})
    ]

    assert shown.status_code == 200
    assert [each.status_code for each in elsewhere] == [401] * 3
    assert await AuditRecord.all().count() == 1


async def test_nobody_else_gets_a_paper_and_no_look_goes_unrecorded(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await showing.asked(ada.person)
    id, lin = f"pap_{(await Paper.get()).id.hex}", await agents_token(clock)

    for token in (None, ada.tokens.access, bob.tokens.access):
        refused = await looked(app, id, token)
        assert (refused.status_code, code(refused)) == (401, "UNAUTHENTICATED")
    for missing in (f"pap_{new_id().hex}", "pap_x", "x" * 5_000):
        refused = await looked(app, missing, lin)
        assert (refused.status_code, code(refused)) == (404, "NOT_FOUND"), missing
    without_reason = [
        await looked(app, id, lin, json={"reason": "  "}),
        await looked(app, id, lin, json={"reason": "x" * 60_000}),
    ]
    bodies: list[Any] = [{}, [], {"reason": 1}]
    nonsense = [await looked(app, id, lin, json=body) for body in bodies]
    by_get = await sent(app, "GET", f"/desk/papers/{id}", token=lin)

    assert [(each.status_code, code(each)) for each in without_reason] == [
        (422, "REASON_REQUIRED")
    ] * 2
    assert [(each.status_code, code(each)) for each in nonsense] == [(400, "BAD_REQUEST")] * 3
    assert by_get.status_code == 405
    looks = await AuditRecord.all()
    assert [each.action for each in looks] == ["view_paper"]

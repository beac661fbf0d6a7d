"""Exports over the API: asked for, made by a job, fetched by their owner alone."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from starlette.applications import Starlette

from domain import exports
from jobs.exports import make_export
from jobs.worker import Worker
from models.ids import new_id
from models.people import Role
from models.sessions import Audience
from tests import factories
from tests.api.conftest import Moving, Returning
from tests.api.files import code, sent
from tests.moments import Clock

REQUEST: Final = """mutation { requestExport { __typename
    ... on ExportRequested { export { id status progress path } }
    ... on Problem { code } } }"""
MINE: Final = "{ me { exports { id status progress path kibibytes expiresAt } } }"


async def made(clock: Clock) -> None:
    await Worker({exports.JOB: make_export}, clock=clock).run_due()


async def test_an_export_is_asked_for_made_and_fetched_as_a_file(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada", holds=100)

    asked = (await ada.asker.data(REQUEST))["export"]
    await made(clock)
    [ready] = (await ada.asker.data(MINE))["exports"]
    answer = await sent(app, "GET", ready["path"], token=ada.tokens.access)

    assert (asked["status"], asked["path"]) == ("ASKED", None)
    assert (ready["id"], ready["status"], ready["progress"]) == (asked["id"], "READY", 100)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="upay-{clock():%Y-%m-%d}.zip"'
    )
    assert answer.headers["cache-control"] == "no-store"
    assert int(answer.headers["content-length"]) == len(answer.content)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert "movements.csv" in archive.namelist()


async def test_nobody_fetches_the_export_of_another(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    lin = await factories.person("lin", role=Role.AGENT)
    desk = await factories.session(lin, Audience.DESK, clock())
    await ada.asker.data(REQUEST)
    await made(clock)
    [ready] = (await ada.asker.data(MINE))["exports"]

    strangers = [
        await sent(app, "GET", ready["path"], token=token) for token in (None, desk.tokens.access)
    ]
    foreign = await sent(app, "GET", ready["path"], token=bob.tokens.access)
    missing = [
        await sent(app, "GET", f"/exports/{id}", token=ada.tokens.access)
        for id in (f"exp_{new_id().hex}", "exp_x", "x" * 5_000)
    ]

    assert [(each.status_code, code(each)) for each in strangers] == [(401, "UNAUTHENTICATED")] * 2
    assert [(each.status_code, code(each)) for each in (foreign, *missing)] == [
        (404, "NOT_FOUND")
    ] * 4
    assert {each.content for each in (foreign, *missing)} == {foreign.content}


async def test_an_export_is_fetched_with_a_fresh_proof_within_a_week(
    app: Starlette, resident: Moving, returning: Returning, clock: Clock
) -> None:
    ada = await resident("ada")
    await ada.asker.data(REQUEST)
    await made(clock)
    [ready] = (await ada.asker.data(MINE))["exports"]

    clock.advance(minutes=10)
    stale = await sent(app, "GET", ready["path"], token=ada.tokens.access)
    ada = await returning(ada)
    fresh = await sent(app, "GET", ready["path"], token=ada.tokens.access)
    clock.advance(days=7)
    ada = await returning(ada)
    late = await sent(app, "GET", ready["path"], token=ada.tokens.access)

    assert (stale.status_code, code(stale)) == (403, "PROOF_NEEDED")
    assert fresh.status_code == 200
    assert (late.status_code, code(late)) == (404, "NOT_FOUND")
    [gone] = (await ada.asker.data(MINE))["exports"]
    assert gone["path"] is None

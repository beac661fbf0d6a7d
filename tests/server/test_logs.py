"""The log: what each line says, what no line says, and that nobody's words break a line."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator

import asyncpg
import pytest
from starlette.applications import Starlette

from domain.refusals import NotFound
from models.database import client
from models.ids import new_id
from models.jobs import Job
from server import tracebacks
from server.app import Front, application
from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.api.clients import Asker, Listener, roomy, served
from tests.api.conftest import Resident, settle
from tests.api.test_subscriptions import WALLET, pay
from tests.moments import NOON, Clock
from tests.server.lines import logged

HUSH = "hush-hush-secret"
ESC = "\x1b[31m"

log = logging.getLogger("server.tests")


@pytest.fixture
async def app(database: DatabaseUrls) -> AsyncIterator[Starlette]:
    app = application(Front(clock=Clock(), livemode=False, rates=roomy()))
    async with app.router.lifespan_context(app):
        yield app


async def _moved_in(app: Starlette, name: str, holds: int = 0) -> Resident:
    return await settle(app, Clock(), name, holds=holds)


async def test_one_line_for_each_operation_says_what_was_asked_and_how_it_went(
    app: Starlette,
) -> None:
    ada = await _moved_in(app, "ada")

    with logged(level=logging.INFO) as said:
        await ada.asker.answer("query Me { me { displayName } }")
        await ada.asker.answer("query { nothing }")
        await Asker(app).answer("query Who { me { displayName } }")

    fine, wrong, stranger = said.of("upay.access")
    assert {name: fine[name] for name in ("api", "kind", "operation", "outcome", "person")} == {
        "api": "public",
        "kind": "query",
        "operation": "Me",
        "outcome": "ok",
        "person": f"per_{ada.person.id.hex}",
    }
    assert fine["points"] >= 1
    assert fine["ms"] >= 0
    assert (wrong["outcome"], wrong["code"]) == ("refused", "DOCUMENT_INVALID")
    assert (stranger["outcome"], stranger["code"]) == ("refused", "UNAUTHENTICATED")
    assert "person" not in stranger
    assert len({line["request_id"] for line in (fine, wrong, stranger)}) == 3


async def test_above_info_operations_leave_no_line(app: Starlette) -> None:
    with logged(level=logging.WARNING) as said:
        await Asker(app).answer("{ __typename }")

    assert said.text == ""


async def test_a_name_that_is_too_long_for_a_log_is_left_away(app: Starlette) -> None:
    with logged(level=logging.INFO) as said:
        await Asker(app).answer(f"query {'a' * 65} {{ __typename }}")

    [line] = said.of("upay.access")
    assert "operation" not in line
    assert line["outcome"] == "ok"


async def test_a_subscription_is_one_line_at_its_end(app: Starlette) -> None:
    ada, bob = await _moved_in(app, "ada", 1_000), await _moved_in(app, "bob")

    with logged(level=logging.INFO) as said:
        async with (
            served(app) as address,
            Listener.open(
                address,
                bob.tokens.access,
                f"subscription Mine {WALLET.strip()[12:]}",
                id=bob.wallet_id,
                after=0,
            ) as bobs,
        ):
            await pay(ada, "bob", 10, "one")
            await bobs.event()

    [line] = [each for each in said.of("upay.access") if each["kind"] == "subscription"]
    assert (line["operation"], line["outcome"]) == ("Mine", "ok")
    assert line["events"] >= 1


async def test_what_is_logged_under_an_operation_names_it_also_on_a_shared_connection(
    app: Starlette,
) -> None:
    names = [f"Asked{number}" for number in range(5)]

    with logged() as said:
        async with served(app) as address:
            await _pipelined(address, names)

    lines = [line for line in said.of("upay.access") if "operation" in line]
    assert [(line["request_id"], line["operation"]) for line in lines] == [
        (f"id-{name}", name) for name in names
    ]


@pytest.mark.parametrize("is_text", [True, False], ids=["text", "json"])
def test_what_somebody_typed_can_neither_begin_a_line_nor_colour_a_terminal(is_text: bool) -> None:
    with logged(is_text=is_text) as said:
        log.warning("said: %s", f"a\nINFO upay: all is well\r{ESC}red\u2028\x00\u202e")

    assert len(said.text.splitlines()) == 1
    assert ESC not in said.text
    assert not set("\r\x1b\u2028\x00\u202e") & set(said.text)


def test_a_line_of_json_is_an_object_with_the_error_and_its_place_in_the_code() -> None:
    with logged() as said:
        try:
            raise NotFound
        except NotFound:
            log.exception("It failed")

    [line] = said.lines
    assert (line["level"], line["logger"], line["event"]) == ("error", "server.tests", "It failed")
    assert "raise NotFound" in line["error"]
    assert line["error"].splitlines()[-1].startswith("domain.refusals.NotFound")


def test_on_a_terminal_the_errors_own_lines_are_indented() -> None:
    with logged(is_text=True) as said:
        try:
            raise RuntimeError(f"two\n{ESC}lines")
        except RuntimeError:
            log.exception("It failed")

    first, *rest = said.text.splitlines()
    assert first.endswith("ERROR   server.tests: It failed")
    assert rest
    assert all(line.startswith("    ") for line in rest)
    assert ESC not in said.text


async def test_an_argument_that_the_database_refuses_is_not_in_the_log(
    database: DatabaseUrls,
) -> None:
    with logged() as said:
        for statement, value in (("SELECT $1::int", HUSH), ("SELECT $1::text::uuid", HUSH)):
            try:
                async with client().pool.acquire() as connection:
                    await connection.fetch(statement, value)
            except (asyncpg.PostgresError, asyncpg.InterfaceError):
                log.exception("It failed")

    client_side, server_side = said.lines
    assert HUSH not in said.text
    assert tracebacks.HIDDEN in client_side["error"]
    assert "SQLSTATE 22P02" in server_side["error"]


async def test_a_row_that_is_there_already_is_not_quoted_but_its_constraint_is_named(
    database: DatabaseUrls,
) -> None:
    await factories.person(HUSH)

    with logged() as said:
        try:
            await factories.person(HUSH)
        except Exception:
            log.exception("It failed")

    assert HUSH not in said.text
    assert "people_account_name_key" in said.lines[0]["error"]


def test_causes_and_groups_are_told_without_their_words() -> None:
    with logged() as said:
        try:
            try:
                int(HUSH)
            except ValueError as error:
                raise ExceptionGroup(HUSH, [KeyError(HUSH), TimeoutError("late")]) from error
        except ExceptionGroup:
            log.exception("It failed")

    [line] = said.lines
    assert HUSH not in said.text
    for words in ("ValueError: (its words", "ExceptionGroup of 2", "KeyError: (its", "late"):
        assert words in line["error"]


async def test_what_asyncio_says_of_a_task_that_nobody_waited_for_quotes_nothing() -> None:
    async def fails(word: str) -> None:
        raise ValueError(word)

    with logged() as said:
        task = asyncio.create_task(fails(HUSH))
        await asyncio.wait([task])
        del task
        await asyncio.sleep(0)

    [line] = said.of("asyncio")
    assert line["event"] == "Task exception was never retrieved"
    assert HUSH not in said.text


async def test_a_crash_is_logged_whole_under_its_request_and_told_as_a_number(
    app: Starlette, database: DatabaseUrls
) -> None:
    ada = await _moved_in(app, "ada")
    owner = await asyncpg.connect(database.owner)
    await owner.execute("ALTER TABLE people RENAME COLUMN display_name TO elsewhere")
    await owner.close()

    with logged() as said:
        answer = await ada.asker.answer("query Me { me { displayName } }")

    [error] = answer["errors"]
    [crash] = said.of("upay.graphql")
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] == crash["request_id"]
    assert (crash["operation"], crash["api"]) == ("Me", "public")
    assert "Traceback" not in json.dumps(answer)
    assert "UndefinedColumn" in crash["error"]


async def test_an_error_of_a_job_names_the_job(database: DatabaseUrls) -> None:
    from jobs.worker import Worker
    from server import sightings

    async def fails(_: Job, __: object) -> None:
        raise RuntimeError("no")

    job = await Job.create(id=new_id(), kind="fails", subject_id=new_id(), due_at=NOON, run_at=NOON)

    with logged() as said:
        worker = Worker({"fails": fails}, clock=Clock(), around=sightings.job)
        await worker.run_due()

    [line] = said.of("jobs.worker")
    assert (line["job"], line["job_kind"]) == (job.id.hex, "fails")


@pytest.mark.parametrize(("form", "is_json"), [("auto", True), ("json", True), ("text", False)])
def test_away_from_a_terminal_lines_are_json_unless_text_is_asked_for(
    form: str, is_json: bool
) -> None:
    code = (
        f"import logging; from server import logs; logs.begin('info', {form!r});"
        "logging.getLogger('server').info('begun'); logging.getLogger('redis').info('chatter')"
    )

    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stderr

    assert said.startswith("{") == is_json
    assert "begun" in said
    assert "chatter" not in said


async def _pipelined(address: str, names: list[str]) -> None:
    """Asks all at once on one connection, and reads until the last is answered."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for name in names:
        body = json.dumps({"query": f"query {name} {{ __typename }}"}).encode()
        writer.write(
            f"POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n"
            f"X-Request-Id: id-{name}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
    async with asyncio.timeout(10):
        for name in names:
            await reader.readuntil(f"x-request-id: id-{name}\r\n".encode())
    writer.close()

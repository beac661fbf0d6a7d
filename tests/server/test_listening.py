"""A developer sees the webhooks of a test server in the terminal, and has them passed on."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from channels.webhooks import Sender, signed
from domain import merchant_events, webhooks
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.merchants import Merchant
from models.webhooks import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from server import listening
from server.listening import Wish
from server.refusals import Refused
from server.signals import Stop
from tests import factories
from tests.api.clients import served
from tests.api.conftest import app, clock
from tests.domain import hooks
from tests.moments import Clock
from tests.server.servers import STOP_SECONDS, environment
from tests.wires import far_end, json_answer, saying

__all__ = ["app", "clock"]

SECRET = bytes(range(32))
SHOWN = "whsec_" + base64.b64encode(SECRET).decode()
BODY = '{"type":"payment.captured","data":{"reference":"茶"}}'


@pytest.fixture(autouse=True)
def neighbourhood() -> Iterator[None]:
    with hooks.neighbours():
        yield


@asynccontextmanager
async def listens(wish: Wish, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Any]:
    """Somebody listens during the block; yields where, and how to read what was printed."""
    stop, printed = Stop(), ""

    def so_far() -> str:
        nonlocal printed
        printed += capsys.readouterr().out
        return printed

    task = asyncio.create_task(listening.listen(wish, stop))
    while "received at " not in so_far() and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    if task.done():
        task.result()
    yield printed.partition("received at ")[2].split()[0], so_far
    stop.asked.set()
    await asyncio.wait_for(task, 10)


async def posts(url: str, *, at: datetime | None = None, body: str = BODY) -> int:
    """The status that a webhook sent to the listener is answered with."""
    headers = signed("mev_1", BODY, secrets=[SECRET], at=at or datetime.now(UTC))
    async with httpx2.AsyncClient(trust_env=False) as http:
        return (await http.post(url, content=body.encode(), headers=headers)).status_code


async def test_a_webhook_is_verified_printed_and_passed_on_as_it_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with far_end(saying(json_answer("{}", status="202 Later"))) as program:
        wish = Wish(server="http://127.0.0.1:1", secret=SHOWN, forward=f"{program.url}/hooks")
        async with listens(wish, capsys) as (url, printed):
            status = await posts(url)
            [request] = await program.heard("payment.captured")

            assert "payment.captured  mev_1  answered 202" in printed()
            assert '"reference": "茶"' in printed()
    assert status == 202
    assert request.line.startswith("POST /hooks ")
    assert request.body.decode() == BODY
    assert request.headers["webhook-id"] == "mev_1"


async def test_what_does_not_verify_is_refused_and_not_passed_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with far_end() as program:
        wish = Wish(server="http://127.0.0.1:1", secret=SHOWN, forward=program.url)
        async with listens(wish, capsys) as (url, printed):
            changed = await posts(url, body=BODY.replace("茶", "水"))
            old = await posts(url, at=datetime.now(UTC) - timedelta(minutes=6))

            assert printed().count("refused:") == 2

    assert (changed, old) == (400, 400)
    assert program.requests == []


async def test_a_program_that_is_not_there_is_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    async with far_end() as program:
        pass
    wish = Wish(server="http://127.0.0.1:1", secret=SHOWN, forward=program.url)

    async with listens(wish, capsys) as (url, printed):
        assert await posts(url) == 502
        assert "did not answer" in printed()


async def test_with_a_key_the_listener_is_an_endpoint_for_as_long_as_it_listens(
    app: Starlette, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = await factories.merchant(await factories.person("mei"))
    async with served(app) as address:
        wish = Wish(server=f"http://{address}", key=await factories.key(shop))
        async with listens(wish, capsys) as (url, printed):
            endpoint = await WebhookEndpoint.get()
            await webhooks.send_test(shop.id, endpoint.id, clock())
            await _worker(clock).run_due()

            assert endpoint.url == url
            assert "webhook_endpoint.tested" in printed()
            told = json.loads(printed()[printed().index("{") :])
            assert told["data"]["id"] == f"whe_{endpoint.id.hex}"
            assert (await WebhookDelivery.get()).status is DeliveryStatus.DELIVERED

        assert await WebhookEndpoint.all().count() == 0


async def test_a_server_that_wants_none_of_it_says_so(
    app: Starlette, capsys: pytest.CaptureFixture[str]
) -> None:
    shop: Merchant = await factories.merchant(await factories.person("mei"))
    async with served(app) as address:
        server = f"http://{address}"
        for wish, words in (
            (Wish(server=server, key="upk_test_of_nobody"), "says:"),
            (Wish(server=server), "Say whose webhooks"),
            (Wish(server="http://127.0.0.1:1", key="upk_test_x"), "No uPay answers"),
            (
                Wish(server=server, key=await factories.key(shop), events=("tea",)),
                "will not send",
            ),
        ):
            with pytest.raises(Refused, match=words):
                async with listens(wish, capsys):
                    pass

    assert await WebhookEndpoint.all().count() == 0


@pytest.mark.slow
def test_the_command_listens_until_it_is_stopped(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "server", "listen", "--secret", SHOWN]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout is not None
        said = command.stdout.readline()

        command.send_signal(signal.SIGTERM)

        assert command.wait(STOP_SECONDS) == 0
    assert said.startswith("Webhooks are received at http://127.0.0.1:")


def _worker(clock: Clock) -> Worker:
    handlers = registry(Wires(sender=Sender()))
    mine = {merchant_events.TELL_JOB, webhooks.DELIVER_JOB}
    return Worker({each: handlers[each] for each in mine}, clock=clock)

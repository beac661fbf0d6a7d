"""What is sent to a merchant's server, and what becomes of it with each sort of server."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from channels import webhooks
from channels.webhooks import NotAnswered, Parcel, Reply, Sender, Trouble, signed
from tests.channels.certificates import certified
from tests.wires import far_end, saying

SECRET: Final = bytes(range(32))
OLD_SECRET: Final = bytes(range(32, 64))
BODY: Final = '{"type":"payment.captured","data":{"reference":"茶"}}'
BRIEFLY: Final = 0.2
"""Seconds in which a hanging server must be let go."""


def parcel(url: str, *, host: str | None = None, address: str = "127.0.0.1") -> Parcel:
    headers = signed("mev_1", BODY, secrets=[SECRET], at=datetime.now(UTC))
    name = host or "127.0.0.1"
    return Parcel(url=url, host=name, addresses=[address], headers=headers, body=BODY.encode())


async def sent(url: str, *, sender: Sender | None = None) -> Reply:
    return await (sender or Sender()).send(parcel(url), now=datetime.now(UTC))


async def test_the_body_goes_out_byte_for_byte_with_its_three_headers() -> None:
    async with far_end() as end:
        reply = await sent(f"{end.url}/hooks?till=1")
        [request] = await end.heard("payment.captured")

    assert reply == Reply(204)
    assert request.line == "POST /hooks?till=1 HTTP/1.1"
    assert request.body == BODY.encode()
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == end.url.removeprefix("http://")
    assert json.loads(BODY) == Webhook(SECRET).verify(request.body, request.headers)


def test_a_signature_is_what_a_receiver_computes_by_hand() -> None:
    at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    headers = signed("mev_1", BODY, secrets=[SECRET], at=at)

    text = f"mev_1.1772452800.{BODY}".encode()
    mac = base64.b64encode(hmac.new(SECRET, text, hashlib.sha256).digest()).decode()
    assert headers == {
        "webhook-id": "mev_1",
        "webhook-timestamp": "1772452800",
        "webhook-signature": f"v1,{mac}",
    }


def test_the_same_moment_in_another_zone_has_the_same_signature() -> None:
    at = datetime.now(UTC)
    shanghai = at.astimezone(timezone(timedelta(hours=8)))

    headers = signed("mev_1", BODY, secrets=[SECRET], at=shanghai)

    assert headers == signed("mev_1", BODY, secrets=[SECRET], at=at)
    Webhook(SECRET).verify(BODY, headers)


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_while_a_secret_is_replaced_both_verify(secret: bytes) -> None:
    headers = signed("mev_1", BODY, secrets=[SECRET, OLD_SECRET], at=datetime.now(UTC))

    Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize(
    ("body", "age", "secret"),
    [
        (BODY.replace("茶", "水"), timedelta(0), SECRET),
        (BODY, timedelta(minutes=6), SECRET),
        (BODY, timedelta(minutes=-6), SECRET),
        (BODY, timedelta(0), OLD_SECRET),
    ],
)
def test_what_was_changed_or_is_old_or_is_anothers_is_not_believed(
    body: str, age: timedelta, secret: bytes
) -> None:
    headers = signed("mev_1", BODY, secrets=[SECRET], at=datetime.now(UTC) - age)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(body, headers)


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    async with far_end() as elsewhere:
        there = f"HTTP/1.1 307 Away\r\nLocation: {elsewhere.url}\r\nContent-Length: 0\r\n\r\n"
        async with far_end(saying(there.encode())) as end:
            reply = await sent(end.url)

    assert reply.status_code == 307
    assert elsewhere.requests == []


async def test_of_a_long_answer_the_first_kilobyte_is_kept_and_little_more_is_read() -> None:
    given = 0

    async def pour(wire: asyncio.StreamWriter) -> None:
        nonlocal given
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n")
        with suppress(ConnectionError):
            for _ in range(1_600):
                wire.write(b"x" * 65_536)
                await wire.drain()
                given += 65_536

    async with listening(pour) as url:
        reply = await sent(url)

    assert reply == Reply(200, "x" * 1_024)
    assert given < 16_777_216  # what fits into the buffers on the way, not 100 MB


async def test_an_answer_that_is_no_text_is_kept_as_far_as_it_can_be() -> None:
    async with far_end(saying(b"HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\n\xff\x00a")) as end:
        reply = await sent(end.url)

    assert reply == Reply(500, "\ufffd\ufffda")


async def test_a_server_that_hangs_is_let_go_when_the_time_is_over() -> None:
    async def hang(_: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    async with listening(hang) as url:
        with pytest.raises(NotAnswered) as caught:
            await sent(url, sender=Sender(send_seconds=BRIEFLY))

    assert caught.value.trouble is Trouble.TIMEOUT


async def test_a_server_that_drips_gets_no_more_time_than_one_that_hangs() -> None:
    async def drip(wire: asyncio.StreamWriter) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            wire.write(b"X-Drop: 1\r\n")
            await wire.drain()
            await asyncio.sleep(BRIEFLY / 10)

    async with listening(drip) as url:
        with pytest.raises(NotAnswered) as caught:
            await sent(url, sender=Sender(send_seconds=BRIEFLY))

    assert caught.value.trouble is Trouble.TIMEOUT


async def test_once_the_status_is_there_a_slow_rest_changes_nothing() -> None:
    async def begin(wire: asyncio.StreamWriter) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel")
        await wire.drain()
        await asyncio.Event().wait()

    async with listening(begin) as url:
        reply = await sent(url, sender=Sender(send_seconds=BRIEFLY))

    assert reply == Reply(200)


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 20", b"SSH-2.0-OpenSSH_9.6\r\n"])
async def test_a_server_that_hangs_up_or_speaks_otherwise_did_not_answer(answer: bytes) -> None:
    async with far_end(saying(answer)) as end:
        with pytest.raises(NotAnswered) as caught:
            await sent(end.url)

    assert caught.value.trouble is Trouble.BROKEN


async def test_an_answer_that_ends_too_early_counts_by_its_status() -> None:
    async with far_end(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok")) as end:
        reply = await sent(end.url)

    assert reply == Reply(200, "ok")


async def test_where_nobody_listens_nobody_is_reached() -> None:
    async with far_end() as end:
        pass

    with pytest.raises(NotAnswered) as caught:
        await sent(end.url)

    assert caught.value.trouble is Trouble.UNREACHABLE


async def test_the_server_must_prove_the_name_it_was_looked_up_by(tmp_path: Path) -> None:
    shown, trust = certified(tmp_path)
    async with listening(nod, tls=shown) as url:
        sender = Sender(trust=trust)
        asked = parcel(url, host="127.0.0.1")
        right = await sender.send(asked, now=datetime.now(UTC))
        wrong = parcel(url.replace("127.0.0.1", "shop.example"), host="shop.example")
        with pytest.raises(NotAnswered) as another:
            await sender.send(wrong, now=datetime.now(UTC))
        with pytest.raises(NotAnswered) as distrusted:
            await Sender().send(asked, now=datetime.now(UTC))

    assert right == Reply(204)
    assert another.value.trouble is distrusted.value.trouble is Trouble.TLS


async def test_a_name_is_never_looked_up_again_between_looking_and_connecting() -> None:
    async with far_end() as end:
        port = end.url.rpartition(":")[2]
        # A name that leads nowhere: whoever asked for it would not arrive.
        reply = await Sender().send(
            parcel(f"http://rebound.invalid:{port}/", host="rebound.invalid"),
            now=datetime.now(UTC),
        )
        [request] = await end.heard("payment.captured")

    assert reply == Reply(204)
    assert request.headers["host"] == f"rebound.invalid:{port}"


async def test_a_second_address_is_tried_when_nobody_is_at_the_first() -> None:
    async with far_end() as end:
        both = Parcel(
            url=end.url,
            host="127.0.0.1",
            addresses=["127.0.0.2", "127.0.0.1"],
            headers={},
            body=b"",
        )

        assert await Sender().send(both, now=datetime.now(UTC)) == Reply(204)


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    async with far_end() as proxy, far_end() as end:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        reply = await sent(end.url)

    assert reply == Reply(204)
    assert proxy.requests == []


@pytest.mark.parametrize(
    ("status", "said", "rest"),
    [
        (429, "120", 120),
        (503, "120", 120),
        (503, "Mon, 02 Mar 2026 12:02:00 GMT", 120),
        (503, "Mon, 02 Mar 2026 11:00:00 GMT", 0),
        (504, "soon", None),
        (502, "9" * 5_000, 999_999_999),
        (500, "120", None),
        (200, "120", None),
    ],
)
async def test_an_endpoint_can_ask_to_be_left_alone(status: int, said: str, rest: int) -> None:
    answer = f"HTTP/1.1 {status} X\r\nRetry-After: {said}\r\nContent-Length: 0\r\n\r\n"
    async with far_end(saying(answer.encode())) as end:
        reply = await Sender().send(parcel(end.url), now=datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert reply.rest_seconds == rest


async def test_a_name_nobody_knows_has_no_addresses() -> None:
    assert await webhooks.resolve("127.0.0.1") == ["127.0.0.1"]
    assert await webhooks.resolve("a" * 64 + ".invalid") == []


async def nod(wire: asyncio.StreamWriter) -> None:
    wire.write(b"HTTP/1.1 204 No Content\r\n\r\n")


@asynccontextmanager
async def listening(
    answering: Callable[[asyncio.StreamWriter], object], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[str]:
    """Somebody takes each request whole and answers as they like, until the block is over."""
    under_way: set[asyncio.Task[object]] = set()

    async def meet(reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(len(BODY.encode()))
            await answering(wire)  # type: ignore[misc]
            await wire.drain()
        wire.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    yield f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    server.close()
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)

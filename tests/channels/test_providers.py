"""The wire to a payment provider: what is understood, what is refused, what counts as lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from channels.providers import (
    CALLBACK_AGE_SECONDS,
    MAX_ANSWER_BYTES,
    AnswerLost,
    AnswerStatus,
    HttpProvider,
    Order,
    OrderKind,
    ProviderAnswer,
    Unreachable,
    sign_callback,
    verify_callback,
)
from tests.services import free_port
from tests.wires import FarEnd, Heard, far_end, json_answer, saying

ORDER = UUID("01900000-0000-7000-8000-000000000001")
CHARGE = Order(id=ORDER, kind=OrderKind.CHARGE, amount_minor=1_200, currency="CNY")
SECRET = b"a secret between two"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TIMESTAMP = str(int(NOON.timestamp()))
BODY = b'{"order_id": "1"}'


def words(**changes: Any) -> str:
    facts = {
        "order_id": str(ORDER),
        "amount_minor": 1_200,
        "currency": "CNY",
        "status": "succeeded",
        "reference": "r-1",
    }
    return json.dumps({**facts, **changes})


@asynccontextmanager
async def wire_to(url: str, *, answer_seconds: float = 5.0) -> AsyncIterator[HttpProvider]:
    async with HttpProvider(
        "bank", url=url, secret="hush", answer_seconds=answer_seconds
    ) as provider:
        yield provider


async def submitted(answer: bytes) -> tuple[ProviderAnswer, FarEnd]:
    async with far_end(saying(answer)) as end, wire_to(end.url) as provider:
        return await provider.submit(CHARGE), end


async def lost(answer: bytes) -> AnswerLost:
    """How an answer that is none is refused, alike to whoever submits and to whoever asks."""
    async with far_end(saying(answer)) as end, wire_to(end.url) as provider:
        with pytest.raises(AnswerLost) as asked:
            await provider.ask(ORDER)
        with pytest.raises(AnswerLost) as submitted:
            await provider.submit(CHARGE)
    assert str(asked.value) == str(submitted.value)
    return submitted.value


async def test_an_order_goes_out_with_its_id_and_the_secret_and_its_answer_is_understood() -> None:
    raw = words(status="declined", decline_code="do_not_honor")

    answer, end = await submitted(json_answer(raw))

    [request] = end.requests
    assert request.line == "POST /orders HTTP/1.1"
    assert request.headers["authorization"] == "Bearer hush"
    assert json.loads(request.body) == {
        "order_id": str(ORDER),
        "kind": "charge",
        "amount_minor": 1_200,
        "currency": "CNY",
    }
    assert answer == ProviderAnswer(AnswerStatus.DECLINED, 1_200, "CNY", "r-1", "do_not_honor", raw)


async def test_asking_names_the_order_and_an_unknown_one_is_none() -> None:
    unknown = json_answer('{"error": "no_such_order"}', status="404 Not Found")
    async with far_end(saying(unknown)) as end, wire_to(end.url) as provider:
        assert await provider.ask(ORDER) is None
        with pytest.raises(AnswerLost):
            await provider.submit(CHARGE)

    assert end.requests[0].line == f"GET /orders/{ORDER} HTTP/1.1"


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "succeeded",
        "[]",
        "null",
        "[" * 50_000,
        "\x00",
        words(status="SUCCEEDED"),
        words(status=None),
        words(status=["succeeded"]),
        words(order_id=str(uuid4())),
        words(order_id=1),
        words(reference=17),
        words(reference=""),
        words(reference="r" * 65),
        words(reference="r\u0000"),
        words(decline_code={"a": 1}),
        words(amount_minor=None),
        words(amount_minor="1200"),
        words(amount_minor=1_200.0),
        words(amount_minor=True),
    ],
)
async def test_garbage_is_a_lost_answer_and_is_kept(raw: str) -> None:
    assert (await lost(json_answer(raw))).raw == raw


@pytest.mark.parametrize("status", ["500 Oops", "503 Busy", "401 No", "409 No", "302 Found"])
async def test_any_other_status_is_a_lost_answer(status: str) -> None:
    assert (await lost(json_answer(words(), status=status))).raw == words()


async def test_a_404_that_does_not_speak_of_orders_is_a_lost_answer() -> None:
    await lost(json_answer("<h1>Not Found</h1>", status="404 Not Found"))


async def test_an_answer_in_no_known_writing_is_lost_and_kept_readable() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\xff{}"

    assert (await lost(answer)).raw == "\\xff{}"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
        b"not HTTP at all\r\n\r\n",
    ],
)
async def test_a_connection_that_breaks_off_is_a_lost_answer(answer: bytes) -> None:
    await lost(answer)


async def test_an_answer_that_is_too_long_is_lost_and_not_read_to_the_end() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (4 * MAX_ANSWER_BYTES)

    assert len((await lost(endless)).raw) == MAX_ANSWER_BYTES


async def test_a_packed_answer_is_not_unpacked() -> None:
    await lost(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b")


@pytest.mark.parametrize("beginning", [b"", b"HTTP/1.1 200 OK\r\n\r\n{"])
async def test_an_answer_that_does_not_come_in_time_is_lost(beginning: bytes) -> None:
    over = asyncio.Event()

    async def hold(reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        wire.write(beginning)
        await over.wait()
        wire.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, wire_to(url, answer_seconds=0.1) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(CHARGE)
        over.set()


async def test_an_answer_that_only_drips_is_lost_in_time_too() -> None:
    over = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, wire: asyncio.StreamWriter) -> None:
        wire.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not over.is_set():
            wire.write(b" ")
            await asyncio.sleep(0.02)  # The other side's pace, not ours.
        wire.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, wire_to(url, answer_seconds=0.2) as provider:
        with pytest.raises(AnswerLost):
            await provider.ask(ORDER)
        over.set()


async def test_a_provider_nobody_answers_for_was_told_nothing() -> None:
    async with wire_to(f"http://127.0.0.1:{free_port()}") as provider:
        with pytest.raises(Unreachable):
            await provider.submit(CHARGE)
        with pytest.raises(Unreachable):
            await provider.ask(ORDER)


async def test_a_redirect_is_not_followed() -> None:
    def away(_: Heard, wire: asyncio.StreamWriter) -> None:
        wire.write(b"HTTP/1.1 307 Away\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")

    async with far_end(away) as end, wire_to(end.url) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(CHARGE)

    assert [request.line for request in end.requests] == ["POST /orders HTTP/1.1"]


# Callbacks.


def verified(
    *,
    secret: bytes = SECRET,
    timestamp: str = TIMESTAMP,
    body: bytes = BODY,
    signature: str | None = None,
    now: datetime = NOON,
) -> bool:
    right = sign_callback(SECRET, TIMESTAMP, BODY)
    return verify_callback(secret, timestamp, body, right if signature is None else signature, now)


def test_a_callback_with_the_right_signature_is_the_providers() -> None:
    age = timedelta(seconds=CALLBACK_AGE_SECONDS)

    assert verified()
    assert verified(now=NOON + age)
    assert verified(now=NOON - age)


def test_a_callback_that_was_changed_in_any_part_is_nobodys() -> None:
    assert not verified(body=BODY + b" ")
    assert not verified(timestamp=str(int(TIMESTAMP) + 1))
    assert not verified(secret=b"another secret")
    assert not verified(signature="")
    assert not verified(signature="0" * 64)
    assert not verified(signature="签名\udc80")
    assert not verified(signature=sign_callback(SECRET, TIMESTAMP, BODY).upper())


def test_an_old_callback_and_one_from_the_future_are_refused() -> None:
    too_far = timedelta(seconds=CALLBACK_AGE_SECONDS + 1)

    assert not verified(now=NOON + too_far)
    assert not verified(now=NOON - too_far)


@pytest.mark.parametrize("timestamp", ["", "noon", "-1", "1e9", "٣", "9" * 13, "1.5", " 1"])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    signature = sign_callback(SECRET, timestamp, BODY)

    assert not verified(timestamp=timestamp, signature=signature)

"""Sending webhooks: one signed request to an address that was looked at, and a short answer."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Final

import httpx2
from standardwebhooks import Webhook

SEND_SECONDS: Final = 10.0
"""For one try in all, from the connection to the end of the answer."""

LOOK_UP_SECONDS: Final = 3.0
ADDRESSES_TRIED: Final = 2
KEPT_BYTES: Final = 1_024
READ_BYTES: Final = 65_536
AGENT: Final = "uPay-Webhooks/1"

# Of their own: names that nobody answers for must not occupy the threads that hash passwords.
_lookups: Final = ThreadPoolExecutor(8, thread_name_prefix="webhook-lookups")


class Trouble(StrEnum):
    """Why there is no answer."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMEOUT = "timeout"
    BROKEN = "broken"


class NotAnswered(Exception):
    """Nobody answered; whether the request arrived is not known."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"The endpoint did not answer ({trouble}).")
        self.trouble = trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is sent where: to one of `addresses`, which are numbers, as to the host of `url`."""

    url: str
    host: str
    addresses: Sequence[str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer: its status, the first kilobyte as text, and how long it asks to wait."""

    status_code: int
    answer: str = ""
    rest_seconds: int | None = None


def signed(id: str, body: str, *, secrets: Sequence[bytes], at: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks for a body, one signature for each secret.

    `at` is the moment of this try, aware; `id` has no dot in it and is the same at every try.
    """
    # The library takes the wall clock of any zone for UTC's.
    at = at.astimezone(UTC)
    marks = [Webhook(secret).sign(msg_id=id, timestamp=at, data=body) for secret in secrets]
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(marks),
    }


async def resolve(name: str) -> list[str]:
    """Every address of a name, in numbers; none when nobody knows one within three seconds."""
    loop = asyncio.get_running_loop()
    asked = loop.run_in_executor(_lookups, _looked_up, name)
    try:
        return await asyncio.wait_for(asked, LOOK_UP_SECONDS)
    except (OSError, UnicodeError, TimeoutError):
        return []


def _looked_up(name: str) -> list[str]:
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class Sender:
    """Sends parcels, each by a connection of its own, which nobody else's parcel ever shares.

    What is checked of a name is checked before: here nothing asks for addresses, follows where it
    is sent to, or listens to proxies of the environment. `trust` is whom TLS believes; without it
    whom the machine does.
    """

    def __init__(
        self, *, send_seconds: float = SEND_SECONDS, trust: ssl.SSLContext | None = None
    ) -> None:
        self._send_seconds = send_seconds
        self._trust = trust or httpx2.create_ssl_context(trust_env=False)

    async def send(self, parcel: Parcel, *, now: datetime) -> Reply:
        """What the endpoint answered; `now` is to read dates in the answer by.

        Once the status has come it is the answer, whatever becomes of the rest.

        Raises:
            NotAnswered: no status came within the time there is.
        """
        heard: list[Reply] = []
        try:
            async with asyncio.timeout(self._send_seconds), self._client() as client:
                await self._speak(client, parcel, now, heard)
        except TimeoutError:
            if not heard:
                raise NotAnswered(Trouble.TIMEOUT) from None
        except httpx2.HTTPError as error:
            if not heard:
                raise NotAnswered(_trouble(error)) from None
        return heard[-1]

    def _client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            verify=self._trust,
            trust_env=False,
            follow_redirects=False,
            timeout=self._send_seconds,
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=0),
        )

    async def _speak(
        self, client: httpx2.AsyncClient, parcel: Parcel, now: datetime, heard: list[Reply]
    ) -> None:
        for number, address in enumerate(parcel.addresses[:ADDRESSES_TRIED], 1):
            try:
                async with client.stream(**_request(parcel, address)) as response:
                    status, rest = response.status_code, _rest_seconds(response, now)
                    heard.append(Reply(status, rest_seconds=rest))
                    heard.append(Reply(status, await _beginning(response), rest))
                return
            except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
                is_last = number == min(len(parcel.addresses), ADDRESSES_TRIED)
                if is_last or _trouble(error) is Trouble.TLS:
                    raise


def _request(parcel: Parcel, address: str) -> dict[str, Any]:
    """The request to one address, which TLS and the server hear by the name it was looked up by."""
    url = httpx2.URL(parcel.url)
    return {
        "method": "POST",
        "url": url.copy_with(host=address),
        "content": parcel.body,
        "headers": {
            "host": url.netloc.decode(),
            "content-type": "application/json",
            "accept-encoding": "identity",
            "connection": "close",
            "user-agent": AGENT,
            **parcel.headers,
        },
        "extensions": {"sni_hostname": parcel.host},
    }


async def _beginning(response: httpx2.Response) -> str:
    """The first kilobyte as text; a little more is listened to, so that short answers can end."""
    kept, read = b"", 0
    with suppress(httpx2.HTTPError):
        async for piece in response.aiter_raw():
            kept += piece[: KEPT_BYTES - len(kept)]
            read += len(piece)
            if read >= READ_BYTES:
                break
    return kept.decode("utf-8", "replace").replace("\x00", "\N{REPLACEMENT CHARACTER}")


def _rest_seconds(response: httpx2.Response, now: datetime) -> int | None:
    """How long the endpoint asks to be left alone, of the statuses that may ask for it."""
    if response.status_code not in {429, 502, 503, 504}:
        return None
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return int(said[:9])
    try:
        at = parsedate_to_datetime(said[:64])
    except ValueError:
        return None
    return max(0, int((at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()))


def _trouble(error: BaseException) -> Trouble:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return Trouble.TLS
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx2.TimeoutException):
        return Trouble.TIMEOUT
    is_unreachable = isinstance(error, httpx2.ConnectError)
    return Trouble.UNREACHABLE if is_unreachable else Trouble.BROKEN

"""The wire to a payment provider: one order at a time, by its own id, and what became of it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, Self
from uuid import UUID

import httpx2

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 10.0
MAX_ANSWER_BYTES: Final = 65_536
CALLBACK_AGE_SECONDS: Final = 300
"""How far a callback's timestamp may be from our own clock, either way."""

TIMESTAMP_HEADER: Final = "Upay-Timestamp"
SIGNATURE_HEADER: Final = "Upay-Signature"
NO_SUCH_ORDER: Final = "no_such_order"
SIMULATOR: Final = "upay-simulator"
"""The header by which a simulator says that it is one."""

_LONGEST_WORD: Final = 64


class AnswerStatus(StrEnum):
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class ProviderAnswer:
    """What the provider says of an order over `amount_minor`; `raw` is the answer as it came."""

    status: AnswerStatus
    amount_minor: int
    currency: str
    reference: str | None
    decline_code: str | None
    raw: str


class Unreachable(Exception):
    """The provider could not be reached: it was told nothing."""


class AnswerLost(Exception):
    """It cannot be known whether the provider did it; `raw` is whatever came back, if anything."""

    def __init__(self, reason: str, raw: str = "") -> None:
        super().__init__(reason)
        self.raw = raw


class Provider(Protocol):
    """Takes money from outside on our behalf, once for each order id."""

    @property
    def name(self) -> str:
        """What its orders are kept under."""

    async def submit(self, order_id: UUID, amount_minor: int, currency: str) -> ProviderAnswer:
        """Asks for the money; the same id again is the same order and asks for nothing more.

        `amount_minor` is in minor units of `currency`.

        Raises:
            Unreachable: the provider was told nothing.
            AnswerLost: it may or may not have taken the money.
        """

    async def ask(self, order_id: UUID) -> ProviderAnswer | None:
        """What became of the order; None when the provider never heard of it.

        Raises:
            Unreachable, AnswerLost: it is still not known.
        """


class HttpProvider:
    """A provider that is spoken to in JSON over HTTP; open during its `async with`."""

    def __init__(
        self,
        name: str,
        *,
        url: str,
        secret: str,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.name = name
        self._answer_seconds = answer_seconds
        self._client = httpx2.AsyncClient(
            base_url=url,
            # Not gzip: the limit on an answer's size is one on what we unpack, too.
            headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(answer_seconds, connect=connect_seconds),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def submit(self, order_id: UUID, amount_minor: int, currency: str) -> ProviderAnswer:
        order = {"order_id": str(order_id), "amount_minor": amount_minor, "currency": currency}
        status, raw = await self._speak("POST", "/orders", order)
        answer = _understood(order_id, status, raw)
        if answer is None:
            raise AnswerLost("The provider does not know the order it was just given.", raw)
        return answer

    async def ask(self, order_id: UUID) -> ProviderAnswer | None:
        return _understood(order_id, *await self._speak("GET", f"/orders/{order_id}"))

    async def _speak(
        self, method: str, path: str, words: dict[str, Any] | None = None
    ) -> tuple[int, str]:
        try:
            # A deadline for the whole answer: a client's timeouts begin anew with each byte.
            async with (
                asyncio.timeout(self._answer_seconds),
                self._client.stream(method, path, json=words) as response,
            ):
                return response.status_code, await _limited(response)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise Unreachable(type(error).__name__) from error
        except (httpx2.HTTPError, TimeoutError) as error:
            raise AnswerLost(f"The wire broke ({type(error).__name__}).") from error


async def is_simulator(url: str, *, patience_seconds: float = CONNECT_SECONDS) -> bool:
    """Whether a simulator answers at `url`, asked without the secret; False when nobody does."""
    try:
        async with (
            asyncio.timeout(patience_seconds),
            httpx2.AsyncClient(trust_env=False) as client,
            client.stream("GET", url) as response,
        ):
            return SIMULATOR in response.headers
    except (httpx2.HTTPError, TimeoutError):
        return False


async def _limited(response: httpx2.Response) -> str:
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise AnswerLost("The provider's answer is too long.", _text(body[:MAX_ANSWER_BYTES]))
    return _text(body)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def _understood(order_id: UUID, status: int, raw: str) -> ProviderAnswer | None:
    """The answer in our words; None for a provider that says it never heard of the order."""
    words = _object(raw)
    if status == 404 and words.get("error") == NO_SUCH_ORDER:
        return None
    if status != 200:
        raise AnswerLost(f"The provider answered with status {status}.", raw)
    if words.get("order_id") != str(order_id):
        raise AnswerLost("The provider's answer names another order.", raw)
    try:
        return ProviderAnswer(
            status=AnswerStatus(words["status"]),
            amount_minor=_whole(words["amount_minor"]),
            currency=str(words["currency"]),
            reference=_word(words.get("reference")),
            decline_code=_word(words.get("decline_code")),
            raw=raw,
        )
    except (KeyError, ValueError) as error:
        raise AnswerLost("The provider's answer makes no sense.", raw) from error


def _object(raw: str) -> dict[str, Any]:
    try:
        words = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def _word(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and 1 <= len(value) <= _LONGEST_WORD and value.isprintable():
        return value
    raise ValueError("not a word")


def sign_callback(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256, in hex, over the timestamp, a full stop and the body."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify_callback(
    secret: bytes, timestamp: str, body: bytes, signature: str, now: datetime
) -> bool:
    """Whether the provider sent this callback, and lately; `timestamp` is in Unix seconds."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    is_signed = hmac.compare_digest(
        sign_callback(secret, timestamp, body).encode(), signature.encode("utf-8", "replace")
    )
    return is_signed and abs(now.timestamp() - int(timestamp)) <= CALLBACK_AGE_SECONDS

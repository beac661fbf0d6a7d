"""Text messages to telephones: printed, kept in a file, or handed to a gateway over HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import sys
from pathlib import Path
from typing import Final, Self

import httpx2

from channels.couriers.letters import Letter, NotCarried, Undeliverable

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 10.0
SIGNATURE_HEADER: Final = "Upay-Signature"
NUMBER_REFUSED: Final = 422
"""The status by which a gateway says that it will never reach a number."""


class Console:
    """Prints text messages, for whoever develops."""

    async def send(self, letter: Letter) -> None:
        sys.stdout.write(f"SMS to {letter.to}: {letter.text}\n")
        sys.stdout.flush()


class File:
    """Adds each text message to a file, a line of JSON each, for its owner's eyes only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, letter: Letter) -> None:
        try:
            await asyncio.to_thread(self._add, _words(letter) + b"\n")
        except OSError as error:
            raise NotCarried(f"The file cannot be written ({error.strerror}).") from None

    def _add(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        file = os.open(self._path, flags, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)


class Gateway:
    """Hands text messages to a gateway in JSON over HTTP; open during its `async with`.

    What is sent is signed: the header `Upay-Signature` is the HMAC-SHA256 of the body, in hex. The
    same `id` again is the same message, which the gateway sends once.
    """

    def __init__(
        self,
        url: str,
        *,
        secret: str,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._url = url
        self._secret = secret.encode()
        self._answer_seconds = answer_seconds
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(answer_seconds, connect=connect_seconds),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, letter: Letter) -> None:
        status = await self._status(_words(letter))
        if status == NUMBER_REFUSED:
            raise Undeliverable("The gateway cannot reach this number.")
        if not 200 <= status < 300:
            raise NotCarried(f"The gateway answered with status {status}.")

    async def _status(self, body: bytes) -> int:
        signature = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", SIGNATURE_HEADER: signature}
        try:
            # Nothing but the status is read: a gateway's answer cannot be too long.
            async with (
                asyncio.timeout(self._answer_seconds),
                self._client.stream("POST", self._url, content=body, headers=headers) as response,
            ):
                return response.status_code
        except (httpx2.HTTPError, TimeoutError) as error:
            raise NotCarried(
                f"The gateway could not be spoken to ({type(error).__name__})."
            ) from None


def _words(letter: Letter) -> bytes:
    words = {"to": letter.to, "text": letter.text, "id": str(letter.id)}
    return json.dumps(words, ensure_ascii=False).encode()

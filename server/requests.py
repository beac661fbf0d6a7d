"""A GraphQL request out of an HTTP request's body, which anybody may have written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from starlette.types import Receive

from server.operations import Asked

BODY_BYTES: Final = 65_536
BODY_SECONDS: Final = 10.0


class BadRequest(Exception):
    """A request that is answered with an HTTP status and a code, and not run."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class HungUp(Exception):
    """The caller went away before all was said."""


async def body(
    receive: Receive,
    headers: Mapping[bytes, bytes],
    *,
    at_most: int = BODY_BYTES,
    seconds: float = BODY_SECONDS,
) -> bytes:
    """All of a request's body, of `at_most` bytes, which may take `seconds` to come in.

    Raises:
        BadRequest: it is too large, or too slow.
        HungUp: it broke off.
    """
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or len(length) > 18 or int(length) > at_most:
        raise _too_large(at_most)
    try:
        async with asyncio.timeout(seconds):
            return await _whole(receive, at_most)
    except TimeoutError:
        raise BadRequest(408, "TIMEOUT", "The request took too long to come in.") from None


async def _whole(receive: Receive, at_most: int) -> bytes:
    parts, length = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise HungUp
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > at_most:
            raise _too_large(at_most)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(at_most: int) -> BadRequest:
    message = f"A request may have {at_most:,} bytes at most."
    return BadRequest(413, "BODY_TOO_LARGE", message)


def parsed(raw: bytes) -> Asked:
    """What is asked for by a body in JSON.

    Raises:
        BadRequest: it is not JSON in UTF-8, or not a GraphQL request.
    """
    try:
        said = decoded(raw)
    except ValueError:
        raise _bad("The body is not JSON in UTF-8.") from None
    if isinstance(said, list):
        raise _bad("One request at a time: batches are not answered.")
    return asked(said)


def asked(said: Any) -> Asked:
    """What is asked for by the members of a GraphQL request.

    Raises:
        BadRequest: one is missing, or of another type.
    """
    if not isinstance(said, dict):
        raise _bad("A request is an object with the member query.")
    query, name = said.get("query"), said.get("operationName")
    variables, extensions = said.get("variables"), said.get("extensions")
    if not isinstance(query, str):
        raise _bad("query must be a text.")
    if not isinstance(name, str | None):
        raise _bad("operationName must be a text or null.")
    if not isinstance(variables, dict | None):
        raise _bad("variables must be an object or null.")
    if not isinstance(extensions, dict | None):
        raise _bad("extensions must be an object or null.")
    # An empty name is what forms send that mean none.
    return Asked(query, name or None, variables or {})


def decoded(raw: bytes | str) -> Any:
    """What JSON says.

    Raises:
        ValueError: it is not JSON, or says what no text or number of ours can be.
    """
    text = raw if isinstance(raw, str) else raw.decode()
    try:
        said = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once)
        if "\\u" in text:
            # Half a surrogate pair is no character, and cannot be written again.
            json.dumps(said, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return said


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one that says a thing twice means different things to different readers."""
    said = dict(members)
    if len(said) < len(members):
        raise ValueError("a member twice")
    return said


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _bad(message: str) -> BadRequest:
    return BadRequest(400, "BAD_REQUEST", message)

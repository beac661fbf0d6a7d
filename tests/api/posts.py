"""Requests as anybody may write them, down to the bytes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterable
from typing import Any, Final, TypeAlias

import httpx2
from starlette.types import ASGIApp

JSON: Final = "application/json"
GRAPHQL: Final = "application/graphql-response+json"
EVENTS: Final = "text/event-stream"

Body: TypeAlias = bytes | AsyncIterable[bytes] | dict[str, Any]


class Poster:
    """Sends to one application what it is given, and nothing by itself but the type JSON."""

    def __init__(self, app: ASGIApp, path: str = "/graphql") -> None:
        self._http = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://upay.test"
        )
        for name in ("accept", "accept-encoding", "user-agent"):
            del self._http.headers[name]
        self._path = path

    async def post(self, body: Body, **headers: str | None) -> httpx2.Response:
        """The answer to a body; a header is named with underscores, and left out by None."""
        return await self.send("POST", self._path, body, **headers)

    async def send(
        self, method: str, path: str, body: Body = b"", **headers: str | None
    ) -> httpx2.Response:
        """The answer to any request."""
        said = {"content_type": JSON, **headers}
        named = {
            name.replace("_", "-").encode(): value.encode("latin-1")
            for name, value in said.items()
            if value is not None
        }
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        return await self._http.request(method, path, content=content, headers=named)


def kind(response: httpx2.Response) -> str:
    """The media type of an answer, which must be in UTF-8."""
    name, _, charset = response.headers["content-type"].partition("; ")
    assert charset == "charset=utf-8"
    return str(name)


def code(response: httpx2.Response) -> str:
    """The code of the first error of an answer that tells errors and nothing else."""
    answer = response.json()
    assert set(answer) - {"extensions"} == {"errors"}, answer
    for error in answer["errors"]:
        assert isinstance(error["message"], str)
        assert isinstance(error["extensions"]["code"], str)
    found: str = answer["errors"][0]["extensions"]["code"]
    return found

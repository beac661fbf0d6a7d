"""Files as clients send and fetch them."""

from __future__ import annotations

import httpx2
from starlette.types import ASGIApp


async def sent(
    app: ASGIApp, method: str, path: str, *, token: str | None = None, **request: object
) -> httpx2.Response:
    """What the server answers to one request, with or without a token."""
    headers = dict(request.pop("headers", None) or {})  # type: ignore[call-overload]
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as http:
        return await http.request(method, path, headers=headers, **request)  # type: ignore[arg-type]


def code(answer: httpx2.Response) -> str:
    """The code of an answer that is a no."""
    [error] = answer.json()["errors"]
    said: str = error["extensions"]["code"]
    return said

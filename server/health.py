"""Whether uPay is there, and whether it can do its work."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from models.database import client
from realtime import bus


def routes() -> list[BaseRoute]:
    return [Route("/livez", _alive), Route("/readyz", _ready)]


async def _alive(_: Request) -> Response:
    return PlainTextResponse("alive\n")


async def _ready(_: Request) -> Response:
    checks = {"database": await _database_answers(), "bus": bus.installed().is_connected}
    return JSONResponse(
        {name: "ok" if is_ok else "failing" for name, is_ok in checks.items()},
        status_code=200 if all(checks.values()) else 503,
    )


async def _database_answers() -> bool:
    try:
        await client().execute_query("SELECT 1")
    except Exception:  # noqa: BLE001 - whatever is wrong, the answer is that it does not answer
        return False
    return True

"""The examples' pages and files: everything from this server, nothing from anywhere else."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from server import town
from server.explorer import assets
from server.settings import Mode

FOLDER: Final = Path(__file__).parent / "static"
PAGE: Final = "passkeys.html"
CONFIG: Final = "{{config}}"

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


def routes(mode: Mode) -> list[BaseRoute]:
    """The page at `/examples/passkeys` and what it is made of; a live server has none."""
    if mode is Mode.LIVE:
        return []
    config = escape(json.dumps(_config(mode)))

    async def page(_: Request) -> Response:
        content = assets.all_of_them(FOLDER)[PAGE].content.decode().replace(CONFIG, config)
        headers = {"content-security-policy": POLICY, "cache-control": "no-store"}
        return Response(content, media_type="text/html", headers=headers)

    return [Route("/examples/passkeys", page), Route("/examples/{name}", _file)]


def _config(mode: Mode) -> dict[str, Any]:
    """What the page knows of this server; a password is among it only where all are public."""
    return {"name": "ada", "password": town.PASSWORD} if mode is Mode.DEMO else {}


async def _file(request: Request) -> Response:
    asset = assets.all_of_them(FOLDER).get(request.path_params["name"])
    if asset is None or request.path_params["name"] == PAGE:
        return PlainTextResponse("Not found\n", status_code=404)
    headers = {"etag": asset.tag, "cache-control": "no-cache"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.content_type, headers=headers)

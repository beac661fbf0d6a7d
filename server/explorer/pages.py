"""The explorer's page and files: everything from this server, nothing from anywhere else."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from models.people import Role
from server import town
from server.explorer import assets
from server.settings import Mode

PAGE: Final = "index.html"
CONFIG: Final = "{{config}}"

_HOST: Final = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")


class Explorer:
    """The explorer of one server: there is none on a live one, and only a demo's knows people."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode
        self._config = escape(json.dumps(_config(mode), ensure_ascii=False))

    async def page(self, request: Request) -> Response:
        """What a browser is shown at the address of the API."""
        if self._mode is Mode.LIVE:
            return PlainTextResponse("Not found\n", status_code=404)
        page = assets.all_of_them()[PAGE]
        content = page.content.decode().replace(CONFIG, self._config).encode()
        headers = {
            "content-security-policy": policy(request.headers.get("host", "")),
            "cache-control": "no-store",
            "vary": "accept",
        }
        return _answer(request, content, page.content_type, headers)

    def routes(self) -> list[BaseRoute]:
        """The files the page is made of; none where there is no page."""
        return [] if self._mode is Mode.LIVE else [Route("/explorer/{name}", _file)]


def policy(host: str) -> str:
    """What the page may do: run and show what is ours, and speak with `host` alone."""
    # Not every browser takes 'self' to mean the sockets of the same host as well.
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'{sockets}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def _config(mode: Mode) -> dict[str, Any]:
    """What the page knows of this server; a password is among it only where all are public."""
    if mode is not Mode.DEMO:
        return {"mode": mode, "people": []}
    people = [
        {"name": person.name, "displayName": person.display_name}
        for person in town.PEOPLE
        if person.role is Role.CUSTOMER
    ]
    return {"mode": mode, "people": people, "password": town.PASSWORD, "pin": town.PIN}


async def _file(request: Request) -> Response:
    asset = assets.all_of_them().get(request.path_params["name"])
    if asset is None or request.path_params["name"] == PAGE:
        return PlainTextResponse("Not found\n", status_code=404)
    headers = {"etag": asset.tag, "cache-control": "no-cache"}
    if asset.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return _answer(request, asset.content, asset.content_type, headers)


def _answer(request: Request, content: bytes, kind: str, headers: dict[str, str]) -> Response:
    told = {**headers, "content-type": kind, "content-length": str(len(content))}
    return Response(b"" if request.method == "HEAD" else content, headers=told)

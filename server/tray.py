"""The tray at `/dev/mail`: letters of a demo or test server, which go nowhere else."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.couriers import Letter, letters

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>uPay: tray</title>
<meta name="viewport" content="width=device-width">
<h1>Tray</h1><p>Letters of this server, newest first. None of them left it.</p>{letters}</html>"""


def routes(folder: Path | None) -> list[BaseRoute]:
    """The page; none where letters really leave."""
    if folder is None:
        return []

    async def shown(request: Request) -> Response:
        found = await asyncio.to_thread(letters, folder)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse([_facts(letter) for letter in found])
        return HTMLResponse(
            _PAGE.format(letters="".join(map(_article, found))),
            headers={"content-security-policy": "default-src 'none'", "cache-control": "no-store"},
        )

    return [Route("/dev/mail", shown)]


def _article(letter: Letter) -> str:
    return (
        f"<article><h2>{escape(letter.subject)}</h2><p>To {escape(letter.to)}</p>"
        f"<pre>{escape(letter.text)}</pre></article>"
    )


def _facts(letter: Letter) -> dict[str, str]:
    return {"to": letter.to, "subject": letter.subject, "text": letter.text}

"""The tray at `/dev/mail`: letters of a demo or test server, which go nowhere else."""

from __future__ import annotations

import asyncio
import re
from html import escape
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from channels.couriers import Letter, letters

SHOWN_AT_MOST: Final = 200
STYLE_PATH: Final = "/dev/mail.css"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>uPay: tray</title>
<link rel="stylesheet" href="{style}">
<main>
<h1>Tray</h1>
<p>Letters of this server, newest first. None of them left it.</p>
{letters}
</main>
</html>
"""
_NOTHING: Final = '<p class="nothing">There is no letter yet.</p>'
_STYLE: Final = """\
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; background: Canvas; color: CanvasText; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
main > p { margin: 0.25rem 0 1.5rem; opacity: 0.75; }
article { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: 0.5rem;
  padding: 1rem; margin: 0 0 1rem; }
article h2 { font-size: 1.0625rem; margin: 0; overflow-wrap: anywhere; }
article p { font-size: 0.875rem; margin: 0.125rem 0 0.75rem; opacity: 0.75;
  overflow-wrap: anywhere; }
article pre { font: inherit; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def routes(folder: Path | None, public_url: str) -> list[BaseRoute]:
    """The page; none where letters really leave. Only links to `public_url` can be followed."""
    if folder is None:
        return []
    ours = re.compile(re.escape(public_url) + r"/[A-Za-z0-9/_-]*")

    async def shown(request: Request) -> Response:
        found = await asyncio.to_thread(letters, folder, SHOWN_AT_MOST)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse([_facts(letter) for letter in found])
        articles = "\n".join(_article(letter, ours) for letter in found)
        return HTMLResponse(
            _PAGE.format(style=STYLE_PATH, letters=articles or _NOTHING),
            headers={"content-security-policy": POLICY, "cache-control": "no-store"},
        )

    return [Route("/dev/mail", shown), Route(STYLE_PATH, _style)]


async def _style(_: Request) -> Response:
    return Response(_STYLE, media_type="text/css", headers={"cache-control": "no-cache"})


def _article(letter: Letter, ours: re.Pattern[str]) -> str:
    return (
        f"<article><h2>{escape(letter.subject)}</h2><p>To {escape(letter.to)}</p>"
        f"<pre>{_linked(letter.text, ours)}</pre></article>"
    )


def _linked(text: str, ours: re.Pattern[str]) -> str:
    """The text with our own links as links; whatever else looks like one is text."""
    shown, end = "", 0
    for link in ours.finditer(text):
        url = escape(link[0])
        shown += escape(text[end : link.start()]) + f'<a href="{url}" rel="noreferrer">{url}</a>'
        end = link.end()
    return shown + escape(text[end:])


def _facts(letter: Letter) -> dict[str, str]:
    return {"to": letter.to, "subject": letter.subject, "text": letter.text}

"""Pictures of texts: QR codes that scanners can read."""

from __future__ import annotations

import asyncio
import base64
import io
from typing import Final

import segno

QUIET_MODULES: Final = 4
MODULE_PIXELS: Final = 8


async def qr_code(text: str, title: str) -> str:
    """The text as a QR code in SVG, scaled by whoever shows it; `title` is read out for it."""
    # Tens of milliseconds of arithmetic, which nobody else should wait for.
    return await asyncio.to_thread(_drawn, text, title)


async def qr_code_pixels(text: str) -> str:
    """The same as a PNG in base64, eight pixels a module, for what cannot show SVG."""
    return await asyncio.to_thread(_painted, text)


def _painted(text: str) -> str:
    code = segno.make(text, error="m", micro=False, encoding="utf-8")
    picture = io.BytesIO()
    code.save(picture, kind="png", border=QUIET_MODULES, scale=MODULE_PIXELS)
    return base64.b64encode(picture.getvalue()).decode()


def _drawn(text: str, title: str) -> str:
    """A scanner may lose a seventh of it (level M)."""
    code = segno.make(text, error="m", micro=False, encoding="utf-8")
    drawing = io.BytesIO()
    code.save(
        drawing,
        kind="svg",
        border=QUIET_MODULES,
        dark="#000",
        light="#fff",
        omitsize=True,
        svgclass=None,
        lineclass=None,
        title=title,
        xmldecl=False,
        nl=False,
    )
    return drawing.getvalue().decode().replace("<svg ", '<svg role="img" ', 1)

"""Pictures of texts: QR codes that scanners can read."""

from __future__ import annotations

import asyncio
import io
from typing import Final

import segno

QUIET_MODULES: Final = 4


async def qr_code(text: str, title: str) -> str:
    """The text as a QR code in SVG, scaled by whoever shows it; `title` is read out for it."""
    # Tens of milliseconds of arithmetic, which nobody else should wait for.
    return await asyncio.to_thread(_drawn, text, title)


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

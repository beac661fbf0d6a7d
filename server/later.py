"""What a start leaves out, so that it answers sooner: loaded beside the first answers."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Final

MODULES: Final = ("domain.passkeys.assertions", "domain.passkeys.registrations")
"""They load WebAuthn, and with it all that can be said in a certificate: a third of a second."""


async def load(answering: asyncio.Event) -> None:
    """Once uPay answers, loads in a thread what nobody should have to wait for on first use."""
    await answering.wait()
    for module in MODULES:
        await asyncio.to_thread(import_module, module)

"""What a provider says by itself: kept, and a reason to ask it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import jobs
from domain.decisions import Announce, decision
from domain.provider_orders.handing import MessageKind, keep

HEAR_JOB: Final = "hear_provider"
LOOK_JOB: Final = "look_at_provider_order"
"""Asks once about a movement, whatever its status: something outside contradicts the books."""


async def hear(provider: str, body: bytes, now: datetime) -> None:
    """Keeps a callback whose signature was right, and has the provider asked at once.

    What the callback says is a hint and never believed.
    """
    text = body.decode("utf-8", "backslashreplace")
    async with decision() as announce:
        message = await keep(
            provider, MessageKind.CALLBACK, text, movement_id=_order_id(text), now=now
        )
        await jobs.enqueue(announce, HEAR_JOB, subject_id=message.id, due_at=now)


async def look_in(announce: Announce, movement_id: UUID, now: datetime) -> None:
    """Has the provider asked about a movement, ended or not, in the caller's decision."""
    await jobs.enqueue(announce, LOOK_JOB, subject_id=movement_id, due_at=now)


def _order_id(text: str) -> UUID | None:
    """The order that a message names, as far as it can be read."""
    try:
        return UUID(json.loads(text)["order_id"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None

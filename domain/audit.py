"""The record of what agents looked at and did, and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import texts
from domain.refusals import Refusal
from models.audit import AuditRecord
from models.ids import new_id

REASON_LENGTHS: Final = range(3, 501)


class ReasonRequired(Refusal):
    """A reason is 3 to 500 characters of visible text."""

    def __init__(self) -> None:
        super().__init__("Please give a reason.")


def reason(text: str) -> str:
    """The reason as it is kept.

    Raises:
        ReasonRequired: it is too short or too long, or holds characters that cannot be seen.
    """
    tidy = " ".join(text.split())
    if len(tidy) not in REASON_LENGTHS or not texts.is_seen(tidy):
        raise ReasonRequired
    return tidy


async def record(
    *,
    actor_id: UUID,
    action: str,
    subject_id: UUID | None,
    reason: str,
    now: datetime,
    **detail: Any,
) -> None:
    """Writes one act down, in the decision that does it; `detail` holds codes and ids."""
    await AuditRecord.create(
        id=new_id(),
        actor_id=actor_id,
        action=action,
        subject_id=subject_id,
        reason=reason,
        detail=detail,
        at=now,
    )

"""A lost second factor that turns up again: what was reported about it is withdrawn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import security_events
from domain.decisions import Announce
from models.factors import FactorLoss, LossEnd
from models.security_events import EventKind


async def found_again(
    announce: Announce,
    person_id: UUID,
    now: datetime,
    *,
    address: str = "",
    session_id: UUID | None = None,
) -> bool:
    """Withdraws whatever was reported lost; for whoever has used a second factor. In a decision.

    Returns whether a report that counted was withdrawn. One that has not been confirmed by a code
    ends without a word.
    """
    open_ones = FactorLoss.filter(person_id=person_id, ended_at__isnull=True)
    loss = await open_ones.select_for_update().get_or_none()
    if loss is None:
        return False
    await FactorLoss.filter(id=loss.id).update(
        end_kind=LossEnd.WITHDRAWN, ended_at=now, ended_by=person_id
    )
    if loss.reported_at is None:
        return False
    await security_events.record(
        announce,
        EventKind.FACTOR_LOSS_WITHDRAWN,
        person_id=person_id,
        now=now,
        address=address,
        session_id=session_id,
    )
    return True

"""Work for later: asked for with what causes it, done with what it causes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain.decisions import Announce
from models.ids import new_id
from models.jobs import Job

TOPIC: Final = "jobs"


class LeaseLost(Exception):
    """Another worker has this job by now; what was about to be written must not be."""

    def __init__(self) -> None:
        super().__init__("The lease ran out before the job was finished.")


async def enqueue(
    announce: Announce,
    kind: str,
    *,
    subject_id: UUID,
    due_at: datetime,
    payload: Mapping[str, Any] | None = None,
) -> None:
    """Asks for one piece of work about `subject_id`, inside the caller's decision.

    The same kind, subject and due time is the same work: asked for again, it changes nothing, also
    when it is done already. `payload` holds ids and codes, never a secret.
    """
    job = Job(
        id=new_id(),
        kind=kind,
        subject_id=subject_id,
        due_at=due_at,
        run_at=due_at,
        payload=dict(payload or {}),
    )
    await Job.bulk_create([job], ignore_conflicts=True)
    announce(TOPIC)


async def withdraw(kind: str, *, subject_ids: Collection[UUID]) -> None:
    """Takes back what was asked for and nobody has begun, inside the caller's decision."""
    waiting = Job.filter(kind=kind, subject_id__in=list(subject_ids), attempts=0)
    await waiting.filter(done_at__isnull=True).delete()


async def finish(job: Job, now: datetime) -> None:
    """Marks the job as done, in the decision that holds its effect: both are committed, or neither.

    Raises:
        LeaseLost: the job belongs to another worker, or is done already.
    """
    mine = Job.filter(id=job.id, lease=job.lease, done_at__isnull=True)
    if not await mine.update(done_at=now, lease_until=None):
        raise LeaseLost
    job.done_at = now

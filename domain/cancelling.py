"""Cancelling a movement whose money is only set aside: it is its payer's again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import keys, ledger
from domain.ledger import Outcome
from domain.refusals import KeyReused, NotFound, Refusal
from models.movements import Hold, Movement, MovementKind, MovementStatus

_WAITING: Final = frozenset({MovementStatus.PENDING, MovementStatus.IN_REVIEW})


async def cancel(
    kind: MovementKind,
    movement_id: UUID,
    *,
    by: UUID,
    key: str,
    now: datetime,
    refusal: Callable[[Movement], Refusal],
    end: Callable[[ledger.Command], Awaitable[ledger.Posted]] = ledger.post,
) -> Movement:
    """Ends a movement of `kind` that waits; `end` is how what lets its money go is posted.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is no such movement of this person.
        `refusal`: it waits no longer.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    digest = keys.digest(f"cancel_{kind}", movement_id)
    given = ledger.Key(owner_id=by, key=keys.checked(key), digest=digest)
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    movement = await Movement.get_or_none(id=movement_id, person_id=by, kind=kind)
    if movement is None:
        raise NotFound
    held = await Hold.get_or_none(movement_id=movement.id)
    if movement.status not in _WAITING or held is None:
        raise refusal(movement)
    posted = await end(
        ledger.release(movement, held, key=given, at=now, to=MovementStatus.CANCELLED)
    )
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    assert posted.movement is not None
    if posted.outcome is Outcome.STALE:
        raise refusal(posted.movement)
    return posted.movement

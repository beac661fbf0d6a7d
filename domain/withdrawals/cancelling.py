"""Cancelling a withdrawal, while no provider has heard of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import keys, ledger, provider_orders
from domain.ledger import Outcome
from domain.provider_orders import HandedOver
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown, Refusal
from models.movements import Hold, Movement, MovementKind, MovementStatus

_WAITING: Final = frozenset({MovementStatus.PENDING, MovementStatus.IN_REVIEW})


class CannotCancelWithdrawal(Refusal):
    """The bank has it, or it has ended; `movement` says how it stands."""

    def __init__(self, movement: Movement) -> None:
        super().__init__("This withdrawal can no longer be cancelled.")
        self.movement = movement


CANCEL_REFUSALS: Final = (keys.KeyInvalid, KeyReused, CannotCancelWithdrawal, Busy, OutcomeUnknown)


async def cancel(*, by: UUID, withdrawal_id: UUID, key: str, now: datetime) -> Movement:
    """Takes back a withdrawal that was not handed over: the money is the owner's again.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is not a withdrawal of this person.
        CannotCancelWithdrawal: a provider may have heard of it, or it has ended.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    given = ledger.Key(
        owner_id=by, key=keys.checked(key), digest=keys.digest("cancel_withdrawal", withdrawal_id)
    )
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    movement = await Movement.get_or_none(
        id=withdrawal_id, person_id=by, kind=MovementKind.WITHDRAWAL
    )
    if movement is None:
        raise NotFound
    held = await Hold.get_or_none(movement_id=movement.id)
    if movement.status not in _WAITING or held is None:
        raise CannotCancelWithdrawal(movement)
    back = ledger.release(movement, held, key=given, at=now, to=MovementStatus.CANCELLED)
    try:
        posted = await provider_orders.end_unheard(back)
    except HandedOver:
        raise CannotCancelWithdrawal(await Movement.get(id=movement.id)) from None
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    assert posted.movement is not None
    if posted.outcome is Outcome.STALE:
        raise CannotCancelWithdrawal(posted.movement)
    return posted.movement

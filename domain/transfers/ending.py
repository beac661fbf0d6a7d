"""How a transfer that waits ends: called back by its payer, or arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import cancelling, keys, settlements
from domain.decisions import decision
from domain.refusals import Busy, KeyReused, OutcomeUnknown, Refusal
from models.movements import Hold, Movement, MovementKind, MovementStatus


class CannotCancel(Refusal):
    """The transfer is no longer waiting; `movement` says what became of it."""

    def __init__(self, movement: Movement) -> None:
        super().__init__("This transfer can no longer be cancelled.")
        self.movement = movement


CANCEL_REFUSALS: Final = (keys.KeyInvalid, KeyReused, CannotCancel, Busy, OutcomeUnknown)


async def cancel(*, by: UUID, transfer_id: UUID, key: str, now: datetime) -> Movement:
    """Calls back a transfer that has not arrived: the money is the payer's again.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is not a transfer of this person.
        CannotCancel: it has arrived, failed, or was cancelled before.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    return await cancelling.cancel(
        MovementKind.TRANSFER, transfer_id, by=by, key=key, now=now, refusal=CannotCancel
    )


async def settle(transfer_id: UUID, now: datetime) -> None:
    """Lets a delayed transfer arrive; doing it again, or too late, changes nothing.

    If it cannot arrive (a freeze, a closed wallet) it fails with that reason and the money set
    aside is the payer's again.
    """
    movement = await Movement.get(id=transfer_id)
    if movement.status is MovementStatus.PENDING:
        held = await Hold.get(movement_id=transfer_id)
        async with decision() as announce:
            await settlements.settle_in(announce, movement, held, now=now)

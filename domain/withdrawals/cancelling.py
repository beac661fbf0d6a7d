"""Cancelling a withdrawal, while no provider has heard of it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import cancelling, keys, ledger, provider_orders
from domain.provider_orders import HandedOver
from domain.refusals import Busy, KeyReused, OutcomeUnknown, Refusal
from models.movements import Movement, MovementKind


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

    async def end(back: ledger.Command) -> ledger.Posted:
        try:
            return await provider_orders.end_unheard(back)
        except HandedOver:
            raise CannotCancelWithdrawal(await Movement.get(id=withdrawal_id)) from None

    return await cancelling.cancel(
        MovementKind.WITHDRAWAL,
        withdrawal_id,
        by=by,
        key=key,
        now=now,
        refusal=CannotCancelWithdrawal,
        end=end,
    )

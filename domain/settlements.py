"""Letting money that was set aside arrive, or go back with the reason why it cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import keys, ledger
from domain.chart import house_account
from domain.decisions import Announce
from domain.ledger import Outcome
from models.movements import Hold, Movement, MovementStatus
from models.wallets import AccountKind

SETTLE_JOB: Final = "settle_transfer"
"""Lets one transfer arrive, which waits as PENDING."""

VOID_JOB: Final = "expire_payment"
"""Gives back what was authorised and not captured in time; due at `capture_before`."""

SUBMIT_JOB: Final = "submit_withdrawal"
"""Hands one withdrawal, or payout, to the provider; by its id it is the same order for ever."""


async def settle_in(
    announce: Announce, movement: Movement, held: Hold, *, now: datetime
) -> ledger.Posted:
    """Pays out what is set aside, in the caller's decision, which has locked nothing yet.

    What a freeze or a closed wallet keeps from arriving fails with that reason instead, and the
    money is the payer's again. STALE when the movement is no longer as it was read.
    """
    fees = house_account(AccountKind.FEES, movement.currency) if movement.fee else None
    key = own_key(movement.id, "settle")
    posted = await ledger.post_in(
        announce, ledger.capture(movement, held, key=key, at=now, fees_id=fees)
    )
    if posted.outcome is not Outcome.REFUSED:
        return posted
    return await fail_in(announce, movement, held, code=posted.code or "", now=now)


async def fail_in(
    announce: Announce, movement: Movement, held: Hold, *, code: str, now: datetime
) -> ledger.Posted:
    """Gives what is set aside back, and says why the payment failed; in the caller's decision."""
    back = ledger.release(
        movement,
        held,
        key=own_key(movement.id, "return"),
        at=now,
        to=MovementStatus.FAILED,
        failure_code=code,
    )
    return await ledger.post_in(announce, back)


def own_key(movement_id: UUID, step: str) -> ledger.Key:
    """The house's own key for one step of a movement: done twice it is done once."""
    return ledger.Key(
        owner_id=keys.SYSTEM, key=f"{movement_id.hex}:{step}", digest=keys.digest(step, movement_id)
    )

"""Movements as a client sees them: who, how much, when, and if not, why not."""

from __future__ import annotations

from schema.movements.failures import Failure
from schema.movements.filters import MovementFilter
from schema.movements.kinds import (
    Adjustment,
    Movement,
    Payout,
    Refund,
    SettlementFee,
    TopUp,
    TopUpReversal,
    Transfer,
    Withdrawal,
    WithdrawalReturn,
)
from schema.movements.parties import Party, PartyKind, masked_person
from schema.movements.seeing import movement, movements
from schema.movements.states import Direction, MovementKind, MovementStatus

__all__ = [
    "Adjustment",
    "Direction",
    "Failure",
    "Movement",
    "MovementFilter",
    "MovementKind",
    "MovementStatus",
    "Party",
    "PartyKind",
    "Payout",
    "Refund",
    "SettlementFee",
    "TopUp",
    "TopUpReversal",
    "Transfer",
    "Withdrawal",
    "WithdrawalReturn",
    "masked_person",
    "movement",
    "movements",
]

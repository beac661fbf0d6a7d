"""Small sums by a code alone: off until the customer allows it, and counted by their day."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import fresh_proofs, limits
from domain.fresh_proofs import Factor
from domain.money import MinorUnits
from domain.sessions import Identity
from models.payment_codes import CodePayer

SMALL: Final = {
    "CNY": 200_00,
    "EUR": 25_00,
    "GBP": 20_00,
    "HKD": 200_00,
    "JPY": 4_000,
    "KWD": 8_000,
    "SGD": 40_00,
    "USD": 30_00,
}
"""What one code may be charged without a proof, in minor units: a lunch for two, not a telephone.

With `PER_DAY` it is the most that somebody who holds an unlocked telephone can spend in a day.
"""

PER_DAY: Final = 10

SET_REFUSALS: Final = (fresh_proofs.ProofNeeded,)

# What lets money go without being asked again must be allowed by what lets money go.
_NOT_OF_PAYING: Final = frozenset(Factor) - {Factor.PIN, Factor.PASSKEY}

# Counted with what is paid at the same moment: the row is locked until its decision ends.
_TAKE_ONE: Final = """
    UPDATE code_payers SET
        used = CASE WHEN used_on = $2 THEN used + 1 ELSE 1 END, used_on = $2
    WHERE person_id = $1 AND (used_on IS NULL OR used_on < $2 OR used_on = $2 AND used < $3)
    RETURNING used
"""


async def set_allowed(*, by: Identity, is_allowed: bool, now: datetime) -> None:
    """Lets merchants charge small sums by a code without asking, or no longer.

    Raises:
        ProofNeeded: to allow it, PIN or passkey must have been shown in this session a moment ago.
    """
    if not is_allowed:
        await CodePayer.filter(person_id=by.person_id).delete()
        return
    await fresh_proofs.require(by, now, without=_NOT_OF_PAYING)
    await CodePayer.bulk_create(
        [CodePayer(person_id=by.person_id, since=now)], ignore_conflicts=True
    )


async def is_allowed(person_id: UUID) -> bool:
    """Whether the person lets small sums be charged without asking."""
    return await CodePayer.exists(person_id=person_id)


def is_small(amount: MinorUnits, currency: str) -> bool:
    """Whether an amount in minor units may be charged without a proof, if the rest is right."""
    return amount <= SMALL[currency]


async def take_one(person_id: UUID, *, time_zone: str, now: datetime) -> bool:
    """Counts a charge without a proof in the caller's decision; False when it may not be one.

    Ten a day of the person's; whoever travels west has had the day already.
    """
    today = limits.local_day(now, time_zone)
    return bool(await _asked(_TAKE_ONE, [person_id, today, PER_DAY]))


async def _asked(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(statement, values)

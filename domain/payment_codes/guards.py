"""A guard before payment codes: how often a merchant may show one that is none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain.payment_codes.refusals import CodeTriesExhausted

MAX_WRONG_TRIES: Final = 50
"""A till with a bad scanner stays below; of 10^15 codes somebody who guesses sees next to none."""

WINDOW: Final = timedelta(minutes=15)

# Counted before anything is looked up: guesses at once share the tries, however many there are.
_TAKE_TRY: Final = """
    INSERT INTO code_guards AS g (merchant_id, wrong_tries, began_at) VALUES ($1, 1, $2)
    ON CONFLICT (merchant_id) DO UPDATE SET
        wrong_tries = CASE WHEN g.began_at <= $3 THEN 1 ELSE g.wrong_tries + 1 END,
        began_at = CASE WHEN g.began_at <= $3 THEN $2 ELSE g.began_at END
    WHERE g.began_at <= $3 OR g.wrong_tries < $4
    RETURNING wrong_tries
"""


async def take_try(merchant_id: UUID, now: datetime) -> None:
    """Counts a code that a merchant is about to show, and commits it.

    Raises:
        CodeTriesExhausted: fifty were none within a quarter of an hour.
    """
    if not await _asked(_TAKE_TRY, [merchant_id, now, now - WINDOW, MAX_WRONG_TRIES]):
        began = "SELECT began_at FROM code_guards WHERE merchant_id = $1"
        [guard] = await _asked(began, [merchant_id])
        raise CodeTriesExhausted(guard["began_at"] + WINDOW)


async def give_back(merchant_id: UUID) -> None:
    """Takes back the one try of a code that was one; joins the caller's decision."""
    await _asked(
        "UPDATE code_guards SET wrong_tries = wrong_tries - 1 "
        "WHERE merchant_id = $1 AND wrong_tries > 0",
        [merchant_id],
    )


async def _asked(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    return await get_connection("default").execute_query_dict(statement, values)

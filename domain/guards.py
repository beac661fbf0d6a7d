"""Guards at the door: how often a sign-in was guessed wrong, and until when nobody may try."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import secrets
from domain.refusals import Refusal
from models.database import client

MAX_WRONG_TRIES: Final = 10
LOCKED_FOR: Final = timedelta(minutes=15)


class SignInLocked(Refusal):
    """Guessed wrong too often; no guess is looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many wrong tries.")
        self.until = until


# Counted before anything is compared: parallel guesses share ten tries, however many there are.
_TAKE_TRY: Final = """
    INSERT INTO sign_in_guards AS g (subject_id, wrong_tries) VALUES ($1, 1)
    ON CONFLICT (subject_id) DO UPDATE SET
        wrong_tries = CASE WHEN g.locked_until IS NOT NULL THEN 1 ELSE g.wrong_tries + 1 END,
        locked_until = CASE WHEN g.locked_until IS NULL AND g.wrong_tries + 1 >= $3
                       THEN $2::timestamptz + $4::interval END
    WHERE g.locked_until IS NULL OR g.locked_until <= $2
    RETURNING wrong_tries
"""


async def take_try(subject_id: UUID, now: datetime) -> None:
    """Counts a try that is about to be made, committed at once.

    Raises:
        SignInLocked: ten were wrong; the lock ends by itself.
    """
    rows = await client().execute_query_dict(
        _TAKE_TRY, [subject_id, now, MAX_WRONG_TRIES, LOCKED_FOR]
    )
    if not rows:
        [guard] = await client().execute_query_dict(
            "SELECT locked_until FROM sign_in_guards WHERE subject_id = $1", [subject_id]
        )
        raise SignInLocked(guard["locked_until"] or now)


async def forget_tries(subject_id: UUID) -> None:
    """Starts the count over, for whoever got in."""
    await client().execute_query(
        "UPDATE sign_in_guards SET wrong_tries = 0, locked_until = NULL WHERE subject_id = $1",
        [subject_id],
    )


def stranger(name: str) -> UUID:
    """Whose tries are counted when nobody has the name: one of 65,536 that all such names share.

    Without them a lock would tell who has an account; with one for each name, guessing names
    would fill the table.
    """
    drawn = secrets.mac("sign-in-guard", name.encode())
    return UUID(bytes=bytes(14) + drawn[:2])

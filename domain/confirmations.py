"""What a confirmation needs to know, read in one round trip that also tries the PIN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import pins, secrets
from domain.gathering import Gathering
from domain.refusals import KeyReused
from models.database import Client
from models.movements import Movement
from models.quotes import Challenge, Quote

_READ: Final = "SELECT * FROM confirmations_read($1::confirmation[], $2, $3, $4, $5)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who confirms what, with which PIN if any; `key` is an idempotency key that was checked."""

    person_id: UUID
    session_id: UUID
    quote_id: UUID
    challenge_id: UUID
    key: str
    pin: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """What there is. `quote` and `challenge` are the session's own and belong together, or None.

    A PIN was tried if one was shown, both are there, the quote is not expired, the challenge not
    used, and the key neither.
    """

    movement: Movement | None
    key_digest: bytes | None
    quote: Quote | None
    challenge: Challenge | None
    tried: pins.Tried

    def answered(self, digest: bytes) -> Movement | None:
        """The movement the key already answered with, or None when it is unused.

        Raises:
            KeyReused: it was given for something else.
        """
        if self.key_digest is not None and self.key_digest != digest:
            raise KeyReused
        return self.movement


async def read(asked: Asked) -> Found:
    """Reads what was prepared, and tries the PIN; a try is committed before this returns.

    Together with whoever else confirms at this moment. Not for use inside a decision.
    """
    return await _gathering.ask(asked)


async def _read(database: Client, asked: Sequence[Asked]) -> list[Found]:
    key_ids = secrets.key_ids()
    records = [
        (
            place,
            each.person_id,
            each.quote_id,
            each.challenge_id,
            each.key,
            None if each.pin is None else pins.macs(each.person_id, each.pin, key_ids),
            each.session_id,
        )
        for place, each in enumerate(asked)
    ]
    at = max(each.at for each in asked)
    rows = await database.pool.fetch(
        _READ, records, key_ids, at, pins.MAX_WRONG_TRIES, list(pins.LOCKS)
    )
    found: dict[int, Found] = {row["ord"]: _found(row, at) for row in rows}
    return [found[place] for place in range(len(asked))]


def _found(row: Any, at: datetime) -> Found:
    movement, quote, challenge = row["movement"], row["quote"], row["challenge"]
    return Found(
        movement=movement and Movement._init_from_db(**movement),
        key_digest=row["digest"],
        quote=quote and Quote._init_from_db(**quote),
        challenge=challenge and Challenge._init_from_db(**challenge),
        tried=pins.Tried.of(row, at),
    )


_gathering = Gathering(_read, name=lambda asked: asked.person_id)

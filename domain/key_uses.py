"""Where the server's keys are used in the database: what each of them opens or proves there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from models.database import client

_FILES_SEALED_WITH: Final = "convert_from(substr(sealed_key, 2, get_byte(sealed_key, 0)), 'UTF8')"
_SEALED_WITH: Final = "convert_from(substr(sealed_secret, 2, get_byte(sealed_secret, 0)), 'UTF8')"

# A place joins these when something new is kept with a key: how its rows name theirs.
PLACES: Final = {
    "pins": "key_id",
    "totps": _SEALED_WITH,
    "recovery_sets": _SEALED_WITH,
    "sealed_files": _FILES_SEALED_WITH,
    "webhook_secrets": _SEALED_WITH,
    "retired_names": "key_id",
    "chain_anchors": "key_id",
}

FOR_THE_PAST: Final = frozenset({"chain_anchors", "retired_names"})
"""Nobody is kept from anything without these keys; only what happened cannot be proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyUse:
    """How many rows of one place need one key."""

    place: str
    key_id: str
    rows: int

    @property
    def is_vital(self) -> bool:
        """Whether somebody could not pay or sign in without this key."""
        return self.place not in FOR_THE_PAST


async def counted() -> list[KeyUse]:
    """Every key that the database needs, in each place; one statement, so one moment."""
    rows = await client().execute_query_dict(statement(PLACES))
    return [KeyUse(**row) for row in rows]


def statement(tables: Collection[str]) -> str:
    """SQL for `place`, `key_id` and `rows` of each use in those of the tables that have any."""
    return " UNION ALL ".join(
        f"SELECT '{place}' AS place, {key_id} AS key_id, count(*) AS rows "  # noqa: S608 - constants
        f"FROM public.{place} GROUP BY 2"
        for place, key_id in PLACES.items()
        if place in tables
    )


async def forget(key_id: str) -> int:
    """Takes away what only this key could open: PINs, second factors, files; returns how many.

    For a key that is lost: whoever had them is as one who never had, and can set new ones.
    """
    gone = 0
    for place in set(PLACES) - FOR_THE_PAST:
        count, _ = await client().execute_query(
            f"DELETE FROM {place} WHERE {PLACES[place]} = $1",  # noqa: S608 - constants
            [key_id],
        )
        gone += count
    return gone

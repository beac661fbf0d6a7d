"""Sealing anew, in batches, what second factors keep sealed with an older key."""

from __future__ import annotations

from typing import Final

from tortoise.connection import get_connection

from domain import secrets
from domain.decisions import decision
from models.factors import RecoverySet
from models.people import Totp

# Who is enrolling or signing in at this moment is left for the next time.
_SEALED_BEFORE: Final = """
    SELECT person_id, sealed_secret FROM {table}
    WHERE substr(sealed_secret, 2, get_byte(sealed_secret, 0)) = ANY ($1)
    ORDER BY person_id LIMIT $2 FOR UPDATE SKIP LOCKED
"""


async def anew(kept: type[Totp] | type[RecoverySet], purpose: str, *, limit: int) -> int:
    """Seals up to `limit` secrets of older keys with the current one; returns how many.

    Raises:
        InvalidTag: a secret was not sealed with the key of that id; this batch stays as it was.
    """
    older = [key_id.encode() for key_id in secrets.key_ids()[1:]]
    statement = _SEALED_BEFORE.format(table=kept._meta.db_table)
    async with decision():
        rows = await get_connection("default").execute_query_dict(statement, [older, limit])
        for row in rows:
            plain = secrets.unseal(purpose, row["sealed_secret"])
            await kept.filter(person_id=row["person_id"]).update(
                sealed_secret=secrets.seal(purpose, plain)
            )
    return len(rows)

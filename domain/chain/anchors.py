"""Anchors: the chain at the end of each day, signed, to be kept where nobody can rewrite it."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, date, datetime
from typing import Any, Final

from tortoise.connection import get_connection

from domain import secrets
from models.chain import ChainAnchor, ChainLink

_PURPOSE: Final = "chain-anchor"
_SINCE: Final = """
    SELECT count(*) FILTER (WHERE kind = 'posting') AS postings,
           coalesce(sum(entries), 0)::bigint AS entries
    FROM chain_links WHERE seq > $1 AND seq <= $2
"""


class NotAnAnchor(ValueError):
    """A line is not one that `line` wrote."""


async def close_day(last: ChainLink, now: datetime) -> ChainAnchor | None:
    """Anchors the day of the last link when that day is over and not anchored yet.

    Assumes that the caller is the only sealer.
    """
    day = day_of(last.sealed_at)
    if day >= day_of(now):
        return None
    before = await ChainAnchor.all().order_by("-day").first()
    if before is not None and before.day >= day:
        return None
    [since] = await get_connection("default").execute_query_dict(
        _SINCE, [before.last_seq if before else 0, last.seq]
    )
    anchor = ChainAnchor(
        day=day,
        last_seq=last.seq,
        hash=last.hash,
        postings=since["postings"] + (before.postings if before else 0),
        entries=since["entries"] + (before.entries if before else 0),
        key_id=secrets.current_key_id(),
        made_at=now,
    )
    anchor.mac = _signature(anchor)
    await anchor.save(force_create=True)
    return anchor


def day_of(moment: datetime) -> date:
    """The day (UTC) that a moment belongs to."""
    return moment.astimezone(UTC).date()


def is_signed(anchor: ChainAnchor) -> bool:
    """Whether a key of this server signed exactly this."""
    try:
        return hmac.compare_digest(bytes(anchor.mac), _signature(anchor))
    except KeyError:
        return False


def line(anchor: ChainAnchor) -> str:
    """The anchor as one line of JSON, to be kept elsewhere."""
    return json.dumps(
        {
            "day": anchor.day.isoformat(),
            "last_seq": anchor.last_seq,
            "hash": anchor.hash.hex(),
            "postings": anchor.postings,
            "entries": anchor.entries,
            "key_id": anchor.key_id,
            "mac": anchor.mac.hex(),
        }
    )


def parsed(text: str) -> ChainAnchor:
    """The anchor that `line` wrote down; not saved.

    Raises:
        NotAnAnchor: it is none.
    """
    try:
        words: dict[str, Any] = json.loads(text)
        return ChainAnchor(
            day=date.fromisoformat(words["day"]),
            last_seq=int(words["last_seq"]),
            hash=bytes.fromhex(words["hash"]),
            postings=int(words["postings"]),
            entries=int(words["entries"]),
            key_id=str(words["key_id"]),
            mac=bytes.fromhex(words["mac"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnAnchor("This is not a line of `python -m server anchors`.") from error


def _signature(anchor: ChainAnchor) -> bytes:
    said = f"{anchor.day} {anchor.last_seq} {anchor.hash.hex()} {anchor.postings} {anchor.entries}"
    return secrets.mac(_PURPOSE, said.encode(), key_id=anchor.key_id)

"""What a link binds: every column of its subject that never changes, as bytes, and their hash."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

# PostgreSQL's own binary form of a row: how many columns, then of each its type, its length and
# its bytes; no two rows have the same. Columns are named one by one, so that a column added later
# changes no hash. The statement comes from here and not from a function in the database, which
# whoever rewrites rows could rewrite as well.
_POSTING: Final = """
    SELECT record_send(ROW(p.id, p.kind, p.movement_id, p.hold_id, p.reverses_id, p.currency,
                           p.posted_at))
           || record_send(ROW(m.id, m.kind, m.person_id, m.source_id, m.target_id, m.amount, m.fee,
                              m.currency, m.note, m.created_at))
           || e.sent AS content,
           e.entries
    FROM postings p JOIN movements m ON m.id = p.movement_id
    CROSS JOIN LATERAL (
        SELECT count(*)::int AS entries,
               coalesce(string_agg(
                   record_send(ROW(e.account_id, e.version, e.posting_id, e.side, e.posted,
                                   e.pending, e.balance_after)),
                   ''::bytea ORDER BY e.account_id, e.version
               ), '') AS sent
        FROM entries e WHERE e.posting_id = p.id
    ) e
    WHERE s.kind = 'posting' AND p.id = s.subject_id
"""
_AUDIT_RECORD: Final = """
    SELECT record_send(ROW(r.id, r.actor_id, r.action, r.subject_id, r.reason, r.detail, r.at)), 0
    FROM audit_records r WHERE s.kind = 'audit_record' AND r.id = s.subject_id
"""
CONTENT: Final = f"{_POSTING} UNION ALL {_AUDIT_RECORD}"
"""For a LATERAL beside rows `s (kind, subject_id)`: `content` and `entries`, or no row."""


def link_hash(previous: bytes, seq: int, moment: bytes, digest: bytes) -> bytes:
    """SHA-256 over the hash before it, its number, its moment, and the SHA-256 of its content."""
    return hashlib.sha256(previous + seq.to_bytes(8) + moment + digest).digest()


def moment(sealed_at: datetime) -> bytes:
    """Microseconds since 1970, as a link's hash has them."""
    return ((sealed_at - _EPOCH) // _MICROSECOND).to_bytes(8)

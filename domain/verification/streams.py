"""Streams: numbered without gaps up to the head their owner knows, and telling how things stand.

Old events are taken away in time: what is missing before the oldest, or around that day, is no gap.
"""

from __future__ import annotations

from typing import Final

from domain.retention import RULES
from domain.verification.checks import Check

# A day less than they are kept, because what is past its day goes within a day.
[_KEPT_DAYS] = [rule.days - 1 for rule in RULES if rule.table == "stream_events"]
_KEPT: Final = f"interval '{_KEPT_DAYS} days'"

_GAPS: Final = f"""
    SELECT 'stream_events' AS place, format('%s %s', r.stream_id, r.seq) AS key,
           format('number %s', r.before + 1) AS expected, format('number %s', r.seq) AS found
    FROM (
        SELECT e.stream_id, e.seq,
               lag(e.seq) OVER earlier AS before, lag(e.at) OVER earlier AS before_at
        FROM stream_events e WINDOW earlier AS (PARTITION BY e.stream_id ORDER BY e.seq)
    ) r
    WHERE r.seq <> r.before + 1 AND r.before_at > $1::timestamptz - {_KEPT}
    ORDER BY r.stream_id, r.seq LIMIT 1
"""  # noqa: S608 - constants
_HEADS: Final = f"""
    SELECT s.place, s.id::text AS key,
           format('events up to %s%s', s.head, CASE WHEN s.is_young THEN ', from 1' END)
               AS expected,
           format('events %s to %s', coalesce(e.oldest, 0), coalesce(e.head, 0)) AS found
    FROM (
        SELECT 'accounts' AS place, a.id, a.stream_seq AS head,
               a.opened_at > $1::timestamptz - {_KEPT} AS is_young
        FROM accounts a
        UNION ALL
        SELECT 'movements', m.id, m.stream_seq, m.created_at > $1::timestamptz - {_KEPT}
        FROM movements m
        UNION ALL
        SELECT 'payments', p.stream_id, p.stream_seq, p.created_at > $1::timestamptz - {_KEPT}
        FROM payments p
        UNION ALL
        SELECT 'payment_codes', c.id, c.stream_seq, c.issued_at > $1::timestamptz - {_KEPT}
        FROM payment_codes c
    ) s
    LEFT JOIN (
        SELECT e.stream_id, min(e.seq) AS oldest, max(e.seq) AS head
        FROM stream_events e GROUP BY e.stream_id
    ) e ON e.stream_id = s.id
    WHERE s.head <> coalesce(e.head, 0) OR s.is_young AND e.oldest > 1
    ORDER BY s.place, s.id LIMIT 1
"""  # noqa: S608 - constants
_STATUSES: Final = """
    SELECT 'movements' AS place, m.id::text AS key,
           format('status %s, as it was told', e.status) AS expected,
           format('status %s', m.status) AS found
    FROM movements m JOIN stream_events e ON e.stream_id = m.id AND e.seq = m.stream_seq
    WHERE e.status <> m.status
    ORDER BY m.id LIMIT 1
"""

CHECKS: Final = (
    Check(says="streams have no gaps", table="stream_events", sql=_GAPS, asks_when=True),
    Check(says="streams end where they should", table="stream_events", sql=_HEADS, asks_when=True),
    Check(says="movements are as they were told", table="movements", sql=_STATUSES),
)

"""Accounts: counters that are sums, floors that hold, freezes that are where they must be."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

_COUNTERS: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('posted %s D %s C, pending %s D %s C, version %s',
                  s.posted_debits, s.posted_credits, s.pending_debits, s.pending_credits, s.entries
           ) AS expected,
           format('posted %s D %s C, pending %s D %s C, version %s',
                  a.posted_debits, a.posted_credits, a.pending_debits, a.pending_credits, a.version
           ) AS found
    FROM accounts a JOIN (
        SELECT a.id, count(e.account_id) AS entries,
               coalesce(sum(e.posted) FILTER (WHERE e.side = 'D'), 0) AS posted_debits,
               coalesce(sum(e.posted) FILTER (WHERE e.side = 'C'), 0) AS posted_credits,
               coalesce(sum(e.pending) FILTER (WHERE e.side = 'D'), 0) AS pending_debits,
               coalesce(sum(e.pending) FILTER (WHERE e.side = 'C'), 0) AS pending_credits
        FROM accounts a LEFT JOIN entries e ON e.account_id = a.id GROUP BY a.id
    ) s ON s.id = a.id
    WHERE (a.posted_debits, a.posted_credits, a.pending_debits, a.pending_credits, a.version)
       <> (s.posted_debits, s.posted_credits, s.pending_debits, s.pending_credits, s.entries)
    ORDER BY a.id LIMIT 1
"""
_PENDING: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('pending %s D %s C, as in the holds', coalesce(w.going, 0), coalesce(w.coming, 0))
               AS expected,
           format('pending %s D %s C', a.pending_debits, a.pending_credits) AS found
    FROM accounts a LEFT JOIN (
        SELECT side.account_id, sum(side.going) AS going, sum(side.coming) AS coming
        FROM holds h
        CROSS JOIN LATERAL (SELECT h.amount - h.captured - h.released) r (remaining)
        CROSS JOIN LATERAL (
            VALUES (h.source_id, r.remaining, 0), (h.target_id, 0, r.remaining)
        ) side (account_id, going, coming)
        GROUP BY side.account_id
    ) w ON w.account_id = a.id
    WHERE a.pending_debits <> coalesce(w.going, 0) OR a.pending_credits <> coalesce(w.coming, 0)
    ORDER BY a.id LIMIT 1
"""
_FLOOR: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('%s or more available', a.floor) AS expected,
           (a.posted_credits - a.posted_debits - a.pending_debits)::text AS found
    FROM accounts a
    WHERE a.posted_credits - a.posted_debits - a.pending_debits < a.floor
       OR a.kind IN ('wallet', 'merchant') AND a.floor IS NULL
    ORDER BY a.id LIMIT 1
"""
_FREEZE: Final = """
    SELECT 'people' AS place, p.id::text AS key,
           format('freeze level %s, as in the open freezes', coalesce(f.level, 0)) AS expected,
           format('freeze level %s', p.freeze_level) AS found
    FROM people p LEFT JOIN (
        SELECT f.person_id, max(f.owner) AS level
        FROM freezes f WHERE f.lifted_at IS NULL GROUP BY f.person_id
    ) f ON f.person_id = p.id
    WHERE p.freeze_level <> coalesce(f.level, 0)
    ORDER BY p.id LIMIT 1
"""
_FREEZE_OF_ACCOUNT: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('freeze level %s, as its owner''s', coalesce(p.freeze_level, 0)) AS expected,
           format('freeze level %s', a.freeze_level) AS found
    FROM accounts a LEFT JOIN people p ON p.id = a.owner_id
    WHERE a.freeze_level <> coalesce(p.freeze_level, 0)
    ORDER BY a.id LIMIT 1
"""

CHECKS: Final = (
    Check(says="counters are the sums of entries", table="accounts", sql=_COUNTERS),
    Check(says="what is pending is in holds", table="accounts", sql=_PENDING),
    Check(says="nothing is below its floor", table="accounts", sql=_FLOOR),
    Check(says="people are as frozen as was decided", table="people", sql=_FREEZE),
    Check(says="accounts are as frozen as their owners", table="accounts", sql=_FREEZE_OF_ACCOUNT),
)

"""The journal: postings that balance, and accounts whose entries follow one another."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

_BALANCE: Final = """
    SELECT 'postings' AS place, p.id::text AS key,
           'two entries or more, debits as much as credits' AS expected,
           format('%s entries, debits less credits %s posted and %s pending',
                  coalesce(s.entries, 0), coalesce(s.posted, 0), coalesce(s.pending, 0)) AS found
    FROM postings p LEFT JOIN (
        SELECT e.posting_id, count(*) AS entries,
               sum(CASE e.side WHEN 'D' THEN e.posted ELSE -e.posted END) AS posted,
               sum(CASE e.side WHEN 'D' THEN e.pending ELSE -e.pending END) AS pending
        FROM entries e GROUP BY e.posting_id
    ) s ON s.posting_id = p.id
    WHERE s.entries IS NULL OR s.entries < 2 OR s.posted <> 0 OR s.pending <> 0
    ORDER BY p.id LIMIT 1
"""
_CURRENCY: Final = """
    SELECT 'entries' AS place, format('%s %s', e.account_id, e.version) AS key,
           'a posting and an account of one currency' AS expected,
           format('posting in %s, account in %s',
                  coalesce(p.currency, 'none'), coalesce(a.currency, 'none')) AS found
    FROM entries e
    LEFT JOIN postings p ON p.id = e.posting_id
    LEFT JOIN accounts a ON a.id = e.account_id
    WHERE p.currency IS DISTINCT FROM a.currency OR p.currency IS NULL
    ORDER BY e.account_id, e.version LIMIT 1
"""
_RUNNING: Final = """
    SELECT 'entries' AS place, format('%s %s', r.account_id, r.version) AS key,
           format('version %s, balance after it %s', r.place_of, r.balance) AS expected,
           format('version %s, balance after it %s', r.version, r.balance_after) AS found
    FROM (
        SELECT e.account_id, e.version, e.balance_after, row_number() OVER earlier AS place_of,
               sum(CASE e.side WHEN a.normal_side THEN e.posted ELSE -e.posted END) OVER earlier
                   AS balance
        FROM entries e JOIN accounts a ON a.id = e.account_id
        WINDOW earlier AS
            (PARTITION BY e.account_id ORDER BY e.version ROWS UNBOUNDED PRECEDING)
    ) r
    WHERE r.version <> r.place_of OR r.balance_after <> r.balance
    ORDER BY r.account_id, r.version LIMIT 1
"""

CHECKS: Final = (
    Check(says="each posting balances", table="postings", sql=_BALANCE),
    Check(says="each posting stays in one currency", table="entries", sql=_CURRENCY),
    Check(says="versions have no gaps, balances run on", table="entries", sql=_RUNNING),
)

"""Settlements: their runs follow one another without a gap, and are what their entries sum to."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

_RUNS: Final = """
    SELECT 'merchant_settlements' AS place, s.id::text AS key,
           format('from version %s, opening with %s', coalesce(s.last_to, 0),
                  coalesce(s.last_closing, 0)) AS expected,
           format('from version %s, opening with %s', s.from_version, s.opening) AS found
    FROM (
        SELECT s.*, lag(s.to_version) OVER days AS last_to, lag(s.closing) OVER days AS last_closing
        FROM merchant_settlements s WINDOW days AS (PARTITION BY s.account_id ORDER BY s.day)
    ) s
    WHERE (s.from_version, s.opening) <> (coalesce(s.last_to, 0), coalesce(s.last_closing, 0))
    ORDER BY s.id LIMIT 1
"""
_SUMS: Final = """
    SELECT 'merchant_settlements' AS place, s.id::text AS key,
           format('%s captured, %s refunded, %s paid out, %s else', coalesce(e.captured, 0),
                  coalesce(e.refunded, 0), coalesce(e.paid_out, 0), coalesce(e.other, 0))
               AS expected,
           format('%s captured, %s refunded, %s paid out, %s else', s.captured, s.refunded,
                  s.paid_out, s.other) AS found
    FROM merchant_settlements s LEFT JOIN (
        SELECT s.id, sum(e.amount) FILTER (WHERE m.kind = 'merchant_payment') AS captured,
               -sum(e.amount) FILTER (WHERE m.kind = 'refund') AS refunded,
               -sum(e.amount) FILTER (WHERE m.kind = 'payout') AS paid_out,
               sum(e.amount) FILTER (
                   WHERE m.kind NOT IN ('merchant_payment', 'refund', 'payout', 'fee')) AS other
        FROM merchant_settlements s
        JOIN (
            SELECT e.account_id, e.version, e.posting_id,
                   CASE e.side WHEN 'C' THEN e.posted ELSE -e.posted END AS amount
            FROM entries e WHERE e.posted > 0
        ) e ON e.account_id = s.account_id
            AND e.version > s.from_version AND e.version <= s.to_version
        JOIN postings p ON p.id = e.posting_id JOIN movements m ON m.id = p.movement_id
        GROUP BY s.id
    ) e ON e.id = s.id
    WHERE (s.captured, s.refunded, s.paid_out, s.other) <> (
        coalesce(e.captured, 0), coalesce(e.refunded, 0), coalesce(e.paid_out, 0),
        coalesce(e.other, 0))
    ORDER BY s.id LIMIT 1
"""
_MOVEMENTS: Final = """
    SELECT 'merchant_settlements' AS place, s.id::text AS key,
           format('%s taken and %s sent', s.fees, s.payout) AS expected,
           format('%s taken and %s sent', coalesce(f.amount, 0), coalesce(p.amount, 0)) AS found
    FROM merchant_settlements s
    LEFT JOIN movements f ON f.id = s.fee_id AND f.kind = 'fee' AND f.status = 'completed'
        AND f.source_id = s.account_id
    LEFT JOIN movements p ON p.id = s.payout_id AND p.kind = 'payout'
        AND p.source_id = s.account_id
    WHERE (coalesce(f.amount, 0), coalesce(p.amount, 0)) <> (s.fees, s.payout)
    ORDER BY s.id LIMIT 1
"""

CHECKS: Final = (
    Check(says="settlements follow one another", table="merchant_settlements", sql=_RUNS),
    Check(says="settlements are sums of entries", table="merchant_settlements", sql=_SUMS),
    Check(says="fees and payouts are as settled", table="merchant_settlements", sql=_MOVEMENTS),
)

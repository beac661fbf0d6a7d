"""Spending: what the limits have counted is what left, and levels are where they must be."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

_SPENT: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('spent %s in %s payments on %s, %s in its month, %s in its year',
                  coalesce(s.day, 0), coalesce(s.payments, 0), a.spent_on, coalesce(s.month, 0),
                  coalesce(s.year, 0)) AS expected,
           format('spent %s in %s payments, %s, %s',
                  a.spent_day, a.payments_day, a.spent_month, a.spent_year) AS found
    FROM accounts a LEFT JOIN (
        SELECT m.source_id,
               sum(r.remains) FILTER (WHERE m.counted_on = a.spent_on) AS day,
               sum(r.remains) FILTER (
                   WHERE m.counted_on >= date_trunc('month', a.spent_on::timestamp)
               ) AS month,
               sum(r.remains) AS year,
               count(*) FILTER (WHERE m.counted_on = a.spent_on AND r.is_payment) AS payments
        FROM movements m
        JOIN accounts a ON a.id = m.source_id
        LEFT JOIN holds h ON h.movement_id = m.id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN h.id IS NULL THEN m.amount + m.fee ELSE h.amount - h.released END,
                   m.status NOT IN ('failed', 'cancelled') OR h.captured > 0
        ) r (remains, is_payment)
        WHERE m.counted_on >= date_trunc('year', a.spent_on::timestamp)
        GROUP BY m.source_id
    ) s ON s.source_id = a.id
    WHERE (a.spent_day, a.payments_day, a.spent_month, a.spent_year) IS DISTINCT FROM
          (coalesce(s.day, 0), coalesce(s.payments, 0), coalesce(s.month, 0), coalesce(s.year, 0))
    ORDER BY a.id LIMIT 1
"""
_COUNTED: Final = """
    SELECT 'movements' AS place, m.id::text AS key,
           format('counted on %s at the latest', coalesce(a.spent_on::text, 'no day')) AS expected,
           format('counted on %s', m.counted_on) AS found
    FROM movements m JOIN accounts a ON a.id = m.source_id
    WHERE m.counted_on IS NOT NULL AND (m.counted_on <= a.spent_on) IS NOT TRUE
    ORDER BY m.id LIMIT 1
"""
_LEVEL: Final = """
    SELECT 'accounts' AS place, a.id::text AS key,
           format('level %s, as its owner''s', coalesce(p.level, 0)) AS expected,
           format('level %s', a.level) AS found
    FROM accounts a LEFT JOIN people p ON p.id = a.owner_id
    WHERE a.level <> coalesce(p.level, 0)
    ORDER BY a.id LIMIT 1
"""

CHECKS: Final = (
    Check(says="limits have counted what left", table="accounts", sql=_SPENT),
    Check(says="nothing counts on a day to come", table="movements", sql=_COUNTED),
    Check(says="accounts have their owners' level", table="accounts", sql=_LEVEL),
)

"""Movements: each with exactly the postings, the holds and the keys that its state implies."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

_STATUS: Final = """
    SELECT 'movements' AS place, m.id::text AS key,
           format('%s: %s', m.status, CASE m.status
               WHEN 'completed' THEN 'moved once, or captured with nothing left waiting'
               WHEN 'pending' THEN 'nothing moved; money waits, or has yet to be asked for'
               WHEN 'in_review' THEN 'nothing moved; money waits'
               ELSE 'nothing moved, nothing waiting' END) AS expected,
           format('%s times moved, %s captures, %s captured, %s waiting', coalesce(p.moves, 0),
                  coalesce(p.captures, 0), coalesce(h.captured, 0), coalesce(h.waiting, 0)) AS found
    FROM movements m
    LEFT JOIN (
        SELECT p.movement_id, count(*) FILTER (WHERE p.kind = 'move') AS moves,
               count(*) FILTER (WHERE p.kind = 'capture') AS captures
        FROM postings p GROUP BY p.movement_id
    ) p ON p.movement_id = m.id
    LEFT JOIN (
        SELECT h.movement_id, sum(h.captured) AS captured,
               sum(h.amount - h.captured - h.released) AS waiting
        FROM holds h GROUP BY h.movement_id
    ) h ON h.movement_id = m.id
    WHERE (CASE m.status
        WHEN 'completed' THEN (coalesce(p.moves, 0), h.movement_id IS NULL) = (1, true)
            OR (coalesce(p.moves, 0), h.waiting) = (0, 0) AND p.captures > 0
        WHEN 'pending' THEN coalesce(p.moves, 0) = 0
        WHEN 'in_review' THEN coalesce(p.moves, 0) = 0 AND h.waiting > 0
        ELSE (coalesce(p.moves, 0), coalesce(h.captured, 0), coalesce(h.waiting, 0)) = (0, 0, 0)
    END) IS NOT TRUE
    ORDER BY m.id LIMIT 1
"""
_AMOUNT: Final = """
    SELECT 'movements' AS place, m.id::text AS key,
           format('%s paid and %s received%s', m.amount + m.fee, m.amount,
                  CASE WHEN s.is_captured THEN ', or less' END) AS expected,
           format('%s paid and %s received', s.paid, s.received) AS found
    FROM movements m JOIN (
        SELECT p.movement_id, bool_or(p.kind = 'capture') AS is_captured,
               coalesce(sum(e.posted) FILTER (WHERE (e.account_id, e.side) = (m.source_id, 'D')), 0)
                   AS paid,
               coalesce(sum(e.posted) FILTER (WHERE (e.account_id, e.side) = (m.target_id, 'C')), 0)
                   AS received
        FROM postings p
        JOIN movements m ON m.id = p.movement_id
        JOIN entries e ON e.posting_id = p.id
        GROUP BY p.movement_id
    ) s ON s.movement_id = m.id
    WHERE m.status = 'completed' AND (CASE
        WHEN s.is_captured THEN s.paid BETWEEN 1 AND m.amount + m.fee
            AND s.received BETWEEN s.paid - m.fee AND s.paid
        ELSE (s.paid, s.received) = (m.amount + m.fee, m.amount)
    END) IS NOT TRUE
    ORDER BY m.id LIMIT 1
"""
_HOLDS: Final = """
    SELECT 'holds' AS place, h.id::text AS key,
           format('%s held, %s captured, %s left at the source, %s at the target',
                  coalesce(s.held, 0), coalesce(s.captured, 0), coalesce(s.source_left, 0),
                  coalesce(s.target_left, 0)) AS expected,
           format('%s held, %s captured, %s left', h.amount, h.captured, r.remaining) AS found
    FROM holds h
    CROSS JOIN LATERAL (SELECT h.amount - h.captured - h.released) r (remaining)
    LEFT JOIN (
        SELECT p.hold_id,
               sum(e.pending) FILTER (WHERE side.is_source AND p.kind = 'hold') AS held,
               sum(e.posted) FILTER (WHERE side.is_source) AS captured,
               sum(e.pending) FILTER (WHERE side.is_source) AS source_left,
               sum(e.pending) FILTER (WHERE side.is_target) AS target_left
        FROM postings p
        JOIN holds h ON h.id = p.hold_id AND h.movement_id = p.movement_id
        JOIN entries e ON e.posting_id = p.id
        CROSS JOIN LATERAL (
            SELECT (e.account_id, e.side) = (h.source_id, 'D'),
                   (e.account_id, e.side) = (h.target_id, 'C')
        ) side (is_source, is_target)
        GROUP BY p.hold_id
    ) s ON s.hold_id = h.id
    WHERE (h.amount, h.captured, r.remaining, r.remaining)
          IS DISTINCT FROM (s.held, s.captured, s.source_left, s.target_left)
    ORDER BY h.id LIMIT 1
"""
_KEYS: Final = """
    SELECT 'idempotency_keys' AS place, format('%s %s', k.owner_id, k.key) AS key,
           'one movement that is there' AS expected,
           format('%s movements, of which %s are there', count(*), count(m.id)) AS found
    FROM idempotency_keys k LEFT JOIN movements m ON m.id = k.movement_id
    GROUP BY k.owner_id, k.key HAVING count(*) <> 1 OR count(m.id) <> 1
    ORDER BY k.owner_id, k.key LIMIT 1
"""
_POSTINGS_BY_KEY: Final = """
    SELECT 'movements' AS place, m.id::text AS key,
           'a key, and one for each of its postings' AS expected,
           format('%s keys for %s postings', coalesce(k.keys, 0), coalesce(p.postings, 0)) AS found
    FROM movements m
    LEFT JOIN (
        SELECT k.movement_id, count(*) AS keys FROM idempotency_keys k GROUP BY k.movement_id
    ) k ON k.movement_id = m.id
    LEFT JOIN (
        SELECT p.movement_id, count(*) AS postings FROM postings p GROUP BY p.movement_id
    ) p ON p.movement_id = m.id
    WHERE coalesce(k.keys, 0) < greatest(coalesce(p.postings, 0), 1)
    ORDER BY m.id LIMIT 1
"""
_MOVEMENT_OF_POSTING: Final = """
    SELECT 'postings' AS place, p.id::text AS key, 'a movement in the same currency' AS expected,
           format('posting in %s, movement in %s', p.currency, coalesce(m.currency, 'none'))
               AS found
    FROM postings p LEFT JOIN movements m ON m.id = p.movement_id
    WHERE p.currency IS DISTINCT FROM m.currency
    ORDER BY p.id LIMIT 1
"""

CHECKS: Final = (
    Check(says="each posting has its movement", table="postings", sql=_MOVEMENT_OF_POSTING),
    Check(says="states have the postings they imply", table="movements", sql=_STATUS),
    Check(says="what was completed moved what it says", table="movements", sql=_AMOUNT),
    Check(says="holds are what their postings left", table="holds", sql=_HOLDS),
    Check(says="a key is one movement", table="idempotency_keys", sql=_KEYS),
    Check(says="nothing was posted without a key", table="movements", sql=_POSTINGS_BY_KEY),
)

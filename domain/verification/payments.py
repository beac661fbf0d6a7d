"""Payments and refunds: counters that follow from the movements, and orders that are paid once."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

# What the payer pays on top is in the hold, but is no part of the payment.
_COUNTERS: Final = """
    SELECT 'payments' AS place, coalesce(p.movement_id, m.id)::text AS key,
           format('%s authorised, %s captured, %s voided', c.authorized, c.captured, c.voided)
               AS expected,
           CASE WHEN p.movement_id IS NULL THEN 'no payment' ELSE
               format('%s authorised, %s captured, %s voided', p.authorized, p.captured, p.voided)
           END AS found
    FROM payments p
    FULL JOIN (SELECT * FROM movements m WHERE m.kind = 'merchant_payment') m
        ON m.id = p.movement_id
    LEFT JOIN holds h ON h.movement_id = m.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN h.id IS NOT NULL OR m.status = 'completed' THEN m.amount ELSE 0 END,
               CASE WHEN h.id IS NOT NULL THEN least(h.captured, m.amount)
                    WHEN m.status = 'completed' THEN m.amount ELSE 0 END,
               CASE WHEN h.id IS NOT NULL THEN least(h.released, m.amount) ELSE 0 END
    ) c (authorized, captured, voided)
    WHERE m.id IS NULL OR (p.authorized, p.captured, p.voided)
        IS DISTINCT FROM (c.authorized, c.captured, c.voided)
    ORDER BY 2 LIMIT 1
"""
_REFUNDED: Final = """
    SELECT 'payments' AS place, p.movement_id::text AS key,
           format('%s refunded and %s waiting, of which %s left the merchant and %s arrived',
                  coalesce(r.succeeded, 0), coalesce(r.pending, 0), coalesce(g.gone, 0),
                  coalesce(g.arrived, 0)) AS expected,
           format('%s refunded and %s waiting', p.refunded, p.refund_pending) AS found
    FROM payments p
    LEFT JOIN (
        SELECT r.payment_id, sum(r.amount) FILTER (WHERE r.status = 'succeeded') AS succeeded,
               sum(r.amount) FILTER (WHERE r.status = 'pending') AS pending
        FROM refunds r GROUP BY r.payment_id
    ) r ON r.payment_id = p.movement_id
    LEFT JOIN (
        SELECT paid.id, sum(m.amount) FILTER (WHERE m.source_id = paid.target_id) AS gone,
               sum(m.amount) FILTER (WHERE m.target_id = paid.source_id) AS arrived
        FROM movements m JOIN movements paid ON paid.id = m.origin_id
        WHERE m.kind = 'refund' AND m.status = 'completed' GROUP BY paid.id
    ) g ON g.id = p.movement_id
    WHERE (p.refunded, p.refund_pending) <> (coalesce(r.succeeded, 0), coalesce(r.pending, 0))
       OR (p.refunded + p.refund_pending, p.refunded)
          <> (coalesce(g.gone, 0), coalesce(g.arrived, 0))
       OR p.refunded + p.refund_pending > p.captured
    ORDER BY p.movement_id LIMIT 1
"""
_MOVED: Final = """
    SELECT 'refunds' AS place, r.id::text AS key,
           format('%s, by a movement of %s that says so', r.status, r.amount) AS expected,
           coalesce(format('%s of %s, %s', m.kind, m.amount, m.status), 'no movement') AS found
    FROM refunds r LEFT JOIN movements m ON m.id = r.movement_id
    WHERE (CASE WHEN r.status IN ('succeeded', 'pending', 'failed') THEN
        (m.kind, m.amount, m.origin_id) = ('refund', r.amount, r.payment_id)
            AND m.status = CASE r.status WHEN 'failed' THEN 'failed' ELSE 'completed' END
        ELSE r.movement_id IS NULL END) IS NOT TRUE
    ORDER BY r.id LIMIT 1
"""
_STEPS: Final = """
    SELECT 'refunds' AS place, r.id::text AS key,
           format('%s steps, the last of them %s', r.version, r.status) AS expected,
           format('%s steps, the last of them %s', coalesce(s.steps, 0), l.status) AS found
    FROM refunds r
    LEFT JOIN (
        SELECT s.refund_id, count(*) AS steps FROM refund_steps s GROUP BY s.refund_id
    ) s ON s.refund_id = r.id
    LEFT JOIN refund_steps l ON (l.refund_id, l.place) = (r.id, r.version)
    WHERE (s.steps, l.status, l.movement_id) IS DISTINCT FROM (r.version, r.status, r.movement_id)
    ORDER BY r.id LIMIT 1
"""
_ORDERS: Final = """
    SELECT 'orders' AS place, o.id::text AS key,
           CASE WHEN o.paid_by IS NULL THEN 'not paid'
                ELSE 'a payment of its own that was authorised' END AS expected,
           CASE WHEN o.paid_by IS NULL THEN o.status
                ELSE coalesce(format('%s of order %s', p.authorized, p.order_id), 'no payment') END
               AS found
    FROM orders o LEFT JOIN payments p ON p.movement_id = o.paid_by
    WHERE (CASE WHEN o.paid_by IS NULL THEN o.status <> 'paid'
                ELSE p.order_id = o.id AND p.authorized > 0 END) IS NOT TRUE
    ORDER BY o.id LIMIT 1
"""
# A second payment is none once all of it went back.
_ONCE: Final = """
    SELECT 'payments' AS place, p.movement_id::text AS key,
           format('its order %s paid by it, or all of it back', p.order_id) AS expected,
           format('paid by %s, %s not back', coalesce(o.paid_by::text, 'nobody'), k.kept) AS found
    FROM payments p
    JOIN movements m ON m.id = p.movement_id
    JOIN orders o ON o.id = p.order_id
    CROSS JOIN LATERAL (
        SELECT p.authorized - p.voided - p.refunded - p.refund_pending
    ) k (kept)
    WHERE m.status IN ('pending', 'completed') AND k.kept > 0
      AND o.paid_by IS DISTINCT FROM p.movement_id
    ORDER BY p.movement_id LIMIT 1
"""

CHECKS: Final = (
    Check(says="payments are what their movements did", table="payments", sql=_COUNTERS),
    Check(says="what was refunded went back", table="payments", sql=_REFUNDED),
    Check(says="refunds have their movements", table="refunds", sql=_MOVED),
    Check(says="refunds are as their last step", table="refunds", sql=_STEPS),
    Check(says="orders are paid by what paid them", table="orders", sql=_ORDERS),
    Check(says="no order is paid twice", table="payments", sql=_ONCE),
)

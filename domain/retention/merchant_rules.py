"""How long what merchants were told is kept, and what was begun and not paid."""

from __future__ import annotations

from typing import Final

from domain.retention.rule import Rule

MERCHANTS: Final = (
    Rule(
        name="tries of webhooks",
        table="webhook_attempts",
        days=30,
        is_past="r.at < $1",
        why="a month to see why something did not arrive",
    ),
    Rule(
        name="ended deliveries",
        table="webhook_deliveries",
        days=30,
        is_past="r.ended_at < $1 "
        "AND NOT EXISTS (SELECT FROM webhook_attempts a WHERE a.delivery_id = r.id)",
        why="as long as its tries",
    ),
    Rule(
        name="what merchants were told",
        table="merchant_events",
        days=90,
        is_past="r.at < $1 "
        "AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.event_id = r.id)",
        why="a quarter in which it can be sent again; payments and refunds say the rest",
    ),
    Rule(
        name="replaced webhook secrets",
        table="webhook_secrets",
        days=1,
        is_past="r.expires_at < $1",
        why="it signs nothing any more",
    ),
    Rule(
        name="customers' payment codes",
        table="payment_codes",
        days=90,
        is_past="r.expires_at < $1",
        why="what a till scanned, for as long as merchants are told of it",
    ),
    Rule(
        name="wrong codes of tills",
        table="code_guards",
        days=1,
        is_past="r.began_at < $1",
        why="counts for a quarter of an hour",
    ),
    Rule(
        name="orders begun at a static code",
        table="orders",
        days=30,
        is_past="r.origin = 'static_code' "
        "AND r.paid_by IS NULL "
        "AND r.closed_at < $1 "
        "AND NOT EXISTS (SELECT FROM payments p WHERE p.order_id = r.id) "
        "AND NOT EXISTS (SELECT FROM payment_codes c WHERE c.order_id = r.id)",
        why="nobody paid it; its quote is gone by then",
    ),
    Rule(
        name="closed cases",
        table="cases",
        days=400,
        is_past="r.closed_at < $1",
        why="who put it right, for as long as payments are commonly disputed",
    ),
)

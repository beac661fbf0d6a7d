"""Every way in which whoever owns the database can damage the books, and who notices.

Each statement returns the key of the row that is to be named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Whoever owns a database owns its guards as well.
GUARDS_GONE: Final = """
    DO $$
    DECLARE rule record;
    BEGIN
        FOR rule IN SELECT conrelid::regclass AS place, conname FROM pg_constraint
                    WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.place, rule.conname);
        END LOOP;
        FOR rule IN SELECT DISTINCT tgrelid::regclass AS place FROM pg_trigger LOOP
            EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', rule.place);
        END LOOP;
        ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey;
    END $$
"""


@dataclass(frozen=True)
class Damage:
    """`sql` may name an account or a movement of `tests.domain.business` as `{name}`."""

    says: str
    place: str
    sql: str


_BALANCE, _CURRENCY = "each posting balances", "each posting stays in one currency"
_RUNNING = "versions have no gaps, balances run on"
_COUNTERS, _PENDING = "counters are the sums of entries", "what is pending is in holds"
_FLOOR, _PEOPLE = "nothing is below its floor", "people are as frozen as was decided"
_FROZEN = "accounts are as frozen as their owners"
_OWNED, _STATUS = "each posting has its movement", "states have the postings they imply"
_AMOUNT = "what was completed moved what it says"
_HOLDS, _KEY = "holds are what their postings left", "a key is one movement"
_KEYED = "nothing was posted without a key"
_GAPS, _HEADS = "streams have no gaps", "streams end where they should"
_TOLD = "movements are as they were told"
_SPENT, _COUNTED = "limits have counted what left", "nothing counts on a day to come"
_LEVEL = "accounts have their owners' level"

_COUNTED_PAYMENTS = "payments are what their movements did"
_REFUNDED, _MOVED = "what was refunded went back", "refunds have their movements"
_STEPS, _ORDERS = "refunds are as their last step", "orders are paid by what paid them"
_ONCE = "no order is paid twice"
_RUNS, _SUMS = "settlements follow one another", "settlements are sums of entries"
_SETTLED = "fees and payouts are as settled"

_POSTING = "posting_id = (SELECT id FROM postings WHERE movement_id = '{paid}')"
_OF_PAID = f"{_POSTING} AND side = 'D'"


def _counter(name: str) -> Damage:
    return Damage(
        _COUNTERS,
        "accounts",
        f"UPDATE accounts SET {name} = {name} + 1 WHERE id = '{{ada}}' RETURNING id",
    )


def _spent(name: str) -> Damage:
    sql = f"UPDATE accounts SET {name} = {name} - 1 WHERE id = '{{ada}}' RETURNING id"
    return Damage(_SPENT, "accounts", sql)


def _status(name: str, status: str) -> Damage:
    return Damage(
        _STATUS,
        "movements",
        f"UPDATE movements SET status = '{status}' WHERE id = '{{{name}}}' RETURNING id",
    )


def _hold(change: str) -> Damage:
    sql = f"UPDATE holds SET {change} WHERE movement_id = '{{waiting}}' RETURNING id"
    return Damage(_HOLDS, "holds", sql)


def _payment(says: str, change: str, name: str = "bought") -> Damage:
    sql = f"UPDATE payments SET {change} WHERE movement_id = '{{{name}}}' RETURNING movement_id"
    return Damage(says, "payments", sql)


def _refund(says: str, change: str, name: str = "given") -> Damage:
    sql = f"UPDATE refunds SET {change} WHERE movement_id = '{{{name}}}' RETURNING id"
    return Damage(says, "refunds", sql)


def _settlement(says: str, change: str) -> Damage:
    sql = f"UPDATE merchant_settlements SET {change} RETURNING id"
    return Damage(says, "merchant_settlements", sql)


TO_THE_BOOKS: Final[dict[str, Damage]] = {
    # The journal
    "an entry says more": Damage(
        _BALANCE,
        "postings",
        f"UPDATE entries SET posted = posted + 1 WHERE {_OF_PAID} RETURNING posting_id",
    ),
    "an entry holds more": Damage(
        _BALANCE,
        "postings",
        f"UPDATE entries SET pending = pending + 1 WHERE {_OF_PAID} RETURNING posting_id",
    ),
    "an entry is on the other side": Damage(
        _BALANCE, "postings", f"UPDATE entries SET side = 'C' WHERE {_OF_PAID} RETURNING posting_id"
    ),
    "an entry is gone": Damage(
        _BALANCE, "postings", f"DELETE FROM entries WHERE {_OF_PAID} RETURNING posting_id"
    ),
    "all entries of a posting are gone": Damage(
        _BALANCE, "postings", f"DELETE FROM entries WHERE {_POSTING} RETURNING posting_id"
    ),
    "a posting is in another currency": Damage(
        _CURRENCY,
        "entries",
        """WITH changed AS (
               UPDATE postings SET currency = 'JPY' WHERE movement_id = '{paid}' RETURNING id
           ) SELECT format('%s %s', e.account_id, e.version)
           FROM entries e JOIN changed ON id = e.posting_id ORDER BY e.account_id, e.version""",
    ),
    "a posting is gone": Damage(
        _CURRENCY,
        "entries",
        """WITH gone AS (DELETE FROM postings WHERE movement_id = '{paid}' RETURNING id)
           SELECT format('%s %s', e.account_id, e.version)
           FROM entries e JOIN gone ON id = e.posting_id ORDER BY e.account_id, e.version""",
    ),
    "an account is gone": Damage(
        _CURRENCY, "entries", "DELETE FROM accounts WHERE id = '{bob}' RETURNING format('%s 1', id)"
    ),
    "a balance is another": Damage(
        _RUNNING,
        "entries",
        f"""UPDATE entries SET balance_after = balance_after + 1 WHERE {_OF_PAID}
            RETURNING format('%s %s', account_id, version)""",
    ),
    "a version is skipped": Damage(
        _RUNNING,
        "entries",
        """UPDATE entries SET version = version + 1
           WHERE account_id = '{ada}'
             AND version = (SELECT a.version FROM accounts a WHERE a.id = '{ada}')
           RETURNING format('%s %s', account_id, version)""",
    ),
    # Accounts
    "posted debits are more": _counter("posted_debits"),
    "posted credits are more": _counter("posted_credits"),
    "pending debits are more": _counter("pending_debits"),
    "pending credits are more": _counter("pending_credits"),
    "the version is another": _counter("version"),
    "a hold is smaller than what waits": Damage(
        _PENDING,
        "accounts",
        """UPDATE holds SET released = released + 1 WHERE movement_id = '{waiting}'
           RETURNING least(source_id, target_id)""",
    ),
    "money is gone below the floor": Damage(
        _FLOOR,
        "accounts",
        "UPDATE accounts SET posted_debits = posted_credits + 1 WHERE id = '{ada}' RETURNING id",
    ),
    "a wallet has no floor": Damage(
        _FLOOR, "accounts", "UPDATE accounts SET floor = NULL WHERE id = '{ada}' RETURNING id"
    ),
    "a freeze is not in force": Damage(
        _PEOPLE, "people", "UPDATE people SET freeze_level = 0 WHERE freeze_level = 2 RETURNING id"
    ),
    "a freeze is gone": Damage(_PEOPLE, "people", "DELETE FROM freezes RETURNING person_id"),
    "a wallet is not frozen": Damage(
        _FROZEN,
        "accounts",
        "UPDATE accounts SET freeze_level = 0 WHERE freeze_level = 2 RETURNING id",
    ),
    # Limits
    "a day counts less": _spent("spent_day"),
    "a month counts less": _spent("spent_month"),
    "a year counts less": _spent("spent_year"),
    "a day counts fewer payments": _spent("payments_day"),
    "a movement does not count": Damage(
        _SPENT,
        "accounts",
        "UPDATE movements SET counted_on = NULL WHERE id = '{paid}' RETURNING source_id",
    ),
    "a movement counts on another day": Damage(
        _COUNTED,
        "movements",
        "UPDATE movements SET counted_on = counted_on + 1 WHERE id = '{paid}' RETURNING id",
    ),
    "a wallet is of another level": Damage(
        _LEVEL, "accounts", "UPDATE accounts SET level = 3 WHERE id = '{ada}' RETURNING id"
    ),
    # Movements, holds and keys
    "a completed transfer is called pending": _status("paid", "pending"),
    "a completed transfer is called cancelled": _status("paid", "cancelled"),
    "a captured transfer is called failed": _status("captured", "failed"),
    "a cancelled transfer is called completed": _status("released", "completed"),
    "a waiting transfer is called cancelled": _status("waiting", "cancelled"),
    "a waiting transfer is called completed": _status("waiting", "completed"),
    "a waiting transfer is called unknown": _status("waiting", "unknown"),
    "a refused transfer is called completed": _status("refused", "completed"),
    "a declined top-up is called completed": _status("declined", "completed"),
    "a paid top-up is called unknown": _status("topped_up", "unknown"),
    "a movement is posted twice": Damage(
        _STATUS,
        "movements",
        """INSERT INTO postings (id, kind, movement_id, currency, posted_at)
           SELECT gen_random_uuid(), kind, movement_id, currency, posted_at FROM postings
           WHERE movement_id = '{paid}' RETURNING movement_id""",
    ),
    "a posting belongs to another movement": Damage(
        _STATUS,
        "movements",
        """UPDATE postings SET movement_id = '{refused}' WHERE movement_id = '{tomorrow}'
           RETURNING least(movement_id, '{tomorrow}')""",
    ),
    "a movement says another amount": Damage(
        _AMOUNT,
        "movements",
        "UPDATE movements SET amount = amount + 1 WHERE id = '{paid}' RETURNING id",
    ),
    "a captured movement says too little": Damage(
        _AMOUNT, "movements", "UPDATE movements SET amount = 1 WHERE id = '{captured}' RETURNING id"
    ),
    "a movement says another fee": Damage(
        _AMOUNT, "movements", "UPDATE movements SET fee = 0 WHERE id = '{paid}' RETURNING id"
    ),
    "a movement names another payee": Damage(
        _AMOUNT,
        "movements",
        """UPDATE movements SET target_id = (SELECT id FROM accounts WHERE freeze_level = 2)
           WHERE id = '{paid}' RETURNING id""",
    ),
    "both sides of a posting say more": Damage(
        _AMOUNT,
        "movements",
        """UPDATE entries SET posted = posted + 1
           WHERE posting_id = (SELECT id FROM postings WHERE movement_id = '{tomorrow}')
           RETURNING '{tomorrow}'""",
    ),
    "a movement is gone": Damage(
        _OWNED,
        "postings",
        """WITH gone AS (DELETE FROM movements WHERE id = '{paid}' RETURNING id)
           SELECT p.id FROM postings p JOIN gone ON gone.id = p.movement_id""",
    ),
    "a hold is larger": _hold("amount = amount + 1"),
    "a hold is captured": _hold("captured = amount"),
    "a hold is released": _hold("released = amount"),
    "a hold is somebody else's": _hold("source_id = target_id"),
    "a hold belongs to another movement": _hold("movement_id = '{paid}'"),
    "a hold is gone": Damage(
        _PENDING,
        "accounts",
        "DELETE FROM holds WHERE movement_id = '{waiting}' RETURNING least(source_id, target_id)",
    ),
    "a key leads nowhere": Damage(
        _KEY,
        "idempotency_keys",
        """UPDATE idempotency_keys SET movement_id = gen_random_uuid()
           WHERE movement_id = '{refused}' RETURNING format('%s %s', owner_id, key)""",
    ),
    "a movement without postings is gone": Damage(
        _KEY,
        "idempotency_keys",
        """WITH gone AS (DELETE FROM movements WHERE id = '{refused}' RETURNING id)
           SELECT format('%s %s', k.owner_id, k.key)
           FROM idempotency_keys k JOIN gone ON gone.id = k.movement_id""",
    ),
    "a key was used twice": Damage(
        _KEY,
        "idempotency_keys",
        """INSERT INTO idempotency_keys
           SELECT owner_id, key, digest, '{tomorrow}', created_at FROM idempotency_keys
           WHERE movement_id = '{paid}' RETURNING format('%s %s', owner_id, key)""",
    ),
    "a key is gone": Damage(
        _KEYED,
        "movements",
        "DELETE FROM idempotency_keys WHERE movement_id = '{refused}' RETURNING movement_id",
    ),
    "one of several keys is gone": Damage(
        _KEYED,
        "movements",
        """DELETE FROM idempotency_keys WHERE ctid =
           (SELECT max(ctid) FROM idempotency_keys WHERE movement_id = '{parted}')
           RETURNING movement_id""",
    ),
    # Payments, refunds and orders
    "a payment says that more was captured": _payment(
        _COUNTED_PAYMENTS, "captured = captured + 1", "authorized"
    ),
    "a payment says that more was authorised": _payment(
        _COUNTED_PAYMENTS, "authorized = authorized + 1"
    ),
    "a payment says that something was voided": _payment(
        _COUNTED_PAYMENTS, "voided = 1", "authorized"
    ),
    "a payment is gone": Damage(
        _COUNTED_PAYMENTS,
        "payments",
        "DELETE FROM payments WHERE movement_id = '{authorized}' RETURNING movement_id",
    ),
    "a payment says that more went back": _payment(_REFUNDED, "refunded = refunded + 1"),
    "a payment says that something waits": _payment(_REFUNDED, "refund_pending = 1"),
    "a refund is said to be larger": Damage(
        _REFUNDED,
        "payments",
        "UPDATE refunds SET amount = amount + 1 WHERE movement_id = '{given}' RETURNING payment_id",
    ),
    "a refund answers another payment": Damage(
        _REFUNDED,
        "payments",
        "UPDATE movements SET origin_id = '{authorized}' WHERE id = '{given}' "
        "RETURNING least('{bought}', '{authorized}')",
    ),
    "a refund that failed is said to be larger": _refund(_MOVED, "amount = 701", "lacking"),
    "a refund that failed names another movement": _refund(
        _MOVED, "movement_id = '{bought}'", "lacking"
    ),
    "what was asked for names a movement": Damage(
        _MOVED,
        "refunds",
        "UPDATE refunds SET movement_id = '{given}' WHERE status = 'requested' RETURNING id",
    ),
    "a refund skips a step": _refund(_STEPS, "version = 2"),
    "a step of a refund is another": Damage(
        _STEPS,
        "refunds",
        "UPDATE refund_steps SET status = 'failed' WHERE movement_id = '{given}' "
        "RETURNING refund_id",
    ),
    "a request is called rejected": Damage(
        _STEPS,
        "refunds",
        "UPDATE refunds SET status = 'rejected' WHERE status = 'requested' RETURNING id",
    ),
    "an order names another's payment": Damage(
        _ORDERS,
        "orders",
        "UPDATE orders SET paid_by = '{authorized}' WHERE paid_by = '{bought}' RETURNING id",
    ),
    "an order is called paid by nobody": Damage(
        _ORDERS,
        "orders",
        "UPDATE orders SET paid_by = NULL WHERE paid_by = '{bought}' RETURNING id",
    ),
    "an order that was paid is called open": Damage(
        _ONCE,
        "payments",
        "UPDATE orders SET paid_by = NULL, status = 'open' WHERE paid_by = '{bought}' "
        "RETURNING '{bought}'",
    ),
    "the last event of a payment is gone": Damage(
        _HEADS,
        "payments",
        """DELETE FROM stream_events e USING payments p WHERE p.movement_id = '{bought}'
           AND (e.stream_id, e.seq) = (p.stream_id, p.stream_seq) RETURNING e.stream_id""",
    ),
    "a merchant's account has no floor": Damage(
        _FLOOR, "accounts", "UPDATE accounts SET floor = NULL WHERE kind = 'merchant' RETURNING id"
    ),
    # Settlements
    "a settlement opens with more": _settlement(_RUNS, "opening = opening + 1"),
    "a settlement begins too late": _settlement(_RUNS, "from_version = 1"),
    "a settlement says that more was captured": _settlement(_SUMS, "captured = captured + 1"),
    "a settlement says that less went back": _settlement(_SUMS, "refunded = refunded - 1"),
    "a settlement forgets its fee": _settlement(_SETTLED, "fee_id = NULL"),
    "a settlement says that something was paid out": _settlement(_SETTLED, "payout = 1"),
    # Streams
    "an event is gone": Damage(
        _GAPS,
        "stream_events",
        """DELETE FROM stream_events WHERE (stream_id, seq) = ('{ada}', 2)
           RETURNING format('%s 3', stream_id)""",
    ),
    "the first event is gone": Damage(
        _HEADS,
        "accounts",
        "DELETE FROM stream_events WHERE (stream_id, seq) = ('{ada}', 1) RETURNING stream_id",
    ),
    "the last event of a wallet is gone": Damage(
        _HEADS,
        "accounts",
        """DELETE FROM stream_events
           WHERE (stream_id, seq) = ('{ada}', (SELECT stream_seq FROM accounts WHERE id = '{ada}'))
           RETURNING stream_id""",
    ),
    "the only event of a movement is gone": Damage(
        _HEADS,
        "movements",
        "DELETE FROM stream_events WHERE stream_id = '{paid}' RETURNING stream_id",
    ),
    "a wallet's stream is said to be longer": Damage(
        _HEADS,
        "accounts",
        "UPDATE accounts SET stream_seq = stream_seq + 1 WHERE id = '{ada}' RETURNING id",
    ),
    "a movement's stream is said to be longer": Damage(
        _HEADS,
        "movements",
        "UPDATE movements SET stream_seq = stream_seq + 1 WHERE id = '{paid}' RETURNING id",
    ),
    "an event told something else": Damage(
        _TOLD,
        "movements",
        "UPDATE stream_events SET status = 'failed' WHERE stream_id = '{paid}' RETURNING stream_id",
    ),
    "an unknown top-up is called pending": Damage(
        _TOLD,
        "movements",
        "UPDATE movements SET status = 'pending' WHERE id = '{unknown}' RETURNING id",
    ),
}

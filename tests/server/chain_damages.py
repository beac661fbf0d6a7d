"""Damages to the chain, and to what it binds: others may have been hidden, the hash still tells."""

from __future__ import annotations

from typing import Final

from tests.server.damages import Damage

_SEALED, _RECORDED = "postings are sealed", "audit records are sealed"
_NUMBERS, _HASHES = "links are numbered without gaps", "hashes are those of what they seal"
_ANCHORS = "each day is closed by its anchor"

_OF_PAID = "posting_id = (SELECT id FROM postings WHERE movement_id = '{paid}') AND side = 'D'"
_LAST_LINK = "seq = (SELECT max(seq) FROM chain_links)"


def _bound(table: str, change: str, where: str, subject: str = "id") -> Damage:
    """A change that somebody hid from everything else, so that only the hash tells."""
    return Damage(
        _HASHES,
        "chain_links",
        f"""WITH changed AS (UPDATE {table} SET {change} WHERE {where} RETURNING {subject} AS it)
            SELECT format('%s (%s %s)', l.seq, l.kind, l.subject_id)
            FROM chain_links l JOIN changed ON l.subject_id = it""",
    )


def _of_posting(change: str) -> Damage:
    return _bound("postings", change, "movement_id = '{paid}'")


def _of_entry(change: str) -> Damage:
    return _bound("entries", change, _OF_PAID, "posting_id")


def _of_movement(change: str) -> Damage:
    return _bound(
        "movements",
        change,
        "id = '{paid}'",
        "(SELECT p.id FROM postings p WHERE p.movement_id = '{paid}')",
    )


def _of_record(change: str) -> Damage:
    return _bound("audit_records", change, "true")


def _of_link(change: str) -> Damage:
    return Damage(
        _HASHES,
        "chain_links",
        f"""UPDATE chain_links SET {change} WHERE seq = 4
            RETURNING format('%s (%s %s)', seq, kind, subject_id)""",
    )


def _anchor(change: str) -> Damage:
    return Damage(_ANCHORS, "chain_anchors", f"UPDATE chain_anchors SET {change} RETURNING day")


TO_THE_CHAIN: Final[dict[str, Damage]] = {
    # The chain
    "a posting was never sealed": Damage(
        _SEALED, "postings", f"DELETE FROM chain_links WHERE {_LAST_LINK} RETURNING subject_id"
    ),
    "a posting waits for ever": Damage(
        _SEALED,
        "postings",
        f"""WITH gone AS (DELETE FROM chain_links WHERE {_LAST_LINK} RETURNING subject_id, kind)
            INSERT INTO unsealed SELECT now() - interval '1 minute', subject_id, kind FROM gone
            RETURNING subject_id""",
    ),
    "an audit record was never sealed": Damage(
        _RECORDED,
        "audit_records",
        "DELETE FROM chain_links WHERE kind = 'audit_record' RETURNING subject_id",
    ),
    "a link is gone": Damage(
        _NUMBERS, "chain_links", "DELETE FROM chain_links WHERE seq = 4 RETURNING seq + 1"
    ),
    "the first link is gone": Damage(
        _NUMBERS, "chain_links", "DELETE FROM chain_links WHERE seq = 1 RETURNING 2"
    ),
    "a link has another hash": _of_link("hash = sha256(hash)"),
    "a link has another number of entries": _of_link("entries = entries + 1"),
    "a link has another moment": _of_link("sealed_at = sealed_at + interval '1 microsecond'"),
    "a link seals something else": _of_link("subject_id = gen_random_uuid()"),
    "a link is of another kind": _of_link("kind = 'audit_record'"),
    "a posting has another kind": _of_posting("kind = 'capture'"),
    "a posting has another id": Damage(
        _HASHES,
        "chain_links",
        """WITH was AS (SELECT id FROM postings WHERE movement_id = '{paid}'),
           changed AS (UPDATE postings SET id = gen_random_uuid() WHERE movement_id = '{paid}')
           SELECT format('%s (%s %s)', l.seq, l.kind, l.subject_id)
           FROM chain_links l JOIN was ON was.id = l.subject_id""",
    ),
    "a posting has another movement": _of_posting("movement_id = '{topped_up}'"),
    "a posting has a hold": _of_posting("hold_id = (SELECT id FROM holds LIMIT 1)"),
    "a posting reverses another": _of_posting("reverses_id = id"),
    "a posting has another currency": _of_posting("currency = 'USD'"),
    "a posting has another moment": _of_posting("posted_at = posted_at + interval '1 microsecond'"),
    "an entry has another account": _of_entry("account_id = '{bob}', version = 999"),
    "an entry has another version": _of_entry("version = 999"),
    "an entry has another side": _of_entry("side = 'C'"),
    "an entry has another amount": _of_entry("posted = posted + 1"),
    "an entry has another hold": _of_entry("pending = 1"),
    "an entry has another balance": _of_entry("balance_after = 0"),
    "a movement has another kind": _of_movement("kind = 'adjustment'"),
    "a movement has another person": _of_movement("person_id = gen_random_uuid()"),
    "a movement has another source": _of_movement("source_id = target_id"),
    "a movement has another target": _of_movement("target_id = source_id"),
    "a movement has another amount": _of_movement("amount = amount + 1"),
    "a movement has another fee": _of_movement("fee = fee + 1"),
    "a movement has another currency": _of_movement("currency = 'USD'"),
    "a movement has another note": _of_movement("note = 'for nothing'"),
    "a movement was made at another time": _of_movement(
        "created_at = created_at - interval '1 microsecond'"
    ),
    "an audit record has another actor": _of_record("actor_id = gen_random_uuid()"),
    "an audit record has another action": _of_record("action = 'nothing'"),
    "an audit record has another subject": _of_record("subject_id = NULL"),
    "an audit record has another reason": _of_record("reason = 'None'"),
    "an audit record has another detail": _of_record("""detail = '{{"a": 1}}'"""),
    "an audit record has another moment": _of_record("at = at + interval '1 microsecond'"),
    "an audit record is gone": Damage(
        _HASHES,
        "chain_links",
        """WITH gone AS (DELETE FROM audit_records RETURNING id)
           SELECT format('%s (%s %s)', l.seq, l.kind, l.subject_id)
           FROM chain_links l JOIN gone ON gone.id = l.subject_id""",
    ),
    # Anchors
    "an anchor has another number": _anchor("last_seq = last_seq - 1"),
    "an anchor has another hash": _anchor("hash = sha256(hash)"),
    "an anchor counts other postings": _anchor("postings = postings - 1"),
    "an anchor counts other entries": _anchor("entries = entries - 1"),
    "an anchor has another signature": _anchor("mac = sha256(mac)"),
    "an anchor has another key": _anchor("key_id = 'elsewhere'"),
    "an anchor is of a day without links": Damage(
        _ANCHORS, "chain_anchors", "UPDATE chain_anchors SET day = day + 9 RETURNING day - 9"
    ),
    "an anchor is gone": Damage(
        _ANCHORS, "chain_anchors", "DELETE FROM chain_anchors RETURNING day"
    ),
    "an anchor too many": Damage(
        _ANCHORS,
        "chain_anchors",
        """INSERT INTO chain_anchors (day, last_seq, hash, postings, entries, key_id, mac, made_at)
           SELECT day + 9, last_seq, hash, postings, entries, key_id, mac, made_at
           FROM chain_anchors RETURNING day""",
    ),
}

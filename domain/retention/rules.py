"""What is kept for how long, and why just so long: one rule for each class of rows."""

from __future__ import annotations

from typing import Final

from domain.retention.between_rules import BETWEEN
from domain.retention.merchant_rules import MERCHANTS
from domain.retention.rule import Rule

# In this order: what refers to something goes before it.
RULES: Final = (
    Rule(
        name="finished jobs",
        table="jobs",
        days=30,
        is_past="r.done_at < $1",
        why="a month to see what was done, and to know the same work again",
    ),
    Rule(
        name="failed jobs",
        table="jobs",
        days=180,
        is_past="r.done_at IS NULL AND r.failed_at < $1",
        why="somebody must look at them, and half a year is long enough to",
    ),
    Rule(
        name="session tokens",
        table="session_tokens",
        days=1,
        is_past="r.expires_at < $1",
        why="a spent one shows a second use for as long as its session can last, and a day",
    ),
    Rule(
        name="session proofs",
        table="session_proofs",
        days=1,
        is_past="r.proved_at < $1",
        why="counts for ten minutes",
    ),
    Rule(
        name="passkey challenges",
        table="passkey_challenges",
        days=1,
        is_past="r.expires_at < $1",
        why="valid for five minutes",
    ),
    Rule(
        name="spent sign-in challenges",
        table="spent_sign_in_challenges",
        days=1,
        is_past="r.expires_at < $1",
        why="nobody can show it again by then",
    ),
    Rule(
        name="ended sessions",
        table="sessions",
        days=180,
        is_past="least(r.ended_at, r.expires_at) < $1 "
        "AND NOT EXISTS (SELECT FROM session_tokens t WHERE t.session_id = r.id) "
        "AND NOT EXISTS (SELECT FROM session_proofs p WHERE p.session_id = r.id) "
        "AND NOT EXISTS (SELECT FROM passkey_challenges c WHERE c.session_id = r.id)",
        why="whoever asks who was signed in, asks within half a year",
    ),
    Rule(
        name="devices",
        table="devices",
        days=400,
        is_past="greatest(r.last_seen_at, r.forgotten_at) < $1 "
        "AND NOT EXISTS (SELECT FROM sessions s WHERE s.device_id = r.id)",
        why="a device that comes back after a year is as good as new",
    ),
    Rule(
        name="contact codes",
        table="contact_codes",
        days=7,
        is_past="r.created_at < $1",
        why="valid for ten minutes and counted for an hour; a week for questions",
    ),
    Rule(
        name="unproved contacts",
        table="contacts",
        days=30,
        is_past="r.verified_at IS NULL AND r.created_at < $1 "
        "AND (r.removed_at IS NULL OR r.removed_at < $1) "
        "AND NOT EXISTS (SELECT FROM contact_codes c WHERE c.contact_id = r.id)",
        why="it may be the address of somebody who never asked to be here",
    ),
    Rule(
        name="unused challenges",
        table="challenges",
        days=30,
        is_past="r.used_at IS NULL AND r.expires_at < $1",
        why="valid for five minutes, and no money moved",
    ),
    Rule(
        name="used challenges",
        table="challenges",
        days=400,
        is_past="r.used_at < $1",
        why="what a payer agreed to, for as long as payments are commonly disputed",
    ),
    Rule(
        name="quotes",
        table="quotes",
        days=30,
        is_past="r.expires_at < $1 "
        "AND NOT EXISTS (SELECT FROM challenges h WHERE h.quote_id = r.id)",
        why="as long as its challenge, and a month without one",
    ),
    Rule(
        name="stream events",
        table="stream_events",
        days=90,
        is_past="r.at < $1 AND r.seq < "
        "(SELECT max(e.seq) FROM stream_events e WHERE e.stream_id = r.stream_id)",
        why="who resumes later reads the present state anew; the head stays, to count from",
    ),
    Rule(
        name="sign-in guards",
        table="sign_in_guards",
        days=30,
        is_past="r.locked_until < $1 OR r.locked_until IS NULL AND r.wrong_tries = 0",
        why="it says nothing any more; wrong tries of a guard that counts are never given back",
    ),
    Rule(
        name="address guards",
        table="address_guards",
        days=1,
        is_past="r.began_at < $1",
        why="counts for a quarter of an hour",
    ),
    Rule(
        name="password resets",
        table="password_resets",
        days=7,
        is_past="r.created_at < $1",
        why="valid for ten minutes and counted for an hour; a week for questions",
    ),
    Rule(
        name="links",
        table="links",
        days=30,
        is_past="r.expires_at < $1",
        why="valid for a week at most; a month for questions",
    ),
    Rule(
        name="enrolments of an app",
        table="totp_enrolments",
        days=1,
        is_past="r.expires_at < $1",
        why="whoever did not confirm it begins anew",
    ),
    Rule(
        name="ended reports of lost factors",
        table="factor_losses",
        days=400,
        is_past="r.ended_at < $1",
        why="who let whom back in, for as long as payments are commonly disputed",
    ),
    Rule(
        name="reports of lost factors nobody confirmed",
        table="factor_losses",
        days=7,
        is_past="r.ended_at IS NULL AND r.reported_at IS NULL AND r.begun_at < $1",
        why="its code was valid for ten minutes; a week for questions",
    ),
    Rule(
        name="ended raises of own limits",
        table="own_limit_raises",
        days=400,
        is_past="coalesce(r.applied_at, r.withdrawn_at) < $1",
        why="who asked for more, for as long as payments are commonly disputed",
    ),
    Rule(
        name="hits of rules",
        table="risk_hits",
        days=400,
        is_past="r.at < $1",
        why="why a payment was treated so, for as long as it is commonly disputed",
    ),
    Rule(
        name="places of people",
        table="person_places",
        days=400,
        is_past="r.seen_at < $1",
        why="a place not seen for a year is new again",
    ),
    Rule(
        name="snoozed rules",
        table="rule_snoozes",
        days=1,
        is_past="r.until < $1",
        why="it is over",
    ),
    Rule(
        name="ended questions",
        table="inquiries",
        days=400,
        is_past="r.status <> 'asked' AND r.deadline_at < $1",
        why="who said it was them, for as long as payments are commonly disputed",
    ),
    Rule(
        name="papers nobody asked about",
        table="papers",
        days=7,
        is_past="r.request_id IS NULL AND r.created_at < $1",
        why="whoever shows one asks within a week",
    ),
    Rule(
        name="papers of decided requests",
        table="papers",
        days=30,
        is_past="EXISTS (SELECT FROM verification_requests v "
        "WHERE v.id = r.request_id AND v.decided_at < $1)",
        why="a month for questions about the decision",
    ),
    Rule(
        name="exports",
        table="exports",
        days=7,
        is_past="r.ended_at < $1",
        why="as long as they can be fetched",
    ),
    Rule(
        name="sealed files of nothing",
        table="sealed_files",
        days=1,
        is_past="r.created_at < $1 AND NOT EXISTS (SELECT FROM papers p WHERE p.file_id = r.id) "
        "AND NOT EXISTS (SELECT FROM verification_requests v WHERE v.file_id = r.id) "
        "AND NOT EXISTS (SELECT FROM exports e WHERE e.file_id = r.id) "
        "AND NOT EXISTS (SELECT FROM bank_accounts b WHERE b.file_id = r.id)",
        why="what it belonged to is gone",
    ),
    Rule(
        name="ended bank accounts",
        table="bank_accounts",
        days=400,
        is_past="r.ended_at < $1",
        why="where money went, for as long as payments are commonly disputed",
    ),
    Rule(
        name="numbers nothing was sent to",
        table="unclaimed_transfers",
        days=1,
        is_past="r.prepared_at < $1 AND r.movement_id IS NULL",
        why="what was prepared for it could be confirmed for five minutes",
    ),
    Rule(
        name="security events",
        table="security_events",
        days=400,
        is_past="r.at < $1",
        why="what happened to an account, for as long as payments are commonly disputed",
    ),
    Rule(
        name="replaced phrases",
        table="phrases",
        days=30,
        is_past="r.replaced_at < $1",
        why="the letter about the change shows it; a month for questions",
    ),
    *MERCHANTS,
    *BETWEEN,
)

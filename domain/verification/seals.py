"""Seals: whatever was written for ever is in the chain, or has been waiting for a moment only."""

from __future__ import annotations

from typing import Final

from domain.verification.checks import Check

PATIENCE_SECONDS: Final = 10
"""How long something may wait for its link; the sealer takes two at most."""


def _sealed(table: str, kind: str) -> str:
    return f"""
    SELECT '{table}' AS place, r.id::text AS key, 'in the chain' AS expected,
           CASE WHEN u.since IS NULL THEN 'not in the chain, and not waiting'
                ELSE format('waiting since %s: does a server run?', u.since) END AS found
    FROM {table} r
    LEFT JOIN chain_links l ON l.subject_id = r.id AND l.kind = '{kind}'
    LEFT JOIN (
        SELECT u.subject_id, min(u.since) AS since
        FROM unsealed u WHERE u.kind = '{kind}' GROUP BY u.subject_id
    ) u ON u.subject_id = r.id
    WHERE l.seq IS NULL AND (u.since IS NULL OR u.since < now() - interval '{PATIENCE_SECONDS} s')
    ORDER BY r.id LIMIT 1
    """  # noqa: S608 - constants


CHECKS: Final = (
    Check(says="postings are sealed", table="postings", sql=_sealed("postings", "posting")),
    Check(
        says="audit records are sealed",
        table="audit_records",
        sql=_sealed("audit_records", "audit_record"),
    ),
)

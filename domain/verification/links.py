"""The chain, walked from its first link: numbers, hashes, and the anchors on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import asyncpg

from domain.chain import FIRST, anchors
from domain.chain.contents import CONTENT, link_hash, moment
from domain.verification.checks import Finding, Wrong
from models.chain import ChainAnchor, LinkKind

PREFETCH: Final = 500
_WALK: Final = f"""
    SELECT s.seq, s.sealed_at, s.kind, s.subject_id, s.entries, s.hash,
           c.content, c.entries AS entries_found
    FROM chain_links s LEFT JOIN LATERAL ({CONTENT}) c ON true ORDER BY s.seq
"""  # noqa: S608 - constants


async def walked(
    connection: asyncpg.Connection, exported: Sequence[ChainAnchor]
) -> Iterable[Finding]:
    """What is to be said of links and anchors; `exported` are anchors kept elsewhere."""
    # Content is put together link by link, which a plan for many rows at once could only do slower.
    await connection.execute("SET LOCAL enable_nestloop = on")
    rows = await connection.fetch("SELECT * FROM chain_anchors ORDER BY day")
    kept = {row["day"]: ChainAnchor._init_from_db(**row) for row in rows}
    walk = _Walk(kept)
    async for row in connection.cursor(_WALK, prefetch=PREFETCH):
        walk.step(row)
    walk.end()
    findings = [
        Finding("links are numbered without gaps", "chain_links", walk.links, walk.gap),
        Finding("hashes are those of what they seal", "chain_links", walk.links, walk.forgery),
        Finding("each day is closed by its anchor", "chain_anchors", len(kept), walk.adrift),
    ]
    if exported:
        lost = _first_that_differs(exported, kept)
        findings.append(Finding("anchors are as exported", "chain_anchors", len(exported), lost))
    return findings


class _Walk:
    """Where the walk stands, and the first thing of each sort that was wrong on the way."""

    def __init__(self, kept: dict[date, ChainAnchor]) -> None:
        self.gap: Wrong | None = None
        self.forgery: Wrong | None = None
        self.adrift: Wrong | None = None
        self.links = 0
        self._seq = 0
        self._hash = FIRST
        self._day: date | None = None
        self._postings = 0
        self._entries = 0
        self._open = dict(kept)

    def step(self, row: Any) -> None:
        day = anchors.day_of(row["sealed_at"])
        if self._day is not None and day > self._day:
            self._close(self._day, is_over=True)
        self.gap = self.gap or self._gap(row)
        self.forgery = self.forgery or self._forgery(row)
        # From here on as it says itself, so that one wrong link is one wrong link.
        self.links += 1
        self._seq, self._hash, self._day = row["seq"], row["hash"], day
        self._postings += row["kind"] == LinkKind.POSTING
        self._entries += row["entries"]

    def end(self) -> None:
        if self._day is not None:
            self._close(self._day, is_over=False)
        for day in self._open:
            self.adrift = self.adrift or _wrong_anchor(day, "no anchor", "an anchor without links")

    def _gap(self, row: Any) -> Wrong | None:
        if row["seq"] == self._seq + 1:
            return None
        return Wrong(
            place="chain_links",
            key=str(row["seq"]),
            expected=f"number {self._seq + 1}",
            found=f"number {row['seq']}",
        )

    def _forgery(self, row: Any) -> Wrong | None:
        key = f"{row['seq']} ({row['kind']} {row['subject_id']})"
        if row["content"] is None:
            return Wrong(
                place="chain_links", key=key, expected="what it seals", found="it is missing"
            )
        digest = hashlib.sha256(row["content"]).digest()
        hashed = link_hash(self._hash, row["seq"], moment(row["sealed_at"]), digest)
        expected = f"{row['entries_found']} entries, {hashed.hex()}"
        found = f"{row['entries']} entries, {row['hash'].hex()}"
        if found == expected:
            return None
        return Wrong(place="chain_links", key=key, expected=expected, found=found)

    def _close(self, day: date, *, is_over: bool) -> None:
        """Holds the anchor of a day against the walk; the last day may have none yet."""
        said = f"{self._seq} {self._hash.hex()} {self._postings} {self._entries}"
        anchor = self._open.pop(day, None)
        if anchor is not None and not anchors.is_signed(anchor):
            wrong = _wrong_anchor(day, "a signature of this server", f"none of {anchor.key_id}")
        elif anchor is not None and _said(anchor) != said:
            wrong = _wrong_anchor(day, said, _said(anchor))
        elif anchor is None and is_over:
            wrong = _wrong_anchor(day, said, "no anchor")
        else:
            return
        self.adrift = self.adrift or wrong


def _first_that_differs(
    exported: Sequence[ChainAnchor], kept: dict[date, ChainAnchor]
) -> Wrong | None:
    for anchor in exported:
        expected = anchors.line(anchor)
        found = anchors.line(kept[anchor.day]) if anchor.day in kept else "no anchor"
        if found != expected:
            return _wrong_anchor(anchor.day, expected, found)
    return None


def _wrong_anchor(day: date, expected: str, found: str) -> Wrong:
    return Wrong(place="chain_anchors", key=str(day), expected=expected, found=found)


def _said(anchor: ChainAnchor) -> str:
    return f"{anchor.last_seq} {anchor.hash.hex()} {anchor.postings} {anchor.entries}"

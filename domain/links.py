"""Links in letters: each does one thing, once, for a short while."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import secrets
from domain.refusals import Refusal
from models.ids import new_id
from models.links import Link, LinkKind

LIVES: Final = {
    LinkKind.RESET_PASSWORD: timedelta(minutes=10),
    LinkKind.FREEZE: timedelta(days=7),
    LinkKind.ANSWER: timedelta(days=1),
}
_PURPOSE: Final = "link"
_ID_BYTES: Final = 16
_MAC_BYTES: Final = 16
TOKEN_LENGTH: Final = 43
"""Characters of a token: 32 bytes in base64 without padding."""


class LinkDead(Refusal):
    """It was used before, is too old, or never was one."""

    def __init__(self) -> None:
        super().__init__("This link is no longer valid.")


async def make(kind: LinkKind, *, person_id: UUID, subject_id: UUID, now: datetime) -> Link:
    """A link for a letter that is about to be written, inside the caller's decision."""
    return await Link.create(
        id=new_id(),
        kind=kind,
        person_id=person_id,
        subject_id=subject_id,
        created_at=now,
        expires_at=now + LIVES[kind],
    )


def token(link: Link) -> str:
    """What stands in the letter: the link's id and a MAC over it; kept nowhere, never logged."""
    return _token(link.id, secrets.current_key_id())


async def find(token: str, now: datetime) -> Link:
    """The link of a token, to show its page; looking uses nothing up.

    Raises:
        LinkDead: it does nothing any more.
    """
    link = await Link.get_or_none(id=_id(token))
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkDead
    return link


async def spend(link: Link, now: datetime) -> None:
    """Uses the link up, in the decision that does what it is for; of two at once one is refused.

    Raises:
        LinkDead: somebody was faster, or its time is over.
    """
    alive = Link.filter(id=link.id, used_at__isnull=True, expires_at__gt=now)
    if not await alive.update(used_at=now):
        raise LinkDead


def _id(token: str) -> UUID:
    """The id in a token that this server made."""
    try:
        shown = base64.b64decode(secrets.as_bytes(token[:TOKEN_LENGTH]) + b"=", altchars=b"-_")
    except binascii.Error:
        raise LinkDead from None
    if len(shown) != _ID_BYTES + _MAC_BYTES:
        raise LinkDead
    id = UUID(bytes=shown[:_ID_BYTES])
    if not any(secrets.is_same(token, _token(id, key_id)) for key_id in secrets.key_ids()):
        raise LinkDead
    return id


def _token(id: UUID, key_id: str) -> str:
    made = secrets.mac(_PURPOSE, id.bytes, key_id=key_id)[:_MAC_BYTES]
    return base64.urlsafe_b64encode(id.bytes + made).rstrip(b"=").decode()

"""Renewing sessions: new tokens for a refresh token, which is spent by it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain import secrets
from domain.decisions import decision
from domain.sessions import tokens
from domain.sessions.ending import end
from domain.sessions.identities import is_live
from domain.sessions.refusals import SessionEnded
from domain.sessions.tokens import Tokens
from models.sessions import Audience, Session, SessionToken, TokenKind

GRACE: Final = timedelta(seconds=10)
"""How long a refresh may be repeated because its answer was lost."""


async def refresh(refresh_token: str, audience: Audience, now: datetime) -> Tokens:
    """New tokens for the one shown, which is spent by this.

    The new ones are derived from it with the server's key, so that a refresh whose answer was lost
    can be repeated for ten seconds and gives the same ones. Shown again later, somebody else has
    it: the whole session ends. A session of the desk that was not used for fifteen minutes is over.

    Raises:
        SessionEnded: it opens nothing any more.
    """
    async with decision() as announce:
        spent = (
            await SessionToken.filter(hash=tokens.digest(refresh_token), kind=TokenKind.REFRESH)
            .select_for_update()
            .get_or_none()
        )
        if spent is None:
            raise SessionEnded
        session = await Session.get(id=spent.session_id)
        if session.audience is not audience or not await is_live(session.id, now):
            raise SessionEnded
        if spent.spent_at is None:
            renewed = tokens.successors(refresh_token, session, now, secrets.current_key_id())
            await SessionToken.filter(hash=spent.hash).update(spent_at=now)
            await Session.filter(id=session.id).update(last_seen_at=now)
            await tokens.keep(renewed, session.id)
            return renewed
        if spent.spent_at + GRACE >= now:
            return await _first_successors(refresh_token, session, spent.spent_at)
        await end(session.id, "token_reused", now)
        announce(f"session:{session.id}")
    raise SessionEnded


async def _first_successors(refresh_token: str, session: Session, began: datetime) -> Tokens:
    """What the first answer gave, although the current key may be another by now."""
    for key_id in secrets.key_ids():
        renewed = tokens.successors(refresh_token, session, began, key_id)
        if await SessionToken.exists(hash=tokens.digest(renewed.refresh)):
            return renewed
    raise SessionEnded

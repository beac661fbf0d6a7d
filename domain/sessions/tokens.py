"""Tokens of sessions: random or derived from the one before, and kept only as digests."""

from __future__ import annotations

import base64
import hashlib
import secrets as random_source
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import secrets
from models.sessions import Session, SessionToken, TokenKind

ACCESS_LIVES: Final = timedelta(minutes=15)
TOKEN_MAX: Final = 256

_PREFIXES: Final = {TokenKind.ACCESS: "upa_", TokenKind.REFRESH: "upr_"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What opens a session from outside; never stored, never logged."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_expires_at: datetime
    session_expires_at: datetime


def fresh(session: Session, now: datetime) -> Tokens:
    """Random ones, for a session that begins."""
    return Tokens(
        access=_PREFIXES[TokenKind.ACCESS] + random_source.token_urlsafe(32),
        refresh=_PREFIXES[TokenKind.REFRESH] + random_source.token_urlsafe(32),
        access_expires_at=now + ACCESS_LIVES,
        session_expires_at=session.expires_at,
    )


def successors(refresh_token: str, session: Session, now: datetime, key_id: str) -> Tokens:
    """Those that a refresh token renews, always the same with the same key."""
    return Tokens(
        access=_successor(refresh_token, TokenKind.ACCESS, key_id),
        refresh=_successor(refresh_token, TokenKind.REFRESH, key_id),
        access_expires_at=min(now + ACCESS_LIVES, session.expires_at),
        session_expires_at=session.expires_at,
    )


async def keep(tokens: Tokens, session_id: UUID) -> None:
    """Lets the tokens open the session, once the caller's decision is committed."""
    await SessionToken.bulk_create(
        [
            SessionToken(
                hash=digest(tokens.access),
                session_id=session_id,
                kind=TokenKind.ACCESS,
                expires_at=tokens.access_expires_at,
            ),
            SessionToken(
                hash=digest(tokens.refresh),
                session_id=session_id,
                kind=TokenKind.REFRESH,
                expires_at=tokens.session_expires_at,
            ),
        ]
    )


def digest(token: str) -> str:
    """As which a token is kept; of what is far too long only the beginning is looked at."""
    return hashlib.sha256(secrets.as_bytes(token[:TOKEN_MAX])).hexdigest()


def _successor(refresh_token: str, kind: TokenKind, key_id: str) -> str:
    made = secrets.mac(f"{kind}-token", secrets.as_bytes(refresh_token), key_id=key_id)
    return _PREFIXES[kind] + base64.urlsafe_b64encode(made).rstrip(b"=").decode()

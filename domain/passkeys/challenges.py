"""Challenges: what a device is asked to sign, each for one purpose, once, within five minutes.

Of somebody signed in there is at most one for each purpose, kept with their session. To sign in
anybody may ask for one, so it is kept nowhere: it carries its time and a MAC, and only one that has
opened a session leaves a row.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from domain import secrets
from domain.passkeys.refusals import refused
from models.database import client
from models.passkeys import ChallengePurpose, PasskeyChallenge, SpentSignInChallenge
from models.sessions import Audience

LIVES: Final = timedelta(minutes=5)
RANDOM_BYTES: Final = 32

_PURPOSE: Final = "passkey-sign-in"
_TIME_BYTES: Final = 8
_NONCE_BYTES: Final = 16
_MAC_BYTES: Final = 32


async def ask(session_id: UUID, purpose: ChallengePurpose, now: datetime) -> bytes:
    """A challenge for a session; the one asked before for this purpose is void."""
    challenge = os.urandom(RANDOM_BYTES)
    asked = PasskeyChallenge(
        session_id=session_id, purpose=purpose, challenge=challenge, expires_at=now + LIVES
    )
    await PasskeyChallenge.bulk_create(
        [asked], on_conflict=("session_id", "purpose"), update_fields=("challenge", "expires_at")
    )
    return challenge


_TAKE: Final = """
    DELETE FROM passkey_challenges WHERE session_id = $1 AND purpose = $2
    RETURNING challenge, expires_at
"""


async def take(session_id: UUID, purpose: ChallengePurpose, now: datetime) -> bytes:
    """What the session was asked to sign; gone with this, whatever becomes of the answer.

    Not for use inside a decision, whose failing would bring it back.

    Raises:
        PasskeyRefused: nothing was asked, or too long ago.
    """
    rows = await client().execute_query_dict(_TAKE, [session_id, purpose.value])
    if not rows or rows[0]["expires_at"] <= now:
        raise refused("this session is asked for nothing")
    challenge: bytes = rows[0]["challenge"]
    return challenge


def for_anybody(audience: Audience, now: datetime) -> bytes:
    """A challenge to sign in with, at one of the two APIs; 56 bytes."""
    made = int(now.timestamp()).to_bytes(_TIME_BYTES) + os.urandom(_NONCE_BYTES)
    return made + _mac(made, audience, secrets.current_key_id())


def check_for_anybody(challenge: bytes, audience: Audience, now: datetime) -> None:
    """Returns when this server made the challenge for this API less than five minutes ago.

    Raises:
        PasskeyRefused: it did not.
    """
    made, mac = challenge[:-_MAC_BYTES], challenge[-_MAC_BYTES:]
    if not any(
        secrets.is_same(mac.hex(), _mac(made, audience, key_id).hex())
        for key_id in secrets.key_ids()
    ):
        raise refused("its challenge is none of ours")
    if not now - LIVES < _made_at(challenge) <= now:
        raise refused("its challenge is too old")


async def spend(challenge: bytes) -> None:
    """Uses up a challenge that was checked, in the decision that opens the session.

    Raises:
        PasskeyRefused: it has opened one already.
    """
    hash = hashlib.sha256(challenge).hexdigest()
    try:
        await SpentSignInChallenge.create(hash=hash, expires_at=_made_at(challenge) + LIVES)
    except IntegrityError:
        raise refused("its challenge was used before") from None


def _made_at(challenge: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(challenge[:_TIME_BYTES]), UTC)


def _mac(made: bytes, audience: Audience, key_id: str) -> bytes:
    return secrets.mac(_PURPOSE, audience.encode() + made, key_id=key_id)

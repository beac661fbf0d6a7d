"""Who acts for a merchant: a program by its key, or a person who works there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import secrets
from domain.gathering import Gathering
from domain.merchants.scopes import Scope, scopes_of
from domain.refusals import NotFound
from domain.sessions import Identity
from models.database import Client
from models.merchants import MerchantMember

TOKEN_MAX: Final = 128


class ScopeMissing(Exception):
    """The key is good, but was not made for this; `scope` is what it lacks."""

    def __init__(self, scope: Scope) -> None:
        super().__init__("This API key was not made for that.")
        self.scope = scope


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """A program that shows a key of a merchant."""

    api_key_id: UUID
    merchant_id: UUID
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Whoever acts for a merchant, and may; exactly one of person and key is there.

    `scopes` are all that they may do, of which one was asked for.
    Idempotency keys are the merchant's, whoever of its people or programs gives them.
    """

    merchant_id: UUID
    person_id: UUID | None = None
    api_key_id: UUID | None = None
    scopes: frozenset[Scope] = frozenset()


def digest(token: str) -> str:
    """As which a key is kept; of what is far too long only the beginning is looked at."""
    return hashlib.sha256(secrets.as_bytes(token[:TOKEN_MAX])).hexdigest()


async def holder(token: str, now: datetime) -> KeyHolder | None:
    """Whose key this is; None when it opens nothing, or its merchant is closed.

    One statement, together with whoever else asks at this moment.
    """
    return await _holders.ask((digest(token), now))


async def acting(
    scope: Scope,
    *,
    holder: KeyHolder | None,
    identity: Identity | None,
    merchant_id: UUID | None,
) -> Actor:
    """Who acts, for which merchant: a key is one merchant's, and a person says which one.

    Raises:
        ScopeMissing: the key was not made for that.
        NotFound: the person names no merchant that they may do this for, or the key's holder one
            that is not theirs.
    """
    if holder is not None:
        if merchant_id not in {None, holder.merchant_id}:
            raise NotFound
        if scope not in holder.scopes:
            raise ScopeMissing(scope)
        return Actor(
            merchant_id=holder.merchant_id, api_key_id=holder.api_key_id, scopes=holder.scopes
        )
    if identity is None or merchant_id is None:
        raise NotFound
    member = await working(identity, merchant_id, scope)
    return Actor(
        merchant_id=merchant_id, person_id=identity.person_id, scopes=scopes_of(member.role)
    )


async def working(by: Identity, merchant_id: UUID, scope: Scope) -> MerchantMember:
    """Who `by` is to the merchant, if that lets them do this for it.

    Raises:
        NotFound: it does not, or there is no such merchant; the two look the same.
    """
    member = await MerchantMember.get_or_none(merchant_id=merchant_id, person_id=by.person_id)
    if member is None or scope not in scopes_of(member.role):
        raise NotFound
    return member


_HOLDERS: Final = """
    SELECT k.digest, k.id, k.merchant_id, k.scopes FROM api_keys k
    JOIN merchants m ON m.id = k.merchant_id
    WHERE k.digest = ANY ($1) AND k.revoked_at IS NULL AND m.status IN ('accepting', 'paused')
"""
# What counts as a use is coarse: a key is shown with every request.
_SEEN: Final = """
    UPDATE api_keys SET last_used_at = $2
    WHERE digest = ANY ($1)
        AND coalesce(last_used_at, '-infinity') < $2::timestamptz - interval '1 hour'
"""


async def _held(database: Client, asked: Sequence[tuple[str, datetime]]) -> list[KeyHolder | None]:
    digests = [digest for digest, _ in asked]
    rows = await database.execute_query_dict(_HOLDERS, [digests])
    if rows:
        await database.execute_query(_SEEN, [digests, max(now for _, now in asked)])
    found = {
        row["digest"]: KeyHolder(
            api_key_id=row["id"],
            merchant_id=row["merchant_id"],
            scopes=frozenset(map(Scope, json.loads(row["scopes"]))),
        )
        for row in rows
    }
    return [found.get(digest) for digest in digests]


_holders = Gathering(_held, name=id)

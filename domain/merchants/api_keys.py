"""API keys: what a merchant's programs show instead of a password."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import audit, fresh_proofs, names, security_events
from domain.decisions import Announce, decision
from domain.merchants.actors import digest, working
from domain.merchants.scopes import KEY_SCOPES, Scope
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.ids import new_id
from models.merchants import ApiKey, Merchant, MerchantStatus
from models.security_events import EventKind

PREFIX: Final = "upk_"
KEYS_MAX: Final = 20
HINT_LENGTH: Final = 4

_RANDOM_BYTES: Final = 32


class ApiKeyNameInvalid(Refusal):
    """Empty, longer than 64 characters, or with characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("A key's name is 1 to 64 visible characters.")


class ApiKeyScopesInvalid(Refusal):
    """A key that may do nothing, or one that would manage its merchant."""

    def __init__(self) -> None:
        super().__init__("A key has one scope at least.")


class TooManyApiKeys(Refusal):
    """The merchant has `most` keys that are not revoked."""

    def __init__(self) -> None:
        super().__init__("There are too many keys already.")
        self.most = KEYS_MAX


class MerchantNotAccepted(Refusal):
    """uPay has not accepted the merchant, or it is closed: there is nothing to do for it."""

    def __init__(self) -> None:
        super().__init__("This merchant has not been accepted, or is closed.")


CREATE_KEY_REFUSALS: Final = (
    fresh_proofs.ProofNeeded,
    ApiKeyNameInvalid,
    ApiKeyScopesInvalid,
    MerchantNotAccepted,
    TooManyApiKeys,
)


def prefix(*, livemode: bool) -> str:
    """How every key of a server of this mode begins."""
    return f"{PREFIX}live_" if livemode else f"{PREFIX}test_"


async def create(
    *,
    by: Identity,
    merchant_id: UUID,
    name: str,
    scopes: Collection[Scope],
    livemode: bool,
    now: datetime,
    address: str = "",
) -> tuple[ApiKey, str]:
    """The new key, and the text of it, which nobody sees again: only its digest is kept.

    Whoever answers for the merchant gets a letter.

    Raises:
        NotFound: `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        ApiKeyNameInvalid, ApiKeyScopesInvalid, MerchantNotAccepted, TooManyApiKeys: see there.
    """
    await working(by, merchant_id, Scope.MANAGE)
    await fresh_proofs.require(by, now)
    tidy = _named(name)
    if not scopes or not KEY_SCOPES.issuperset(scopes):
        raise ApiKeyScopesInvalid
    async with decision() as announce:
        # Locked, so that two at once cannot both be the last.
        merchant = await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
        if merchant.status not in {MerchantStatus.ACCEPTING, MerchantStatus.PAUSED}:
            raise MerchantNotAccepted
        if (
            await ApiKey.filter(merchant_id=merchant_id, revoked_at__isnull=True).count()
            >= KEYS_MAX
        ):
            raise TooManyApiKeys
        row, token = await draw(
            merchant_id, tidy, scopes, livemode=livemode, by=by.person_id, now=now
        )
        await security_events.record(
            announce,
            EventKind.MERCHANT_KEY_MADE,
            person_id=merchant.owner_id,
            now=now,
            session_id=by.session_id if merchant.owner_id == by.person_id else None,
            address=address,
            merchant=merchant.name,
        )
    return row, token


async def draw(
    merchant_id: UUID,
    name: str,
    scopes: Collection[Scope],
    *,
    livemode: bool,
    by: UUID,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A key that whoever calls has made sure may be made; joins the caller's decision."""
    token = prefix(livemode=livemode) + token_urlsafe(_RANDOM_BYTES)
    row = await ApiKey.create(
        id=new_id(),
        merchant_id=merchant_id,
        name=name,
        digest=digest(token),
        hint=token[-HINT_LENGTH:],
        scopes=sorted(scopes),
        made_by=by,
        created_at=now,
    )
    return row, token


async def revoke(*, by: Identity, key_id: UUID, now: datetime) -> ApiKey:
    """Nobody opens anything with the key from now on; revoked again, it stays as it is.

    It takes no proof: whoever fears that a key is known must not be held up.

    Raises:
        NotFound: there is none, or `by` may not manage its merchant.
    """
    key = await ApiKey.get_or_none(id=key_id)
    if key is None:
        raise NotFound
    await working(by, key.merchant_id, Scope.MANAGE)
    async with decision() as announce:
        await revoke_in(announce, [key], now)
        if key.revoked_at is None:
            await audit.record(
                actor_id=by.person_id,
                action="revoke_api_key",
                subject_id=key.id,
                reason="asked for by the merchant",
                now=now,
            )
    return await ApiKey.get(id=key_id)


async def revoke_in(announce: Announce, keys: Collection[ApiKey], now: datetime) -> None:
    """Revokes keys in the caller's decision; those who are let in by them are told to go."""
    ids = [key.id for key in keys if key.revoked_at is None]
    await ApiKey.filter(id__in=ids, revoked_at__isnull=True).update(revoked_at=now)
    for id in ids:
        announce(f"api_key:{id}")


async def of(merchant_id: UUID) -> list[ApiKey]:
    """The merchant's keys that are not revoked, the last made first, and then the last that are."""
    made = ApiKey.filter(merchant_id=merchant_id)
    open_ones = await made.filter(revoked_at__isnull=True).order_by("-created_at", "-id")
    gone = (
        await made.filter(revoked_at__isnull=False).order_by("-revoked_at", "-id").limit(KEYS_MAX)
    )
    return [*open_ones, *gone]


async def live(ids: Collection[UUID]) -> set[UUID]:
    """Which of these keys still open anything."""
    if not ids:
        return set()
    found = await get_connection("default").execute_query_dict(
        "SELECT id FROM api_keys WHERE id = ANY ($1) AND revoked_at IS NULL", [list(ids)]
    )
    return {row["id"] for row in found}


def _named(name: str) -> str:
    try:
        return names.display_name(name)
    except names.DisplayNameInvalid:
        raise ApiKeyNameInvalid from None

"""Devices: where people sign in, known again by a token that only the device has."""

from __future__ import annotations

import hashlib
import secrets as random_source
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import names, security_events
from domain.decisions import Announce
from domain.refusals import NotFound, Refusal
from models.devices import Device
from models.ids import new_id
from models.security_events import EventKind
from models.sessions import Session

TOKEN_PREFIX: Final = "upd_"  # noqa: S105 - what a token begins with
TOKEN_LENGTH: Final = 47
NAME_MAX: Final = 64
PLATFORM_MAX: Final = 32
ADDRESS_MAX: Final = 64
LISTED_AT_MOST: Final = 100


class DeviceNameInvalid(Refusal):
    """Empty, longer than 64 characters, or with characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("A device's name is 1 to 64 visible characters.")


NAME_REFUSALS: Final = (DeviceNameInvalid,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a client says of its device; `token` is what the device was given before, if it was.

    All of it may be invented: a token that we did not give out is as good as none.
    """

    token: str = field(default="", repr=False)
    name: str = ""
    platform: str = ""


async def recognised(shown: Shown, person_id: UUID | None) -> Device | None:
    """The device of this person that the token belongs to. One statement, whoever it is.

    Another person's device is as unknown as one that was forgotten.
    """
    if not _could_be_a_token(shown.token):
        return None
    device = await Device.get_or_none(token_hash=_digest(shown.token), forgotten_at__isnull=True)
    return device if device is not None and device.person_id == person_id else None


async def arrive(
    announce: Announce,
    shown: Shown,
    *,
    person_id: UUID,
    session_id: UUID,
    address: str,
    now: datetime,
) -> tuple[Device, str]:
    """The device that a session opens on, and its token, inside the caller's decision.

    One that is not known is kept with a fresh token, and its owner gets a letter about it, unless
    it is where they sign in for the first time at all. The row of a known one is locked: whoever
    forgets it meanwhile finds the session.
    """
    known = await recognised(shown, person_id)
    if known is not None and await _seen(known, address, now):
        return known, shown.token
    token = TOKEN_PREFIX + random_source.token_urlsafe(32)
    device = Device(
        id=new_id(),
        person_id=person_id,
        token_hash=_digest(token),
        name=_tidy(shown.name, NAME_MAX),
        platform=_tidy(shown.platform, PLATFORM_MAX),
        address=_tidy(address, ADDRESS_MAX),
        created_at=now,
        last_seen_at=now,
    )
    if await _was_here_before(person_id):
        await security_events.record(
            announce,
            EventKind.SIGNED_IN_ON_NEW_DEVICE,
            person_id=person_id,
            now=now,
            session_id=session_id,
            address=device.address,
            device_id=str(device.id),
            device=device.name or device.platform,
        )
    await device.save(force_create=True)
    return device, token


async def of(person_id: UUID) -> list[Device]:
    """A person's devices that are not forgotten, the last used first; the newest hundred."""
    known = Device.filter(person_id=person_id, forgotten_at__isnull=True)
    return await known.order_by("-last_seen_at", "-id").limit(LISTED_AT_MOST)


async def known_since(device_id: UUID | None) -> datetime | None:
    """When the device was first signed in on; None of no device, or one that is not there."""
    device = device_id and await Device.get_or_none(id=device_id)
    return device.created_at if device else None


async def name(person_id: UUID, device_id: UUID, text: str) -> Device:
    """Calls one of a person's devices as they like.

    Raises:
        DeviceNameInvalid: see there.
        NotFound: it is not one of theirs, or is forgotten.
    """
    try:
        tidy = names.display_name(text)
    except names.DisplayNameInvalid:
        raise DeviceNameInvalid from None
    mine = Device.filter(id=device_id, person_id=person_id, forgotten_at__isnull=True)
    if not await mine.update(name=tidy):
        raise NotFound
    return await Device.get(id=device_id)


async def forget(person_id: UUID, device_id: UUID, now: datetime) -> Device:
    """Marks a device as new again, in the decision that ends its sessions; its row stays locked.

    Raises:
        NotFound: it is not one of this person's, or is forgotten already.
    """
    mine = Device.filter(id=device_id, person_id=person_id, forgotten_at__isnull=True)
    if not await mine.update(forgotten_at=now):
        raise NotFound
    return await Device.get(id=device_id)


async def _seen(device: Device, address: str, now: datetime) -> bool:
    device.last_seen_at, device.address = now, _tidy(address, ADDRESS_MAX)
    # It may have been forgotten a moment ago.
    still_known = Device.filter(id=device.id, forgotten_at__isnull=True)
    return bool(await still_known.update(last_seen_at=now, address=device.address))


async def _was_here_before(person_id: UUID) -> bool:
    """Sessions are kept for shorter than devices; the oldest sessions know of no device."""
    return await Device.exists(person_id=person_id) or await Session.exists(person_id=person_id)


def _could_be_a_token(token: str) -> bool:
    return len(token) == TOKEN_LENGTH and token.startswith(TOKEN_PREFIX) and token.isascii()


def _tidy(text: str, most: int) -> str:
    """As much of a text as can be shown."""
    return "".join(char for char in text[: 4 * most] if char.isprintable())[:most].strip()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Ending sessions: this one, another one, all others, those of a device; and lifting a limit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import devices, fresh_proofs, security_events
from domain.decisions import Announce, decision
from domain.refusals import NotFound
from domain.sessions.identities import Identity
from models.devices import Device
from models.security_events import EventKind
from models.sessions import Session


async def sign_out(session_id: UUID, now: datetime) -> None:
    """Ends a session: its tokens open nothing from now on, and its sockets close."""
    async with decision() as announce:
        await end(session_id, "signed_out", now)
        announce(f"session:{session_id}")


async def end_all(
    person_id: UUID, *, reason: str, now: datetime, except_id: UUID | None = None
) -> None:
    """Ends every session of a person, but for the one they are using."""
    async with decision() as announce:
        await _end_each(announce, reason, now, person_id=person_id, except_id=except_id)


async def end_one(*, by: Identity, session_id: UUID, address: str, now: datetime) -> Session:
    """Ends one of a person's own sessions; ended already, it stays as it was.

    Raises:
        ProofNeeded: it is another one than this, and nothing was proved in this one lately.
        NotFound: there is none of that id, or it is somebody else's.
    """
    if session_id != by.session_id:
        await fresh_proofs.require(by, now)
    async with decision() as announce:
        session = await Session.get_or_none(id=session_id, person_id=by.person_id)
        if session is None:
            raise NotFound
        if await end(session.id, "ended_by_owner", now):
            announce(f"session:{session.id}")
            await _record(announce, by, EventKind.SESSION_ENDED, address, now, count=1)
    return session


async def end_others(*, by: Identity, address: str, now: datetime) -> int:
    """Ends all sessions of a person but this one; returns how many.

    Raises:
        ProofNeeded: nothing was proved in this session lately.
    """
    await fresh_proofs.require(by, now)
    async with decision() as announce:
        ended = await _end_each(
            announce, "ended_by_owner", now, person_id=by.person_id, except_id=by.session_id
        )
        if ended:
            await _record(announce, by, EventKind.SESSION_ENDED, address, now, count=ended)
    return ended


async def forget_device(*, by: Identity, device_id: UUID, address: str, now: datetime) -> Device:
    """Ends the sessions of one of a person's devices; whoever signs in on it is on a new one.

    Raises:
        ProofNeeded: nothing was proved in this session lately.
        NotFound: it is not one of theirs, or is forgotten already.
    """
    await fresh_proofs.require(by, now)
    async with decision() as announce:
        device = await devices.forget(by.person_id, device_id, now)
        await _end_each(announce, "device_forgotten", now, device_id=device.id)
        await _record(announce, by, EventKind.DEVICE_FORGOTTEN, address, now, device=device.name)
    return device


async def lift_limit(session_id: UUID) -> None:
    """Lets a limited session do everything, in the decision that does what it was limited to."""
    async with decision() as announce:
        await Session.filter(id=session_id).update(limited_to=None)
        # Whoever remembers its identity must ask again.
        announce(f"session:{session_id}")


async def end(session_id: UUID, reason: str, now: datetime) -> bool:
    """Whether it was open; who listens to it is for the caller to tell."""
    open_one = Session.filter(id=session_id, ended_at__isnull=True)
    return bool(await open_one.update(ended_at=now, end_reason=reason))


async def _end_each(
    announce: Announce,
    reason: str,
    now: datetime,
    *,
    except_id: UUID | None = None,
    **whose: UUID,
) -> int:
    ended = 0
    for session in await Session.filter(ended_at__isnull=True, **whose).order_by("id"):
        if session.id != except_id and await end(session.id, reason, now):
            announce(f"session:{session.id}")
            ended += 1
    return ended


async def _record(
    announce: Announce,
    by: Identity,
    kind: EventKind,
    address: str,
    now: datetime,
    **detail: str | int,
) -> None:
    await security_events.record(
        announce,
        kind,
        person_id=by.person_id,
        now=now,
        session_id=by.session_id,
        address=address,
        **detail,
    )

"""Making the magic people of a test server: at each start whatever is not as it should be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final

from domain import closings, freezes, jobs, ledger, people, security_events, sessions
from domain.decisions import decision
from domain.fresh_proofs import Factor
from domain.sessions import Identity
from models.database import client
from models.freezes import FreezeOwner
from models.people import Person
from models.security_events import SecurityEvent
from models.sessions import Audience
from models.wallets import Account
from server import houses, seeding
from server.foundations import Foundations
from server.magic import PEOPLE, Magician, Trick

_LOCK: Final = 0x6D616769  # "magi": of servers that start at once one makes them at a time.
_REASON: Final = "A magic person of a test server"


async def seed(foundations: Foundations) -> None:
    """Makes them in the database of a server that is about to answer."""
    async with houses.opened(foundations) as house:
        await settle(house.clock())


async def settle(now: datetime) -> None:
    """Makes whoever of the magic people is not there yet as they should be."""
    async with _alone():
        for each in PEOPLE:
            person = await people.find(each.name)
            if person is None or not await _is_done(each, person):
                # The PIN comes before the wallets, and the wallets before the trick.
                await seeding.settle(each.townsperson, now)
                await _do(each.trick, await Person.get(account_name=each.name), now)
        await ledger.settled()


async def _is_done(magician: Magician, person: Person) -> bool:
    wallets = Account.filter(owner_id=person.id)
    still_open = await wallets.filter(closed_at__isnull=True, version__gte=bool(magician.owns))
    if magician.trick is Trick.CLOSED:
        return await wallets.exists() and not still_open
    is_frozen = person.freeze_level > 0
    is_tricked = is_frozen or magician.trick is Trick.NONE
    return is_tricked and len(still_open) == len(magician.currencies)


async def _do(trick: Trick, person: Person, now: datetime) -> None:
    if trick is Trick.NONE:
        return
    async with _signed_in(person, now) as identity, decision():
        if trick is Trick.CLOSED:
            await _close(identity, now)
        elif trick is Trick.PAUSED:
            await freezes.freeze_own(by=identity, now=now)
        else:
            await _restrict(person, now)
        # Nobody reads their mail, which a test server may really send.
        told = await SecurityEvent.filter(person_id=person.id).only("id")
        await jobs.withdraw(security_events.TELL_JOB, subject_ids=[each.id for each in told])


async def _close(identity: Identity, now: datetime) -> None:
    for wallet in await Account.filter(owner_id=identity.person_id):
        # Whoever paid in before it was closed is left alone.
        with suppress(closings.WalletNotEmpty, closings.WalletInUse):
            await closings.close_wallet(by=identity, wallet_id=wallet.id, now=now)


async def _restrict(person: Person, now: datetime) -> None:
    with suppress(freezes.AlreadyFrozen):
        await freezes.freeze(
            person_id=person.id, owner=FreezeOwner.RULE, by=None, reason=_REASON, now=now
        )


@asynccontextmanager
async def _signed_in(person: Person, now: datetime) -> AsyncIterator[Identity]:
    """What people do themselves they do in a session, which ends after the block."""
    opened = await sessions.open_session(
        person, audience=Audience.PUBLIC, client="uPay", now=now, factors=[Factor.PASSWORD]
    )
    identity = await sessions.identity(opened.tokens.access, now)
    assert identity is not None, "the session was just opened"
    try:
        yield identity
    finally:
        await sessions.sign_out(opened.session.id, now)


@asynccontextmanager
async def _alone() -> AsyncIterator[None]:
    async with client().pool.acquire() as connection:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)

"""What uPay keeps about people, in one picture, and short ways into the world of a test."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from domain import contacts, passwords, sessions
from domain.decisions import decision
from domain.sessions import Identity
from models.audit import AuditRecord
from models.database import client
from models.factors import FactorLoss, RecoveryCode, RecoverySet, TotpEnrolment
from models.freezes import Freeze
from models.jobs import Job
from models.links import Link
from models.people import Contact, ContactCode, ContactKind, Person, Pin, SignInGuard, Totp
from models.phrases import Phrase
from models.security_events import SecurityEvent
from models.sessions import Audience, Session, SessionToken
from models.wallets import Account
from tests import factories
from tests.moments import NOON

PASSWORD: Final = "correct horse 7 battery"
_TABLES: Final = (
    Account,
    AuditRecord,
    Contact,
    ContactCode,
    FactorLoss,
    Freeze,
    Job,
    Link,
    Person,
    Phrase,
    Pin,
    RecoveryCode,
    RecoverySet,
    SecurityEvent,
    Session,
    SessionToken,
    SignInGuard,
    Totp,
    TotpEnrolment,
)

_WAITING: Final = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def picture() -> dict[str, list[str]]:
    """Every row about people; two equal pictures mean that nothing changed."""
    async with decision(isolation="repeatable_read"):
        return {
            model._meta.db_table: sorted(str(row) for row in await model.all().values())
            for model in _TABLES
        }


async def resident(name: str, **changes: Any) -> Person:
    """Somebody who signs in with `PASSWORD`."""
    return await factories.person(name, password_hash=await passwords.hashed(PASSWORD), **changes)


async def proved(person: Person, kind: ContactKind, value: str) -> Contact:
    """A contact whose code came back."""
    contact = await contacts.add(person.id, kind, value, NOON)
    await contacts.send_code(person.id, contact.id, NOON)
    return await contacts.verify(person.id, contact.id, await newest_code(contact), NOON)


async def newest_code(contact: Contact) -> str:
    """The six digits as the contact's owner reads them."""
    code = await ContactCode.filter(contact_id=contact.id).order_by("-created_at", "-id").first()
    assert code is not None
    return contacts.code_for(code)


async def identity_of(person: Person) -> Identity:
    """Who the person is after signing in."""
    audience = Audience.DESK if person.role.is_desk else Audience.PUBLIC
    opened = await factories.session(person, audience, NOON)
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    return identity


async def person_of(identity: Identity) -> Person:
    """Whose identity it is."""
    return await Person.get(id=identity.person_id)


async def somebody_waits_for_a_lock() -> None:
    """Returns once a statement in this test's database waits for a row that another one locked."""
    async with asyncio.timeout(20):
        while not await client().pool.fetchval(_WAITING):
            pass


def different(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 1_000_000:06d}"

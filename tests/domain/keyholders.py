"""People with passkeys, and the devices they have them on."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from domain import fresh_proofs, passkeys, sessions
from domain.fresh_proofs import Factor
from models.ids import new_id
from models.passkeys import Passkey
from models.people import Person
from models.quotes import Challenge
from models.sessions import Audience
from tests import factories
from tests.authenticators import Authenticator, unpadded
from tests.moments import NOON

MINUTE: Final = timedelta(minutes=1)
ELSEWHERE: Final = "https://upay.example"

Device = tuple[sessions.Identity, Authenticator]


async def identity(
    person: Person, *, audience: Audience = Audience.PUBLIC, now: datetime = NOON
) -> sessions.Identity:
    """Somebody in a session that has seen their password."""
    opened = await factories.session(person, audience, now)
    found = await sessions.identity(opened.tokens.access, now)
    assert found is not None
    return found


async def registered(
    by: sessions.Identity, device: Authenticator, *, name: str = "Phone", now: datetime = NOON
) -> Passkey:
    """The passkey that a device makes for somebody."""
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=now)
    options = await passkeys.start(by=by, now=now)
    return await passkeys.finish(by=by, name=name, credential=device.register(options), now=now)


async def owner(name: str = "ada", **device: Any) -> Device:
    """Somebody with a passkey on a device."""
    by, made = await identity(await factories.person(name)), Authenticator(**device)
    await registered(by, made)
    return by, made


def quoted(by: sessions.Identity, **changes: Any) -> Challenge:
    """A challenge for one quote, as a transfer's preparation makes it."""
    facts: dict[str, Any] = {
        "id": new_id(),
        "quote_id": new_id(),
        "person_id": by.person_id,
        "digest": b"d" * 32,
        "expires_at": NOON + 5 * MINUTE,
    }
    return Challenge(**{**facts, **changes})


async def to_pay(by: sessions.Identity, challenge: Challenge) -> str:
    """What the payer's browser needs to ask for the signature."""
    options = await passkeys.payment_options(by.person_id, challenge)
    assert options is not None
    return options


def stored(by: sessions.Identity, number: int) -> Passkey:
    """One of many passkeys, made by nobody."""
    return Passkey(
        id=new_id(),
        person_id=by.person_id,
        credential_id=f"stored-{number}".encode(),
        public_key=b"k",
        is_synced=False,
        name=str(number),
        created_at=NOON,
    )


def client_data(answer: str) -> Any:
    """What a device says it was asked, and where."""
    return json.loads(unpadded(json.loads(answer)["response"]["clientDataJSON"]))

"""People who have just proved in their session that it is they."""

from __future__ import annotations

from domain import fresh_proofs
from domain.fresh_proofs import Factor
from domain.sessions import Identity
from models.people import Person
from tests.domain import registers
from tests.moments import NOON


async def twice(person: Person) -> Identity:
    """Somebody signed in whose password and second factor are fresh."""
    identity = await registers.identity_of(person)
    await fresh_proofs.note(identity.session_id, Factor.TOTP, now=NOON)
    return identity

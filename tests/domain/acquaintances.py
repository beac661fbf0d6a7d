"""What stands between two people, as rows."""

from __future__ import annotations

from datetime import timedelta

from models.acquaintances import FavouritePayee, PersonBlock
from models.ids import new_id
from models.money_requests import MoneyRequest, MoneyRequestStatus
from models.people import Person
from tests.moments import NOON


async def asked_of(payer: Person, asker: Person, amount: int = 250) -> MoneyRequest:
    """The asker wants money from the payer."""
    return await MoneyRequest.create(
        id=new_id(),
        asker_id=asker.id,
        payer_id=payer.id,
        amount=amount,
        currency="CNY",
        status=MoneyRequestStatus.OPEN,
        created_at=NOON,
        expires_at=NOON + timedelta(days=7),
    )


def favourite(person: Person, payee: Person) -> FavouritePayee:
    """A favourite that nobody has saved."""
    return FavouritePayee(
        id=new_id(), person_id=person.id, payee_id=payee.id, alias="", added_at=NOON
    )


async def kept(person: Person, payee: Person) -> FavouritePayee:
    """A favourite of the person's."""
    made = favourite(person, payee)
    await made.save(force_create=True)
    return made


def block(person: Person, other: Person) -> PersonBlock:
    """A block that nobody has saved."""
    return PersonBlock(id=new_id(), person_id=person.id, blocked_id=other.id, at=NOON)


async def blocked(person: Person, other: Person) -> PersonBlock:
    """Somebody the person wants nothing from."""
    made = block(person, other)
    await made.save(force_create=True)
    return made

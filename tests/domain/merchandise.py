"""Merchants of tests: what somebody says of a tea house, and people who manage one."""

from __future__ import annotations

from typing import Final

from domain import merchants
from domain.merchants import Particulars
from domain.sessions import Identity
from models.merchants import MemberRole, Merchant, MerchantMember
from models.people import Person, Role
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.moments import NOON

TEA: Final = Particulars(name="Tea House", category="5812", country="CN", city="Hangzhou")
WHY: Final = "They sent their licence"


async def applied(owner: Person) -> Merchant:
    """A merchant that nobody has decided about."""
    return await merchants.apply(owner.id, TEA, NOON)


async def agent(name: str = "lin") -> Identity:
    """Somebody who works at the desk."""
    return factories.identity(await factories.person(name, role=Role.AGENT))


async def roles(merchant: Merchant) -> dict[str, MemberRole]:
    """Who works there and as what, by account name."""
    members = await MerchantMember.filter(merchant_id=merchant.id)
    return {(await Person.get(id=each.person_id)).account_name: each.role for each in members}


async def told(person: Person) -> list[EventKind]:
    """What somebody was told, in the order in which it happened."""
    return [event.kind for event in await SecurityEvent.filter(person_id=person.id).order_by("id")]

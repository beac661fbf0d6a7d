"""Freezes in the customer's own hand: placed by a session or a link, lifted with proofs."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain import fresh_proofs, links
from domain.decisions import decision
from domain.freezes import placing
from domain.refusals import NotFound
from domain.sessions import Identity
from models.freezes import FreezeOwner
from models.links import Link, LinkKind
from models.people import Person

UNFREEZE_PROOFS: Final = 2
"""How many kinds of proof lift one's own freeze; placing it takes none."""

_IN_A_SESSION: Final = "The customer asked for it in a session."
_BY_A_LINK: Final = "The customer asked for it by the link in a letter."


async def freeze_own(*, by: Identity, now: datetime, address: str = "") -> Person:
    """Lets nothing leave one's own wallets from now on; what is frozen so already stays so.

    A session is enough, whoever has it: the worst that comes of it is that nothing can be paid.
    """
    try:
        return await placing.freeze(
            person_id=by.person_id,
            owner=FreezeOwner.CUSTOMER,
            by=by,
            reason=_IN_A_SESSION,
            now=now,
            address=address,
        )
    except placing.AlreadyFrozen:
        return await Person.get(id=by.person_id)


async def unfreeze_own(*, by: Identity, now: datetime, address: str = "") -> Person:
    """Lifts one's own freeze; one that somebody else placed stays.

    Raises:
        ProofNeeded: two kinds of proof must be fresh in this session.
        NotFrozen: nothing is open.
        FreezeIsStronger: all that is open was placed by somebody else.
    """
    await fresh_proofs.require(by, now, count=UNFREEZE_PROOFS)
    return await placing.lift(
        person_id=by.person_id,
        owner=FreezeOwner.CUSTOMER,
        by=by,
        reason=_IN_A_SESSION,
        now=now,
        address=address,
    )


async def freeze_by_link(link: Link, now: datetime) -> None:
    """Uses a link of the kind FREEZE up, and lets nothing leave its person's wallets from now on.

    Whoever is frozen by themselves already stays so.

    Raises:
        LinkDead: the link was used, is too old, or belongs to somebody without wallets.
    """
    assert link.kind is LinkKind.FREEZE, "the page of another kind of link has another verb"
    async with decision() as announce:
        await links.spend(link, now)
        try:
            person = await placing.locked(link.person_id)
        except NotFound:
            raise links.LinkDead from None
        if not await placing.is_frozen_by(FreezeOwner.CUSTOMER, person.id):
            placed = placing.freeze_row(person.id, FreezeOwner.CUSTOMER, person.id, _BY_A_LINK, now)
            await placing.place(placed, person, announce, by="link")

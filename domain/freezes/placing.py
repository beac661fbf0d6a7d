"""Placing freezes and lifting them, whoever owns them, where postings read them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain import audit, keys, security_events
from domain.decisions import Announce, decision
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.freezes import Freeze, FreezeOwner
from models.ids import new_id
from models.people import Person
from models.security_events import EventKind
from models.wallets import Account


class AlreadyFrozen(Refusal):
    """This owner has an open freeze on the person."""

    def __init__(self) -> None:
        super().__init__("This is frozen already.")


class NotFrozen(Refusal):
    def __init__(self) -> None:
        super().__init__("This is not frozen.")


class FreezeIsStronger(Refusal):
    """Every open freeze belongs to somebody stronger."""

    def __init__(self) -> None:
        super().__init__("Somebody stronger placed this freeze.")


async def freeze(
    *,
    person_id: UUID,
    owner: FreezeOwner,
    by: Identity | None,
    reason: str,
    now: datetime,
    address: str = "",
) -> Person:
    """Lets nothing leave the person's wallets from now on; `by` is None for a rule of the house.

    `address` is the network address that it was asked from, if somebody asked.

    Raises:
        ReasonRequired: a freeze has a reason.
        NotFound: there is no such person, they work at the desk, or `by` is not this owner.
        AlreadyFrozen: by the same owner.
    """
    why = audit.reason(reason)
    _check_owner(owner, person_id, by)
    async with decision() as announce:
        person = await locked(person_id)
        if await is_frozen_by(owner, person_id):
            raise AlreadyFrozen
        placed = freeze_row(person_id, owner, _actor_id(by), why, now)
        await place(placed, person, announce, session_id=_own_session_id(by), address=address)
        await _record("freeze_customer", person_id, by, why, now)
    return person


async def lift(
    *,
    person_id: UUID,
    owner: FreezeOwner,
    by: Identity | None,
    reason: str,
    now: datetime,
    address: str = "",
) -> Person:
    """Lifts every open freeze that `owner` is strong enough for; `by` as in `freeze`.

    Raises:
        ReasonRequired: lifting has a reason.
        NotFound: there is no such person, they work at the desk, or `by` is not this owner.
        NotFrozen: nothing is open.
        FreezeIsStronger: all that is open belongs to somebody stronger.
    """
    why = audit.reason(reason)
    _check_owner(owner, person_id, by)
    async with decision() as announce:
        person = await locked(person_id)
        if not person.freeze_level:
            raise NotFrozen
        lifted = await Freeze.filter(
            person_id=person_id, owner__lte=owner, lifted_at__isnull=True
        ).update(lifted_at=now, lifted_by=_actor_id(by), lift_reason=why)
        if not lifted:
            raise FreezeIsStronger
        await _apply(person)
        await _record("unfreeze_customer", person_id, by, why, now)
        await security_events.record(
            announce,
            EventKind.UNFROZEN,
            person_id=person_id,
            now=now,
            session_id=_own_session_id(by),
            address=address,
            owner=owner.name,
            is_frozen=person.freeze_level > 0,
        )
        announce(f"person:{person_id}")
    return person


def freeze_row(
    person_id: UUID, owner: FreezeOwner, frozen_by: UUID, reason: str, now: datetime
) -> Freeze:
    """A freeze that is yet to be placed."""
    return Freeze(
        id=new_id(),
        person_id=person_id,
        owner=owner,
        reason=reason,
        frozen_by=frozen_by,
        frozen_at=now,
    )


async def place(
    placed: Freeze,
    person: Person,
    announce: Announce,
    *,
    session_id: UUID | None = None,
    address: str = "",
    **detail: str,
) -> None:
    """Writes a freeze of somebody who is locked, where postings read it, and tells them."""
    await placed.save(force_create=True)
    await _apply(person)
    await security_events.record(
        announce,
        EventKind.FROZEN,
        person_id=person.id,
        now=placed.frozen_at,
        session_id=session_id,
        address=address,
        owner=placed.owner.name,
        **detail,
    )
    announce(f"person:{person.id}")


def _check_owner(owner: FreezeOwner, person_id: UUID, by: Identity | None) -> None:
    """Customers freeze and lift only what is theirs, agents as the desk, rules as nobody."""
    if by is None:
        is_owner = owner is FreezeOwner.RULE
    elif by.role.is_desk:
        is_owner = owner is FreezeOwner.AGENT
    else:
        is_owner = owner is FreezeOwner.CUSTOMER and by.person_id == person_id
    if not is_owner:
        raise NotFound


def _actor_id(by: Identity | None) -> UUID:
    return keys.SYSTEM if by is None else by.person_id


def _own_session_id(by: Identity | None) -> UUID | None:
    """The session of a customer who acts for themselves; an agent's is not the customer's."""
    return None if by is None or by.role.is_desk else by.session_id


async def is_frozen_by(owner: FreezeOwner, person_id: UUID) -> bool:
    """Whether this owner's freeze of the person is open; certain only while they are locked."""
    return await Freeze.exists(person_id=person_id, owner=owner, lifted_at__isnull=True)


async def locked(person_id: UUID) -> Person:
    """The person, locked before their accounts; postings lock accounts and never people.

    Raises:
        NotFound: there is none, or they work at the desk.
    """
    person = await Person.filter(id=person_id).select_for_update(no_key=True).get_or_none()
    if person is None or person.role.is_desk:
        raise NotFound
    return person


async def _apply(person: Person) -> None:
    """Writes the strongest open freeze where postings read it; accounts are locked in id order."""
    open_ones = await Freeze.filter(person_id=person.id, lifted_at__isnull=True)
    person.freeze_level = max((row.owner for row in open_ones), default=0)
    await person.save(update_fields=["freeze_level"])
    await Account.filter(owner_id=person.id).order_by("id").select_for_update(no_key=True)
    await Account.filter(owner_id=person.id).update(freeze_level=person.freeze_level)


async def _record(
    action: str, person_id: UUID, by: Identity | None, why: str, now: datetime
) -> None:
    """Agents act on others, and that is on record; what else happens the freeze itself says."""
    if by is not None and by.role.is_desk:
        await audit.record(
            actor_id=by.person_id, action=action, subject_id=person_id, reason=why, now=now
        )

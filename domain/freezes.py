"""Freezing a person: nothing leaves their wallets until an equal or stronger owner lifts it.

A posting reads the freeze on the account rows it has locked, so it is done either before the
freeze or refused after it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import audit, keys
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.freezes import Freeze, FreezeOwner
from models.ids import new_id
from models.people import Person
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


FREEZE_REFUSALS: Final = (audit.ReasonRequired, AlreadyFrozen)
LIFT_REFUSALS: Final = (audit.ReasonRequired, NotFrozen, FreezeIsStronger)


async def freeze(
    *, person_id: UUID, owner: FreezeOwner, by: Identity | None, reason: str, now: datetime
) -> Person:
    """Lets nothing leave the person's wallets from now on; `by` is None for a rule of the house.

    Raises:
        ReasonRequired: a freeze has a reason.
        NotFound: there is no such person, they work at the desk, or `by` is not this owner.
        AlreadyFrozen: by the same owner.
    """
    why = audit.reason(reason)
    _check_owner(owner, person_id, by)
    async with decision() as announce:
        person = await _locked(person_id)
        if await Freeze.exists(person_id=person_id, owner=owner, lifted_at__isnull=True):
            raise AlreadyFrozen
        await Freeze.create(
            id=new_id(),
            person_id=person_id,
            owner=owner,
            reason=why,
            frozen_by=_actor_id(by),
            frozen_at=now,
        )
        await _apply(person)
        await _record("freeze_customer", person_id, by, why, now)
        announce(f"person:{person_id}")
    return person


async def lift(
    *, person_id: UUID, owner: FreezeOwner, by: Identity | None, reason: str, now: datetime
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
        person = await _locked(person_id)
        if not person.freeze_level:
            raise NotFrozen
        lifted = await Freeze.filter(
            person_id=person_id, owner__lte=owner, lifted_at__isnull=True
        ).update(lifted_at=now, lifted_by=_actor_id(by), lift_reason=why)
        if not lifted:
            raise FreezeIsStronger
        await _apply(person)
        await _record("unfreeze_customer", person_id, by, why, now)
        announce(f"person:{person_id}")
    return person


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


async def _locked(person_id: UUID) -> Person:
    """The person, locked before their accounts; postings lock accounts and never people."""
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

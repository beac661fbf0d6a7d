"""Who works for a merchant: added, given another role, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import fresh_proofs, names, security_events
from domain.decisions import decision
from domain.fresh_proofs import ProofNeeded
from domain.merchants.actors import working
from domain.merchants.api_keys import MerchantNotAccepted
from domain.merchants.scopes import Scope
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.ids import new_id
from models.merchants import MemberRole, Merchant, MerchantMember, MerchantStatus
from models.people import Person
from models.security_events import EventKind

MEMBERS_MAX: Final = 100


class MemberNotFound(Refusal):
    """Nobody has this account name, or whoever has it works at the desk."""

    def __init__(self) -> None:
        super().__init__("There is nobody of this name.")


class AlreadyMember(Refusal):
    """They work for the merchant already."""

    def __init__(self) -> None:
        super().__init__("They work for this merchant already.")


class TooManyMembers(Refusal):
    """`most` people work for the merchant already."""

    def __init__(self) -> None:
        super().__init__("Too many people work for this merchant.")
        self.most = MEMBERS_MAX


class OwnerStays(Refusal):
    """The owner neither leaves nor gets another role before somebody else has taken over."""

    def __init__(self) -> None:
        super().__init__("Somebody has to answer for this merchant.")


ADD_MEMBER_REFUSALS: Final = (
    ProofNeeded,
    MerchantNotAccepted,
    MemberNotFound,
    AlreadyMember,
    TooManyMembers,
)
SET_ROLE_REFUSALS: Final = (ProofNeeded, OwnerStays)
LEAVE_REFUSALS: Final = (OwnerStays,)
REMOVE_MEMBER_REFUSALS: Final = (ProofNeeded, OwnerStays)


async def of(merchant_id: UUID) -> list[tuple[MerchantMember, Person]]:
    """Who works for the merchant, the longest first."""
    members = await MerchantMember.filter(merchant_id=merchant_id).order_by("added_at", "id")
    found = await Person.filter(id__in=[member.person_id for member in members])
    by_id = {person.id: person for person in found}
    return [(member, by_id[member.person_id]) for member in members]


async def merchants_of(person_id: UUID) -> list[tuple[Merchant, MemberRole]]:
    """The merchants that a person works for, and as what; the last applied first, at most 100."""
    members = await MerchantMember.filter(person_id=person_id)
    roles = {member.merchant_id: member.role for member in members}
    theirs = Merchant.filter(id__in=list(roles)).order_by("-applied_at", "-id").limit(100)
    return [(merchant, roles[merchant.id]) for merchant in await theirs]


async def add(
    *, by: Identity, merchant_id: UUID, account_name: str, role: MemberRole, now: datetime
) -> tuple[MerchantMember, Person]:
    """Somebody works for the merchant from now on; they get a letter, and can leave.

    Raises:
        NotFound: `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        MerchantNotAccepted, MemberNotFound, AlreadyMember, TooManyMembers: see there.
    """
    assert role is not MemberRole.OWNER, "an owner takes a merchant over"
    await working(by, merchant_id, Scope.MANAGE)
    await fresh_proofs.require(by, now)
    person = await _named(account_name)
    async with decision() as announce:
        merchant = await locked(merchant_id)
        if merchant.status not in {MerchantStatus.ACCEPTING, MerchantStatus.PAUSED}:
            raise MerchantNotAccepted
        members = MerchantMember.filter(merchant_id=merchant_id)
        if await members.filter(person_id=person.id).exists():
            raise AlreadyMember
        if await members.count() >= MEMBERS_MAX:
            raise TooManyMembers
        member = await MerchantMember.create(
            id=new_id(), merchant_id=merchant_id, person_id=person.id, role=role, added_at=now
        )
        await security_events.record(
            announce,
            EventKind.MERCHANT_JOINED,
            person_id=person.id,
            now=now,
            merchant=merchant.name,
        )
    return member, person


async def set_role(
    *, by: Identity, member_id: UUID, role: MemberRole, now: datetime
) -> tuple[MerchantMember, Person]:
    """Lets a member do other things for the merchant; at once.

    Raises:
        NotFound: there is none, or `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        OwnerStays: see there.
    """
    assert role is not MemberRole.OWNER, "an owner takes a merchant over"
    member = await managed(by, member_id)
    await fresh_proofs.require(by, now)
    async with decision():
        await locked(member.merchant_id)
        member = await still(member_id)
        if member.role is MemberRole.OWNER:
            raise OwnerStays
        member.role = role
        await member.save(update_fields=["role"])
    return member, await Person.get(id=member.person_id)


async def remove(*, by: Identity, member_id: UUID, now: datetime) -> Merchant:
    """Somebody works for the merchant no more. The keys they made stay.

    Raises:
        NotFound: there is none, or `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        OwnerStays: see there.
    """
    await managed(by, member_id)
    await fresh_proofs.require(by, now)
    return await _gone(member_id)


async def leave(*, by: Identity, merchant_id: UUID) -> Merchant:
    """Whoever asks works for the merchant no more.

    Raises:
        NotFound: they do not work there.
        OwnerStays: see there.
    """
    member = await MerchantMember.get_or_none(merchant_id=merchant_id, person_id=by.person_id)
    if member is None:
        raise NotFound
    return await _gone(member.id)


async def _named(account_name: str) -> Person:
    try:
        name = names.account_name(account_name)
    except names.AccountNameInvalid:
        raise MemberNotFound from None
    person = await Person.get_or_none(account_name=name)
    if person is None or person.role.is_desk or person.closed_at is not None:
        raise MemberNotFound
    return person


async def managed(by: Identity, member_id: UUID) -> MerchantMember:
    """A member of a merchant that `by` manages.

    Raises:
        NotFound: there is none.
    """
    member = await MerchantMember.get_or_none(id=member_id)
    if member is None:
        raise NotFound
    await working(by, member.merchant_id, Scope.MANAGE)
    return member


async def locked(merchant_id: UUID) -> Merchant:
    """The merchant, locked: whoever changes who works for it waits for whoever does."""
    return await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()


async def still(member_id: UUID) -> MerchantMember:
    """The member as they are now that their merchant is locked.

    Raises:
        NotFound: they have left.
    """
    member = await MerchantMember.get_or_none(id=member_id)
    if member is None:
        raise NotFound
    return member


async def _gone(member_id: UUID) -> Merchant:
    """Whose member it was.

    Raises:
        NotFound, OwnerStays: see there.
    """
    async with decision():
        merchant = await locked((await still(member_id)).merchant_id)
        member = await still(member_id)
        if member.role is MemberRole.OWNER:
            raise OwnerStays
        if merchant.offered_to == member.person_id:
            merchant.offered_to = None
            await merchant.save(update_fields=["offered_to"])
        await member.delete()
    return merchant

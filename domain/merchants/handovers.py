"""How a merchant changes hands: its owner offers it to another member, who accepts."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import fresh_proofs, security_events
from domain.decisions import decision
from domain.fresh_proofs import ProofNeeded
from domain.merchants.api_keys import MerchantNotAccepted
from domain.merchants.members import locked, managed, still
from domain.merchants.statuses import CLOSE_PROOFS
from domain.refusals import NotFound
from domain.sessions import Identity
from models.merchants import MemberRole, Merchant, MerchantMember, MerchantStatus
from models.people import Person
from models.security_events import EventKind

OFFER_REFUSALS: Final = (ProofNeeded, MerchantNotAccepted)
ACCEPT_REFUSALS: Final = (ProofNeeded,)


async def offer(*, by: Identity, member_id: UUID, now: datetime) -> Merchant:
    """Asks another member to answer for the merchant; nothing changes before they accept.

    The last offer is the one that counts; to offer it to oneself takes an offer back.

    Raises:
        NotFound: there is no such member, or `by` is not the owner.
        ProofNeeded: two kinds of proof must be fresh in this session.
        MerchantNotAccepted: it is closed, or was never accepted.
    """
    member = await managed(by, member_id)
    await fresh_proofs.require(by, now, count=CLOSE_PROOFS)
    async with decision() as announce:
        merchant = await locked(member.merchant_id)
        if merchant.owner_id != by.person_id:
            raise NotFound
        if merchant.status not in {MerchantStatus.ACCEPTING, MerchantStatus.PAUSED}:
            raise MerchantNotAccepted
        person_id = (await still(member_id)).person_id
        merchant.offered_to = None if person_id == by.person_id else person_id
        await merchant.save(update_fields=["offered_to"])
        if merchant.offered_to is not None:
            await security_events.record(
                announce,
                EventKind.MERCHANT_OFFERED,
                person_id=person_id,
                now=now,
                merchant=merchant.name,
            )
    return merchant


async def accept(*, by: Identity, merchant_id: UUID, now: datetime) -> Merchant:
    """Whoever asks answers for the merchant from now on; who did before manages it with them.

    Raises:
        NotFound: it was not offered to them, or that was taken back.
        ProofNeeded: one proof must be fresh in this session.
    """
    if not await Merchant.exists(id=merchant_id, offered_to=by.person_id):
        raise NotFound
    await fresh_proofs.require(by, now)
    async with decision():
        # The person's row first, as whoever closes their account has it.
        person = await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
        merchant = await locked(merchant_id)
        if merchant.offered_to != by.person_id or person.closed_at is not None:
            raise NotFound
        members = MerchantMember.filter(merchant_id=merchant_id)
        await members.filter(role=MemberRole.OWNER).update(role=MemberRole.MANAGER)
        await members.filter(person_id=by.person_id).update(role=MemberRole.OWNER)
        merchant.owner_id, merchant.offered_to = by.person_id, None
        await merchant.save(update_fields=["owner_id", "offered_to"])
    return merchant

"""Becoming a merchant: a person applies, and somebody at the desk decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import phonenumbers

from domain import audit, names, reserved_names, security_events
from domain.decisions import Announce, decision
from domain.merchants import numbers
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.ids import new_id
from models.merchants import MemberRole, Merchant, MerchantMember, MerchantStatus
from models.people import Person
from models.places import Place, oldest
from models.security_events import EventKind

_CATEGORY: Final = re.compile(r"[0-9]{4}")
_COUNTRIES: Final = frozenset(phonenumbers.SUPPORTED_REGIONS)


class MerchantNameInvalid(Refusal):
    """Name or city is not 1 to 64 visible characters, or the name sounds like uPay's own."""

    def __init__(self) -> None:
        super().__init__("A merchant cannot have this name.")


class MerchantCategoryInvalid(Refusal):
    """Not a category of four digits (ISO 18245), or not a country of two letters (ISO 3166)."""

    def __init__(self) -> None:
        super().__init__("This is not a known category or country.")


class MerchantApplicationOpen(Refusal):
    """Another application of this person is still to be decided."""

    def __init__(self) -> None:
        super().__init__("The last application is still to be decided.")


class MerchantDecided(Refusal):
    """The application was decided, or withdrawn, before; `merchant` says how."""

    def __init__(self, merchant: Merchant) -> None:
        super().__init__("This application is decided already.")
        self.merchant = merchant


APPLY_REFUSALS: Final = (MerchantNameInvalid, MerchantCategoryInvalid, MerchantApplicationOpen)
READ_REFUSALS: Final = (audit.ReasonRequired,)
DECIDE_REFUSALS: Final = (audit.ReasonRequired, MerchantDecided)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What somebody says of their business, as they wrote it."""

    name: str
    category: str
    country: str
    city: str

    def tidy(self) -> Particulars:
        """The same in the one spelling that is kept.

        Raises:
            MerchantNameInvalid, MerchantCategoryInvalid: see there.
        """
        try:
            name, city = names.display_name(self.name), names.display_name(self.city)
            reserved_names.refuse(name)
        except (names.DisplayNameInvalid, reserved_names.DisplayNameReserved):
            raise MerchantNameInvalid from None
        if not _CATEGORY.fullmatch(self.category) or self.country not in _COUNTRIES:
            raise MerchantCategoryInvalid
        return Particulars(name=name, category=self.category, country=self.country, city=city)


async def apply(person_id: UUID, particulars: Particulars, now: datetime) -> Merchant:
    """A merchant that takes no payments until the desk has decided; the person is its owner.

    Raises:
        MerchantNameInvalid, MerchantCategoryInvalid, MerchantApplicationOpen: see there.
        NotFound: the person closed their account a moment ago.
    """
    said = particulars.tidy()
    async with decision():
        # Two at once wait for each other here, and the second finds the first.
        person = await Person.filter(id=person_id).select_for_update(no_key=True).get()
        if person.closed_at is not None:
            raise NotFound
        if await Merchant.exists(owner_id=person_id, status=MerchantStatus.APPLIED):
            raise MerchantApplicationOpen
        merchant = await Merchant.create(
            id=new_id(),
            number=await _free_number(),
            name=said.name,
            category=said.category,
            country=said.country,
            city=said.city,
            status=MerchantStatus.APPLIED,
            owner_id=person_id,
            applied_at=now,
        )
        await MerchantMember.create(
            id=new_id(),
            merchant_id=merchant.id,
            person_id=person_id,
            role=MemberRole.OWNER,
            added_at=now,
        )
    return merchant


async def page(
    *, by: Identity, status: MerchantStatus | None, limit: int, after: Place | None
) -> list[Merchant]:
    """Up to `limit` merchants that come after a place, by (applied_at, id): the longest waiting.

    Raises:
        NotFound: whoever asks does not work at the desk.
    """
    by.require_desk()
    found = Merchant.all() if status is None else Merchant.filter(status=status)
    return await oldest(found, "applied_at", limit=limit, after=after)


async def look_at(*, by: Identity, merchant_id: UUID, reason: str, now: datetime) -> Merchant:
    """A merchant, for an agent who says why they look; that they did is on record.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, `by` works for it, or they do not work at the desk.
    """
    by.require_desk()
    why = audit.reason(reason)
    merchant = await foreign(by, merchant_id)
    async with decision():
        await record(by, "view_merchant", merchant, why, now)
    return merchant


async def decide(
    *, by: Identity, merchant_id: UUID, is_accepted: bool, reason: str, now: datetime
) -> Merchant:
    """Decides an application; its owner reads `reason`, and gets a letter.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, `by` works for it, or they do not work at the desk.
        MerchantDecided: an agent was faster, or it was withdrawn.
    """
    by.require_desk()
    why = audit.reason(reason)
    await foreign(by, merchant_id)
    async with decision() as announce:
        merchant = await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
        if merchant.status is not MerchantStatus.APPLIED:
            raise MerchantDecided(merchant)
        await decide_in(
            announce, merchant, is_accepted=is_accepted, reason=why, by=by.person_id, now=now
        )
        outcome = merchant.status.value
        await record(by, "decide_merchant", merchant, why, now, decision=outcome)
    return merchant


async def decide_in(
    announce: Announce,
    merchant: Merchant,
    *,
    is_accepted: bool,
    reason: str,
    by: UUID,
    now: datetime,
) -> None:
    """Lets the merchant take payments, or not, in the caller's decision, which has locked it."""
    accepted, rejected = MerchantStatus.ACCEPTING, MerchantStatus.REJECTED
    merchant.status = accepted if is_accepted else rejected
    merchant.decided_at, merchant.decided_by, merchant.reason = now, by, reason
    await merchant.save(update_fields=["status", "decided_at", "decided_by", "reason"])
    told = EventKind.MERCHANT_ACCEPTED if is_accepted else EventKind.MERCHANT_REJECTED
    await security_events.record(
        announce, told, person_id=merchant.owner_id, now=now, merchant=merchant.name
    )


async def foreign(by: Identity, merchant_id: UUID) -> Merchant:
    """A merchant that `by`, who works at the desk, has nothing to do with.

    Raises:
        NotFound: there is none, `by` works for it, or they do not work at the desk.
    """
    by.require_desk()
    merchant = await Merchant.get_or_none(id=merchant_id)
    theirs = MerchantMember.exists(merchant_id=merchant_id, person_id=by.person_id)
    if merchant is None or await theirs:
        raise NotFound
    return merchant


async def _free_number() -> str:
    while True:
        number = numbers.drawn()
        if not await Merchant.exists(number=number):
            return number


async def record(
    by: Identity, action: str, merchant: Merchant, why: str, now: datetime, **detail: str
) -> None:
    """Writes down what an agent did about a merchant, in the caller's decision."""
    await audit.record(
        actor_id=by.person_id,
        action=action,
        subject_id=merchant.id,
        reason=why,
        now=now,
        **detail,
    )

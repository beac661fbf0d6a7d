"""Inquiries: "was this you?", asked about a payment, and what follows from the answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import (
    freezes,
    fresh_proofs,
    ledger,
    links,
    payment_releases,
    people,
    provider_orders,
    risk_cases,
    sessions,
    settlements,
)
from domain.decisions import Announce, decision, retrying
from domain.refusals import NotFound, Refusal
from domain.risk.records import note_place
from domain.sessions import Identity
from models.freezes import FreezeOwner
from models.links import Link, LinkKind
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.people import Person
from models.places import Place, newest
from models.quotes import Challenge, Quote
from models.risk import CaseCause, Inquiry, InquiryStatus, RuleSnooze
from models.wallets import Account

SNOOZED_FOR: Final = timedelta(days=30)
_WAITING: Final = (MovementStatus.PENDING, MovementStatus.IN_REVIEW)
_RECALLED: Final = (
    MovementKind.TRANSFER,
    MovementKind.MERCHANT_PAYMENT,
    MovementKind.WITHDRAWAL,
)
_REASON: Final = "The customer says that a payment was not theirs."


class InquiryClosed(Refusal):
    """It was answered before, or its time is over; `inquiry` says which."""

    def __init__(self, inquiry: Inquiry) -> None:
        super().__init__("This question is closed.")
        self.inquiry = inquiry


ANSWER_REFUSALS: Final = (fresh_proofs.ProofNeeded, InquiryClosed)


async def answer(*, by: Identity, inquiry_id: UUID, was_me: bool, now: datetime) -> Inquiry:
    """The payer's own answer; of several at once the first one counts.

    Yes snoozes what asked for 30 days, for that device or payee. No freezes the payer, calls back
    what still waits, ends every other session and opens a case. Whoever holds a stolen session
    would say yes, so that needs fresh proofs, two of them where the payment came from this session.

    Raises:
        NotFound: it is no inquiry of this person.
        ProofNeeded: only for yes.
        InquiryClosed: it was answered before, or too late.
    """
    inquiry = await Inquiry.get_or_none(id=inquiry_id, person_id=by.person_id)
    if inquiry is None:
        raise NotFound
    if was_me:
        is_questioned = inquiry.session_id == by.session_id
        await fresh_proofs.require(by, now, count=2 if is_questioned else 1)

    async def answered() -> None:
        async with decision() as announce:
            await _answer(announce, inquiry, was_me, now, kept_session_id=by.session_id)

    await retrying(answered)
    return await Inquiry.get(id=inquiry_id)


async def answer_by_link(link: Link, was_me: bool, now: datetime) -> Inquiry:
    """The answer of whoever reads the payer's letters; uses the link up. Ends every session on no.

    Raises:
        LinkDead: the link was used, is too old, or the question was answered elsewhere.
    """
    assert link.kind is LinkKind.ANSWER, "the page of another kind of link has another verb"
    inquiry = await Inquiry.get(id=link.subject_id)

    async def answered() -> None:
        async with decision() as announce:
            await links.spend(link, now)
            await _answer(announce, inquiry, was_me, now, kept_session_id=None)

    try:
        await retrying(answered)
    except InquiryClosed:
        raise links.LinkDead from None
    return await Inquiry.get(id=inquiry.id)


async def payee_names(found: Sequence[Inquiry]) -> dict[UUID, str]:
    """Whom each inquiry's payment was to pay, as the payer sees them, by the inquiry's id."""
    people_ids = {row.payee_id for row in found if row.payee_name is None}
    known = await Person.in_bulk(people_ids, "id") if people_ids else {}
    return {
        row.id: row.payee_name or people.name_for_strangers(known[row.payee_id]) for row in found
    }


async def page(person_id: UUID, *, limit: int, after: Place | None) -> list[Inquiry]:
    """Up to `limit` inquiries of a person that come after a place, newest first."""
    found = Inquiry.filter(person_id=person_id)
    return await newest(found, "asked_at", limit=limit, after=after)


async def close(inquiry_id: UUID, now: datetime) -> None:
    """Closes what nobody answered in time, and does what the rule wants then; repeated, nothing."""
    async with decision():
        asked = Inquiry.filter(id=inquiry_id, status=InquiryStatus.ASKED, deadline_at__lte=now)
        if not await asked.update(status=InquiryStatus.UNANSWERED):
            return
        inquiry = await Inquiry.get(id=inquiry_id)
        movement = await _movement(inquiry)
        if inquiry.is_reviewed_unanswered and movement is not None:
            await risk_cases.open_for(inquiry, movement, CaseCause.SILENCE, now)


async def _answer(
    announce: Announce,
    inquiry: Inquiry,
    was_me: bool,
    now: datetime,
    *,
    kept_session_id: UUID | None,
) -> None:
    status = InquiryStatus.CONFIRMED if was_me else InquiryStatus.REPORTED
    asked = Inquiry.filter(id=inquiry.id, status=InquiryStatus.ASKED, deadline_at__gt=now)
    if not await asked.update(status=status, answered_at=now):
        raise InquiryClosed(await Inquiry.get(id=inquiry.id))
    if was_me:
        await _believe(inquiry, now)
    else:
        await _protect(announce, inquiry, now, kept_session_id)


async def _believe(inquiry: Inquiry, now: datetime) -> None:
    until = now + SNOOZED_FOR
    snoozes = [
        RuleSnooze(
            person_id=inquiry.person_id, rule=rule, subject_id=inquiry.subject_id, until=until
        )
        for rule in inquiry.rules
    ]
    await RuleSnooze.bulk_create(
        snoozes,
        on_conflict=("person_id", "rule", "subject_id"),
        update_fields=("until",),
    )
    if inquiry.place is not None:
        await note_place(inquiry.person_id, inquiry.place, now)


async def _protect(
    announce: Announce, inquiry: Inquiry, now: datetime, kept_session_id: UUID | None
) -> None:
    waiting = await _waiting(inquiry)
    await payment_releases.lock_orders(waiting)
    await _lock(inquiry.person_id, [account for row in waiting for account in _sides(row)])
    with suppress(freezes.AlreadyFrozen):
        await freezes.freeze(
            person_id=inquiry.person_id, owner=FreezeOwner.RULE, by=None, reason=_REASON, now=now
        )
    for movement in waiting:
        await _recall(announce, movement, now)
    await sessions.end_all(inquiry.person_id, reason="reported", now=now, except_id=kept_session_id)
    await risk_cases.open_for(inquiry, await _movement(inquiry), CaseCause.REPORT, now)


async def _waiting(inquiry: Inquiry) -> list[Movement]:
    """What this person has set aside since they were asked: a thief may have gone on."""
    wallets = await Account.filter(owner_id=inquiry.person_id).values_list("id", flat=True)
    return await Movement.filter(
        source_id__in=list(wallets),
        person_id=inquiry.person_id,
        kind__in=_RECALLED,
        status__in=_WAITING,
        created_at__gte=inquiry.asked_at,
    ).order_by("id")


async def _lock(person_id: UUID, account_ids: list[UUID]) -> None:
    """The person before all accounts, those in id order: as freezes and postings take them."""
    await Person.filter(id=person_id).select_for_update(no_key=True).get()
    own = await Account.filter(owner_id=person_id).values_list("id", flat=True)
    every = {*own, *account_ids}
    await Account.filter(id__in=every).order_by("id").select_for_update(no_key=True)


async def _recall(announce: Announce, movement: Movement, now: datetime) -> None:
    """Gives back what is set aside; what has ended meanwhile, or a bank has, stays as it is."""
    key = settlements.own_key(movement.id, "recall")
    to = MovementStatus.CANCELLED
    if movement.kind is MovementKind.MERCHANT_PAYMENT:
        await payment_releases.end_in(announce, movement, key=key, to=to, now=now)
        return
    held = await Hold.get(movement_id=movement.id)
    with suppress(provider_orders.HandedOver):
        async with decision() as announce_back:
            back = ledger.release(movement, held, key=key, at=now, to=to)
            await ledger.post_in(announce_back, back)
            await provider_orders.check_unheard(movement.id)


async def _movement(inquiry: Inquiry) -> Movement | None:
    """The payment that the question was about, if it was confirmed.

    The ledger uses a challenge up at the moment at which it makes the movement.
    """
    if inquiry.quote_id is None:
        return None
    quote = await Quote.get_or_none(id=inquiry.quote_id)
    challenge = await Challenge.get_or_none(quote_id=inquiry.quote_id, used_at__isnull=False)
    if quote is None or challenge is None:
        return None
    return await Movement.filter(
        source_id=quote.source_id,
        created_at=challenge.used_at,
        target_id=quote.target_id,
        person_id=quote.person_id,
        amount=quote.amount,
    ).first()


def _sides(movement: Movement) -> tuple[UUID, UUID]:
    return movement.source_id, movement.target_id

"""Confirming a transfer: proved for exactly what was shown, then done, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import challenges, confirmations, keys, ledger, limits, risk_cases
from domain.challenges import ChallengeSpent, Proof
from domain.decisions import decision
from domain.ledger import Outcome
from domain.money import MinorUnits
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown
from domain.sessions import Identity
from domain.settlements import SETTLE_JOB
from domain.transfers import quotes
from domain.transfers.arrivals import HOLD_OUTLIVES, Arrival
from domain.transfers.quotes import QuoteExpired
from models.movements import Movement, MovementKind, MovementStatus
from models.quotes import Challenge, Quote

CONFIRM_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    QuoteExpired,
    ChallengeSpent,
    *challenges.NOT_PROVED,
    Busy,
    OutcomeUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody confirms, and how they prove that it is them.

    `key` is their idempotency key; the proof is no part of what it stands for.
    """

    quote_id: UUID
    challenge_id: UUID
    proof: Proof
    key: str


async def confirm(wish: Confirmation, *, by: Identity, now: datetime) -> Movement:
    """Does what the quote says, once; the same key from the same person gives the same answer.

    Once the proof was right every no is a fact: the movement comes back FAILED, with its reason,
    and the key is used. Before that nothing is recorded and the key stays unused.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: quote or challenge is not this session's, or they do not belong together.
        QuoteExpired, ChallengeSpent: prepare anew.
        One of `challenges.NOT_PROVED`: it was not proved.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    key = ledger.Key(
        owner_id=by.person_id,
        key=keys.checked(wish.key),
        digest=keys.digest("confirm_transfer", wish.quote_id, wish.challenge_id),
    )
    found = await confirmations.read(
        confirmations.Asked(
            person_id=by.person_id,
            session_id=by.session_id,
            quote_id=wish.quote_id,
            challenge_id=wish.challenge_id,
            key=key.key,
            pin=wish.proof.pin,
            at=now,
        )
    )
    answered = found.answered(key.digest)
    if answered is not None:
        return answered
    quote, challenge = _standing(found, now)
    await challenges.prove(challenge, wish.proof, found.tried, by=by, now=now)
    command = _command(quote, challenge, key, by.time_zone, now)
    posted = await (_set_aside(command, quote, now) if quote.is_reviewed else ledger.post(command))
    return _movement(posted)


def _standing(found: confirmations.Found, now: datetime) -> tuple[Quote, Challenge]:
    """What was prepared, if it still stands as it was shown."""
    quote, challenge = found.quote, found.challenge
    if quote is None or challenge is None or challenge.digest != quotes.intent(quote):
        raise NotFound
    if challenge.used_at is not None:
        raise ChallengeSpent
    if quote.expires_at <= now:
        raise QuoteExpired
    return quote, challenge


def _command(
    quote: Quote, challenge: Challenge, key: ledger.Key, time_zone: str, now: datetime
) -> ledger.Command:
    order = ledger.Order(
        kind=MovementKind.TRANSFER,
        person_id=quote.person_id,
        source_id=quote.source_id,
        target_id=quote.target_id,
        amount=MinorUnits(quote.amount),
        currency=quote.currency,
        note=quote.note,
        challenge_id=challenge.id,
        counted_on=limits.local_day(now, time_zone),
    )
    delay = Arrival(quote.arrival).delay
    if quote.is_reviewed:
        return ledger.hold(
            order,
            key=key,
            at=now,
            arrives_at=None if delay is None else now + delay,
            expires_at=now + risk_cases.DECIDED_WITHIN + (delay or timedelta()) + HOLD_OUTLIVES,
            status=MovementStatus.IN_REVIEW,
        )
    if delay is None:
        return ledger.pay(order, key=key, at=now)
    return ledger.hold(
        order,
        key=key,
        at=now,
        arrives_at=now + delay,
        expires_at=now + delay + HOLD_OUTLIVES,
        job=(SETTLE_JOB, now + delay),
    )


async def _set_aside(command: ledger.Command, quote: Quote, now: datetime) -> ledger.Posted:
    """Posts what somebody must look at first, together with the case that says so."""
    async with decision() as announce:
        posted = await ledger.post_in(announce, command)
        if posted.outcome is Outcome.DONE and posted.movement is not None:
            await risk_cases.open_in(announce, posted.movement, quote.id, now)
    return posted


def _movement(posted: ledger.Posted) -> Movement:
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    if posted.outcome is Outcome.CHALLENGE_SPENT:
        raise ChallengeSpent
    assert posted.movement is not None
    return posted.movement

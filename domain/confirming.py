"""Confirming: proved for exactly what was shown, then done, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import challenges, confirmations, keys, ledger, limits, quotes, risk_cases
from domain.arrivals import HOLD_OUTLIVES
from domain.challenges import ChallengeSpent, Proof
from domain.chart import house_account
from domain.decisions import decision
from domain.ledger import Outcome
from domain.money import MinorUnits
from domain.quotes import IntentChanged, QuoteExpired
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown
from domain.sessions import Identity
from models.movements import Movement, MovementKind, MovementStatus
from models.quotes import Challenge, Quote, QuoteKind
from models.wallets import AccountKind

NOT_CONFIRMED: Final = (
    keys.KeyInvalid,
    KeyReused,
    QuoteExpired,
    IntentChanged,
    ChallengeSpent,
    *challenges.NOT_PROVED,
    Busy,
    OutcomeUnknown,
)
"""Why what was shown is not done, and nothing is recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody confirms, and how they prove that it is them.

    `key` is their idempotency key; the proof is no part of what it stands for.
    """

    quote_id: UUID
    challenge_id: UUID
    proof: Proof
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a quote is carried out: the money moves at once, or is set aside for `job`.

    It waits until `arrives_at`, until `capture_before`, or for whatever `job` brings; a movement
    in review waits for that first. `beside` writes what belongs to the movement, in the decision
    that makes it; what it refuses is not done.
    """

    job: tuple[str, datetime] | None = None
    arrives_at: datetime | None = None
    capture_before: datetime | None = None
    waits: timedelta = timedelta()
    beside: Callable[[Movement], Awaitable[None]] | None = None

    @property
    def moves_now(self) -> bool:
        """Whether nothing is waited for."""
        return self.job is None and self.capture_before is None and not self.waits


AT_ONCE: Final = Terms()


async def confirm(
    wish: Confirmation,
    *,
    kind: QuoteKind,
    terms: Callable[[Quote, datetime], Terms],
    by: Identity,
    now: datetime,
) -> Movement:
    """Does what the quote says, once; the same key from the same person gives the same answer.

    Once the proof was right every no is a fact: the movement comes back FAILED, with its reason,
    and the key is used. Before that nothing is recorded and the key stays unused.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: the quote is not this session's, or of another kind, or the challenge nobody's.
        IntentChanged: they do not belong together.
        QuoteExpired, ChallengeSpent: prepare anew.
        One of `challenges.NOT_PROVED`: it was not proved.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    key = ledger.Key(
        owner_id=by.person_id,
        key=keys.checked(wish.key),
        digest=keys.digest(f"confirm_{kind}", wish.quote_id, wish.challenge_id),
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
    quote, challenge = await _standing(found, kind, wish.challenge_id, now)
    await challenges.prove(challenge, wish.proof, found.tried, by=by, now=now)
    return _movement(await _carry_out(quote, challenge, terms(quote, now), key, by, now))


async def _standing(
    found: confirmations.Found, kind: QuoteKind, challenge_id: UUID, now: datetime
) -> tuple[Quote, Challenge]:
    """What was prepared, if it still stands as it was shown."""
    quote, challenge = found.quote, found.challenge
    if quote is None or quote.kind is not kind:
        raise NotFound
    if challenge is None:
        is_theirs = await Challenge.exists(id=challenge_id, person_id=quote.person_id)
        raise IntentChanged if is_theirs else NotFound
    if challenge.digest != quotes.intent(quote):
        raise IntentChanged
    if challenge.used_at is not None:
        raise ChallengeSpent
    if quote.expires_at <= now:
        raise QuoteExpired
    return quote, challenge


async def _carry_out(
    quote: Quote,
    challenge: Challenge,
    terms: Terms,
    key: ledger.Key,
    by: Identity,
    now: datetime,
) -> ledger.Posted:
    order = _order(quote, challenge.id, by.time_zone, now)
    if terms.moves_now and not quote.is_reviewed:
        command = ledger.pay(order, key=key, at=now)
    else:
        command = _held(order, quote, terms, key, now)
    if quote.is_reviewed or terms.beside is not None:
        return await _decided(command, quote, terms, now)
    return await ledger.post(command)


def _held(
    order: ledger.Order, quote: Quote, terms: Terms, key: ledger.Key, now: datetime
) -> ledger.Command:
    reviewed_for = risk_cases.DECIDED_WITHIN if quote.is_reviewed else timedelta()
    return ledger.hold(
        order,
        key=key,
        at=now,
        arrives_at=terms.arrives_at,
        capture_before=terms.capture_before,
        expires_at=now + reviewed_for + terms.waits + HOLD_OUTLIVES,
        job=None if quote.is_reviewed else terms.job,
        status=MovementStatus.IN_REVIEW if quote.is_reviewed else MovementStatus.PENDING,
    )


def _order(quote: Quote, challenge_id: UUID, time_zone: str, now: datetime) -> ledger.Order:
    is_payment = quote.kind is QuoteKind.MERCHANT_PAYMENT
    return ledger.Order(
        kind=MovementKind(quote.kind.value),
        person_id=quote.person_id,
        source_id=quote.source_id,
        target_id=quote.target_id,
        amount=MinorUnits(quote.amount),
        fee=MinorUnits(quote.fee),
        fees_id=house_account(AccountKind.FEES, quote.currency) if quote.fee else None,
        currency=quote.currency,
        note=quote.note,
        challenge_id=challenge_id,
        counted_on=limits.local_day(now, time_zone),
        order_id=quote.subject_id if is_payment else None,
    )


async def _decided(
    command: ledger.Command, quote: Quote, terms: Terms, now: datetime
) -> ledger.Posted:
    """Posts what something belongs to, together with it: a case for somebody who looks first."""
    async with decision() as announce:
        posted = await ledger.post_in(announce, command)
        if posted.outcome is Outcome.DONE and posted.movement is not None:
            if terms.beside is not None:
                await terms.beside(posted.movement)
            if quote.is_reviewed:
                await risk_cases.open_in(announce, posted.movement, quote.id, now)
    return posted


def _movement(posted: ledger.Posted) -> Movement:
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    if posted.outcome is Outcome.CHALLENGE_SPENT:
        raise ChallengeSpent
    assert posted.movement is not None
    return posted.movement

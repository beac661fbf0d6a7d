"""Preparing a movement: whether its payer could do it now, what rules say, what must be proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import challenges, devices, limits, pin_resets, pins, quotes, risk, wallets
from domain.arrivals import Arrival
from domain.decisions import decision
from domain.money import NOTHING, MinorUnits
from domain.refusals import NotFound
from domain.sessions import Identity
from models.ids import new_id
from models.movements import Movement, MovementStatus
from models.people import Pin
from models.quotes import Capture, Challenge, Quote, QuoteKind
from models.wallets import Account, AccountKind

NOT_PREPARED: Final = (
    wallets.WalletClosed,
    wallets.FrozenByOwner,
    wallets.Restricted,
    wallets.InsufficientFunds,
    wallets.FundsOnHold,
    *limits.EXCEEDED,
    risk.PaymentDeclined,
    pins.PinNotSet,
)
"""Why a movement that is otherwise right is not prepared; once proved, why it would fail."""

SUSPECTED_WITHIN: Final = timedelta(minutes=10)
"""For how long the same amount to the same place is thought to be the same payment, made twice."""

_NO_TWIN: Final = (MovementStatus.FAILED, MovementStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """Who or what gets the money: a person, a merchant, or a bank account of the payer's.

    `name` is as the payer may see it.
    """

    id: UUID
    name: str
    is_person: bool = False
    is_merchant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A movement that is about to be shown; `amount` and `fee` are minor units of the wallet's.

    `wallet` pays both. `can_arrive_later`: a rule may let it arrive later than was asked for.
    """

    kind: QuoteKind
    wallet: Account
    target_id: UUID
    beneficiary: Beneficiary
    is_new_beneficiary: bool
    amount: MinorUnits
    fee: MinorUnits = NOTHING
    note: str = ""
    subject_id: UUID | None = None
    capture: Capture = Capture.NOW
    arrival: Arrival = Arrival.NOW
    can_arrive_later: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What the payer is shown, and what must be proved for exactly that.

    `limits_after` is how the wallet's limits will stand. `twin` is a payment of a moment ago over
    the same amount to the same place: perhaps this very one, meant once. `is_device_new`: the proof
    must be strong because the device is.
    """

    quote: Quote
    challenge: Challenge
    ways: challenges.Ways
    limits_after: Sequence[limits.Standing]
    twin: Movement | None
    is_device_new: bool = False


async def wallet_of(by: Identity, wallet_id: UUID) -> Account:
    """The wallet that pays.

    Raises:
        NotFound: it is not one of theirs.
    """
    wallet = await Account.get_or_none(id=wallet_id, owner_id=by.person_id, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    return wallet


async def show(draft: Draft, *, by: Identity, address: str, now: datetime) -> Shown:
    """Keeps what the payer is shown, as a quote with its challenge.

    Nothing is promised: the quote lives five minutes, only this session can confirm it, and funds,
    limits and freezes are looked at again when it is. The rules of risk judge once, here, from
    `address`, the network address of the caller: they may ask for a stronger proof, let it arrive
    later, or let somebody look at it first.

    Raises:
        One of `NOT_PREPARED`.
    """
    wallet, total = draft.wallet, MinorUnits(draft.amount + draft.fee)
    wallets.check_can_pay(wallet, total)
    standing = await limits.standing(wallet, now, by.time_zone)
    limits.check(wallet, total, standing)
    payment = await _payment(draft, by, address)
    verdict = await _judged(payment, now)
    quote = _quote(draft, verdict, by, now)
    challenge, ways = await _challenge(quote, verdict, now)
    async with decision() as announce:
        await quote.save(force_create=True)
        await challenge.save(force_create=True)
        await risk.record(announce, payment, verdict, quote.id, now)
    after = [each.after(total) for each in standing]
    twin = await _twin(quote, now)
    return Shown(quote, challenge, ways, after, twin, is_device_new=verdict.is_device_new)


async def _payment(draft: Draft, by: Identity, address: str) -> risk.Payment:
    return risk.Payment(
        person_id=by.person_id,
        session_id=by.session_id,
        device_id=by.device_id,
        device_since=await devices.known_since(by.device_id),
        address=address,
        wallet=draft.wallet,
        payee_id=draft.beneficiary.id,
        payee_name=draft.beneficiary.name,
        is_person_paid=draft.beneficiary.is_person,
        amount=draft.amount,
        currency=draft.wallet.currency,
        is_new_payee=draft.is_new_beneficiary,
        time_zone=by.time_zone,
    )


async def _judged(payment: risk.Payment, now: datetime) -> risk.Verdict:
    """What the rules say; one that declines is kept before the payer is told."""
    verdict = await risk.assess(payment, now)
    if verdict.outcome is risk.Outcome.DECLINE:
        async with decision() as announce:
            await risk.record(announce, payment, verdict, None, now)
        raise risk.PaymentDeclined
    return verdict


def _quote(draft: Draft, verdict: risk.Verdict, by: Identity, now: datetime) -> Quote:
    is_slowed = draft.can_arrive_later and verdict.delay and draft.arrival is Arrival.NOW
    return Quote(
        id=new_id(),
        kind=draft.kind,
        person_id=by.person_id,
        session_id=by.session_id,
        source_id=draft.wallet.id,
        target_id=draft.target_id,
        payee_id=draft.beneficiary.id if draft.beneficiary.is_person else None,
        amount=draft.amount,
        fee=draft.fee,
        currency=draft.wallet.currency,
        note=draft.note,
        subject_id=draft.subject_id,
        capture=draft.capture,
        arrival=(Arrival.TWO_HOURS if is_slowed else draft.arrival).value,
        is_slowed=is_slowed,
        is_reviewed=verdict.outcome is risk.Outcome.REVIEW,
        created_at=now,
        expires_at=now + quotes.LIVES,
    )


async def _challenge(
    quote: Quote, verdict: risk.Verdict, now: datetime
) -> tuple[Challenge, challenges.Ways]:
    pin = await Pin.get_or_none(person_id=quote.person_id)
    is_cooling = pin is not None and pin_resets.is_cooling(pin, now)
    challenge = Challenge(
        id=new_id(),
        quote_id=quote.id,
        person_id=quote.person_id,
        digest=quotes.intent(quote),
        is_strong=verdict.outcome is risk.Outcome.STEP_UP or is_cooling,
        expires_at=quote.expires_at,
    )
    return challenge, await challenges.ways(challenge, has_pin=pin is not None)


async def _twin(quote: Quote, now: datetime) -> Movement | None:
    alike = Movement.filter(
        source_id=quote.source_id,
        target_id=quote.target_id,
        amount=quote.amount,
        created_at__gte=now - SUSPECTED_WITHIN,
    )
    return await alike.exclude(status__in=_NO_TWIN).order_by("-created_at", "-id").first()

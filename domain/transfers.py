"""Transfers between people: shown first, proved, then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import amounts, confirmations, keys, ledger, payees, pins, receive_codes, texts, wallets
from domain.decisions import decision
from domain.ledger import Outcome
from domain.money import NOTHING, MinorUnits
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown, Refusal
from models.ids import new_id
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.people import Person, Pin
from models.quotes import Challenge, Quote
from models.wallets import Account, AccountKind

QUOTE_LIVES: Final = timedelta(minutes=5)
HOLD_OUTLIVES_ARRIVAL: Final = timedelta(days=7)
"""How long money set aside waits for a late settlement, should uPay have been off meanwhile."""

SETTLE_JOB: Final = "settle_transfer"


class Arrival(StrEnum):
    """When a transfer arrives; a delayed one can be cancelled until then."""

    NOW = "now"
    TWO_HOURS = "two_hours"
    NEXT_DAY = "next_day"

    @property
    def delay(self) -> timedelta | None:
        return _DELAYS.get(self)


_DELAYS: Final = {Arrival.TWO_HOURS: timedelta(hours=2), Arrival.NEXT_DAY: timedelta(hours=24)}


class QuoteExpired(Refusal):
    def __init__(self) -> None:
        super().__init__("This quote has expired.")


class ChallengeSpent(Refusal):
    """The challenge was used already, or its five minutes are over."""

    def __init__(self) -> None:
        super().__init__("This confirmation was already used or has expired.")


class CannotCancel(Refusal):
    """The transfer is no longer waiting; `status` says what became of it."""

    def __init__(self, movement: Movement) -> None:
        super().__init__("This transfer can no longer be cancelled.")
        self.movement = movement


PREPARE_REFUSALS: Final = (
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    texts.NoteInvalid,
    payees.PayeeNotFound,
    payees.SelfPayment,
    payees.PayeeCannotReceive,
    *receive_codes.NOT_FOLLOWED,
    receive_codes.CodeAmountDiffers,
    wallets.WalletClosed,
    wallets.FrozenByOwner,
    wallets.Restricted,
    wallets.InsufficientFunds,
    pins.PinNotSet,
)
CONFIRM_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    QuoteExpired,
    ChallengeSpent,
    pins.PinNotSet,
    pins.WrongPin,
    pins.PinLocked,
    Busy,
    OutcomeUnknown,
)
CANCEL_REFUSALS: Final = (keys.KeyInvalid, KeyReused, CannotCancel, Busy, OutcomeUnknown)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the payer is shown, and what must be proved for exactly that."""

    quote: Quote
    challenge: Challenge
    payee: Person
    is_new_payee: bool


async def prepare(
    *,
    by: UUID,
    wallet_id: UUID,
    payee: payees.Named,
    amount: int | None,
    currency: str | None,
    note: str,
    arrival: Arrival,
    now: datetime,
) -> Prepared:
    """Finds out what the transfer would do and cost, and whether it could be done now.

    `amount` is in minor units of `currency`, which must be the wallet's. Both may be None when the
    payee's code names them, and an empty note is the code's. Nothing is promised: the quote lives
    five minutes and everything is checked again when it is confirmed.

    Raises:
        NotFound: the wallet is not one of the payer's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        NoteInvalid: the note is too long or holds characters that cannot be seen.
        PayeeNotFound, SelfPayment, PayeeCannotReceive: see `domain.payees`.
        QrInvalid, QrForeign, QrTampered, QrExpired, CodeAmountDiffers: see `domain.receive_codes`.
        WalletClosed, FrozenByOwner, Restricted, InsufficientFunds: the wallet cannot pay it now.
        PinNotSet: there is nothing to confirm with.
    """
    wallet = await Account.get_or_none(id=wallet_id, owner_id=by, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    words = texts.note(note)
    if payee.receive_code is not None:
        asked = receive_codes.read(payee.receive_code, now)
        amount, currency = asked.agreed(amount, currency)
        words = words or asked.note
    checked = _checked(amount, currency, wallet)
    person = await payees.find(payee, by=by, now=now)
    target = await payees.wallet_for(person, wallet.currency)
    wallets.check_can_pay(wallet, checked)
    if not await Pin.exists(person_id=by):
        raise pins.PinNotSet
    is_new = not await payees.is_known(person.id, to=by)
    quote = Quote(
        id=new_id(),
        person_id=by,
        source_id=wallet.id,
        target_id=target.id,
        payee_id=person.id,
        amount=checked,
        fee=NOTHING,
        currency=wallet.currency,
        note=words,
        arrival=arrival.value,
        created_at=now,
        expires_at=now + QUOTE_LIVES,
    )
    challenge = Challenge(
        id=new_id(),
        quote_id=quote.id,
        person_id=by,
        digest=_intent(quote),
        expires_at=quote.expires_at,
    )
    async with decision():
        await quote.save(force_create=True)
        await challenge.save(force_create=True)
    return Prepared(quote, challenge, person, is_new)


async def confirm(
    *, by: UUID, quote_id: UUID, challenge_id: UUID, pin: str, key: str, now: datetime
) -> Movement:
    """Does what the quote says, once; the same `key` from the same person gives the same answer.

    Once the PIN was right every no is a fact: the movement comes back FAILED, with its reason,
    and the key is used. Before that nothing is recorded and the key stays unused.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: quote or challenge is not this person's, or they do not belong together.
        QuoteExpired, ChallengeSpent: prepare anew.
        PinNotSet, WrongPin, PinLocked: see `domain.pins`.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    given = _key(by, key, "confirm_transfer", quote_id, challenge_id)
    found = await confirmations.read(
        confirmations.Asked(
            person_id=by,
            quote_id=quote_id,
            challenge_id=challenge_id,
            key=given.key,
            pin=pin,
            at=now,
        )
    )
    answered = found.answered(given.digest)
    if answered is not None:
        return answered
    quote, challenge = found.quote, found.challenge
    if quote is None or challenge is None or challenge.digest != _intent(quote):
        raise NotFound
    if challenge.used_at is not None:
        raise ChallengeSpent
    if quote.expires_at <= now:
        raise QuoteExpired
    found.tried.require()
    return _movement(await ledger.post(_command(quote, challenge, given, now)))


async def cancel(*, by: UUID, transfer_id: UUID, key: str, now: datetime) -> Movement:
    """Calls back a transfer that has not arrived: the money is the payer's again.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: it is not a transfer of this person.
        CannotCancel: it has arrived, failed, or was cancelled before.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    given = _key(by, key, "cancel_transfer", transfer_id)
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    movement = await Movement.get_or_none(id=transfer_id, person_id=by, kind=MovementKind.TRANSFER)
    if movement is None:
        raise NotFound
    held = await Hold.get_or_none(movement_id=movement.id)
    if movement.status is not MovementStatus.PENDING or held is None:
        raise CannotCancel(movement)
    posted = await ledger.post(
        ledger.release(movement, held, key=given, at=now, to=MovementStatus.CANCELLED)
    )
    if posted.outcome is Outcome.STALE:
        raise CannotCancel(posted.movement or movement)
    return _movement(posted)


async def settle(transfer_id: UUID, now: datetime) -> None:
    """Lets a delayed transfer arrive; doing it again, or too late, changes nothing.

    If it cannot arrive (a freeze, a closed wallet) it fails with that reason and the money set
    aside is the payer's again.
    """
    movement = await Movement.get(id=transfer_id)
    held = await Hold.get(movement_id=transfer_id)
    if movement.status is not MovementStatus.PENDING:
        return
    posted = await ledger.post(
        ledger.capture(movement, held, key=_own_key(transfer_id, "settle"), at=now)
    )
    if posted.outcome is Outcome.REFUSED:
        await ledger.post(
            ledger.release(
                movement,
                held,
                key=_own_key(transfer_id, "return"),
                at=now,
                to=MovementStatus.FAILED,
                failure_code=posted.code,
            )
        )


def _checked(amount: int | None, currency: str | None, wallet: Account) -> MinorUnits:
    if amount is None or currency is None:
        raise amounts.AmountInvalid(amounts.AmountFault.NOT_POSITIVE)
    return amounts.checked(amount, currency, wallet_currency=wallet.currency)


def _command(quote: Quote, challenge: Challenge, key: ledger.Key, now: datetime) -> ledger.Command:
    order = ledger.Order(
        kind=MovementKind.TRANSFER,
        person_id=quote.person_id,
        source_id=quote.source_id,
        target_id=quote.target_id,
        amount=MinorUnits(quote.amount),
        currency=quote.currency,
        note=quote.note,
        challenge_id=challenge.id,
    )
    delay = Arrival(quote.arrival).delay
    if delay is None:
        return ledger.pay(order, key=key, at=now)
    return ledger.hold(
        order,
        key=key,
        at=now,
        arrives_at=now + delay,
        expires_at=now + delay + HOLD_OUTLIVES_ARRIVAL,
        job=(SETTLE_JOB, now + delay),
    )


def _movement(posted: ledger.Posted) -> Movement:
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    if posted.outcome is Outcome.CHALLENGE_SPENT:
        raise ChallengeSpent
    assert posted.movement is not None
    return posted.movement


def _intent(quote: Quote) -> bytes:
    """What the payer agrees to: whoever, whatever and how much is in it cannot change any more."""
    return keys.digest(
        "transfer",
        quote.person_id,
        quote.source_id,
        quote.target_id,
        quote.amount,
        quote.fee,
        quote.currency,
        quote.arrival,
        quote.expires_at.isoformat(),
    )


def _key(owner_id: UUID, key: str, operation: str, *words: object) -> ledger.Key:
    return ledger.Key(
        owner_id=owner_id, key=keys.checked(key), digest=keys.digest(operation, *words)
    )


def _own_key(transfer_id: UUID, step: str) -> ledger.Key:
    name = f"{transfer_id.hex}:{step}"
    return ledger.Key(owner_id=keys.SYSTEM, key=name, digest=keys.digest(step, transfer_id))

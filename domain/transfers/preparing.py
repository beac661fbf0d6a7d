"""Preparing a transfer: what it would do and cost, whether it could, and what must be proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import (
    amounts,
    challenges,
    limits,
    payees,
    pin_resets,
    pins,
    receive_codes,
    risk,
    texts,
    wallets,
)
from domain.decisions import decision
from domain.money import NOTHING, MinorUnits
from domain.refusals import NotFound
from domain.sessions import Identity
from domain.transfers import quotes
from domain.transfers.arrivals import Arrival
from models.devices import Device
from models.ids import new_id
from models.people import Person, Pin
from models.quotes import Challenge, Quote
from models.wallets import Account, AccountKind

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
    *limits.EXCEEDED,
    risk.PaymentDeclined,
    pins.PinNotSet,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to pay; `amount` is in minor units of `currency`.

    Both may be None when the payee's code names them, and an empty note is the code's.
    """

    wallet_id: UUID
    payee: payees.Named
    amount: int | None
    currency: str | None
    note: str = ""
    arrival: Arrival = Arrival.NOW


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the payer is shown, and what must be proved for exactly that.

    `limits_after` is how the wallet's limits will stand.
    """

    quote: Quote
    challenge: Challenge
    ways: challenges.Ways
    payee: Person
    is_new_payee: bool
    limits_after: Sequence[limits.Standing]


async def prepare(wish: Wish, *, by: Identity, address: str, now: datetime) -> Prepared:
    """Finds out what the transfer would do and cost, and whether it could be done now.

    Nothing is promised: the quote lives five minutes, only this session can confirm it, and funds,
    limits and freezes are looked at again when it is. The rules of risk judge once, here, from
    `address`, the network address of the caller: they may ask for a stronger proof, let it arrive
    later, or let somebody look at it first.

    Raises:
        NotFound: the wallet is not one of the payer's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        NoteInvalid: the note is too long or holds characters that cannot be seen.
        PayeeNotFound, SelfPayment, PayeeCannotReceive: see `domain.payees`.
        QrInvalid, QrForeign, QrTampered, QrExpired, CodeAmountDiffers: see `domain.receive_codes`.
        WalletClosed, FrozenByOwner, Restricted, InsufficientFunds: the wallet cannot pay it now.
        One of `limits.EXCEEDED`: a limit stands against it.
        PaymentDeclined: a rule does.
        PinNotSet: there is nothing to confirm with.
    """
    wallet = await Account.get_or_none(
        id=wish.wallet_id, owner_id=by.person_id, kind=AccountKind.WALLET
    )
    if wallet is None:
        raise NotFound
    amount, note = _asked(wish, wallet, now)
    payee = await payees.find(wish.payee, by=by.person_id, now=now)
    target = await payees.wallet_for(payee, wallet.currency)
    wallets.check_can_pay(wallet, amount)
    standing = await limits.standing(wallet, now, by.time_zone)
    limits.check(wallet, amount, standing)
    is_new = not await payees.is_known(payee.id, to=by.person_id)
    payment = await _payment(by, address, wallet, payee, amount, is_new)
    verdict = await _judged(payment, now)
    quote = _quote(payment, verdict, wish.arrival, target, note, now)
    challenge, ways = await _challenge(quote, verdict, now)
    async with decision() as announce:
        await quote.save(force_create=True)
        await challenge.save(force_create=True)
        await risk.record(announce, payment, verdict, quote.id, now)
    after = [each.after(amount) for each in standing]
    return Prepared(quote, challenge, ways, payee, is_new, after)


def _asked(wish: Wish, wallet: Account, now: datetime) -> tuple[MinorUnits, str]:
    """How much is meant, and with which note."""
    amount, currency, note = wish.amount, wish.currency, texts.note(wish.note)
    if wish.payee.receive_code is not None:
        asked = receive_codes.read(wish.payee.receive_code, now)
        amount, currency = asked.agreed(amount, currency)
        note = note or asked.note
    if amount is None or currency is None:
        raise amounts.AmountInvalid(amounts.AmountFault.NOT_POSITIVE)
    return amounts.checked(amount, currency, wallet_currency=wallet.currency), note


async def _payment(
    by: Identity, address: str, wallet: Account, payee: Person, amount: MinorUnits, is_new: bool
) -> risk.Payment:
    device = by.device_id and await Device.get_or_none(id=by.device_id)
    return risk.Payment(
        person_id=by.person_id,
        session_id=by.session_id,
        device_id=by.device_id,
        device_since=device.created_at if device else None,
        address=address,
        wallet=wallet,
        payee_id=payee.id,
        amount=amount,
        currency=wallet.currency,
        is_new_payee=is_new,
        time_zone=by.time_zone,
    )


async def _judged(payment: risk.Payment, now: datetime) -> risk.Verdict:
    verdict = await risk.assess(payment, now)
    if verdict.outcome is risk.Outcome.DECLINE:
        async with decision() as announce:
            await risk.record(announce, payment, verdict, None, now)
        raise risk.PaymentDeclined
    return verdict


def _quote(
    payment: risk.Payment,
    verdict: risk.Verdict,
    wanted: Arrival,
    target: Account,
    note: str,
    now: datetime,
) -> Quote:
    is_slowed = verdict.delay and wanted is Arrival.NOW
    return Quote(
        id=new_id(),
        person_id=payment.person_id,
        session_id=payment.session_id,
        source_id=payment.wallet.id,
        target_id=target.id,
        payee_id=payment.payee_id,
        amount=payment.amount,
        fee=NOTHING,
        currency=payment.currency,
        note=note,
        arrival=(Arrival.TWO_HOURS if is_slowed else wanted).value,
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

"""Preparing a transfer: what it would do and cost, whether it could, and what must be proved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import (
    amounts,
    blocks,
    money_requests,
    payees,
    people,
    preparing,
    receive_codes,
    surnames,
    texts,
    unclaimed,
)
from domain.arrivals import Arrival
from domain.money import MinorUnits
from domain.preparing import Beneficiary, Draft, Shown
from domain.sessions import Identity
from models.people import Person
from models.quotes import QuoteKind
from models.wallets import Account

PREPARE_REFUSALS: Final = (
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    texts.NoteInvalid,
    payees.PayeeNotFound,
    payees.SelfPayment,
    payees.PayeeCannotReceive,
    payees.PayeeLimitExceeded,
    *receive_codes.NOT_FOLLOWED,
    receive_codes.CodeAmountDiffers,
    money_requests.RequestClosed,
    money_requests.RequestAmountDiffers,
    *surnames.MISMATCHES,
    unclaimed.TooManyUnclaimed,
    *preparing.NOT_PREPARED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to pay; `amount` is in minor units of `currency`.

    Both may be None when the payee's code or request names them, and an empty note is theirs.
    `surname` is the payee's, as the payer believes it to be.
    """

    wallet_id: UUID
    payee: payees.Named
    amount: int | None
    currency: str | None
    note: str = ""
    arrival: Arrival = Arrival.NOW
    surname: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the payer is shown, and whom they would pay."""

    shown: Shown
    payee: Person
    is_new_payee: bool


async def prepare(wish: Wish, *, by: Identity, address: str, now: datetime) -> Prepared:
    """Finds out what the transfer would do and cost, and whether it could be done now.

    Nothing is promised; `address` is the network address of the caller: see `preparing.show`.

    Raises:
        NotFound: the wallet is not one of the payer's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        NoteInvalid: the note is too long or holds characters that cannot be seen.
        PayeeNotFound, SelfPayment, PayeeCannotReceive, PayeeLimitExceeded: see `domain.payees`.
        QrInvalid, QrForeign, QrTampered, QrExpired, CodeAmountDiffers: see `domain.receive_codes`.
        RequestClosed, RequestAmountDiffers: see `domain.money_requests`.
        SurnameWrong, SurnamesPaused: see `domain.surnames`.
        One of `preparing.NOT_PREPARED`.
    """
    wallet = await preparing.wallet_of(by, wish.wallet_id)
    wish = await _as_requested(wish, by, now)
    amount, note = asked(wish, wallet, now)
    payee = await payees.find(wish.payee, by=by.person_id, now=now)
    if await blocks.stands_between(payee.id, payer_id=by.person_id):
        raise payees.PayeeCannotReceive
    if wish.surname is not None:
        await surnames.check(payee, wish.surname, by=by.person_id, now=now)
    target = await payees.wallet_for(payee, amount, wallet.currency)
    is_new = not await payees.is_known(payee.id, to=by.person_id)
    draft = Draft(
        kind=QuoteKind.TRANSFER,
        wallet=wallet,
        target_id=target.id,
        beneficiary=Beneficiary(payee.id, people.name_for_strangers(payee), is_person=True),
        is_new_beneficiary=is_new,
        amount=amount,
        note=note,
        subject_id=wish.payee.request_id,
        arrival=wish.arrival,
        can_arrive_later=True,
    )
    return Prepared(await preparing.show(draft, by=by, address=address, now=now), payee, is_new)


async def _as_requested(wish: Wish, by: Identity, now: datetime) -> Wish:
    """The wish with what the request says that it answers, if it answers one."""
    if wish.payee.request_id is None:
        return wish
    request = await money_requests.open_one(wish.payee.request_id, payer_id=by.person_id, now=now)
    wanted = (request.amount, request.currency)
    if wish.amount is not None and (wish.amount, wish.currency) != wanted:
        raise money_requests.RequestAmountDiffers(MinorUnits(request.amount), request.currency)
    note = wish.note or request.note
    return replace(wish, amount=request.amount, currency=request.currency, note=note)


def asked(wish: Wish, wallet: Account, now: datetime) -> tuple[MinorUnits, str]:
    """How much is meant, in minor units of the wallet's currency, and with which note.

    Raises:
        AmountInvalid, CurrencyMismatch, NoteInvalid, CodeAmountDiffers: see there.
        QrInvalid, QrForeign, QrTampered, QrExpired: see `domain.receive_codes`.
    """
    amount, currency, note = wish.amount, wish.currency, texts.note(wish.note)
    if wish.payee.receive_code is not None:
        code = receive_codes.read(wish.payee.receive_code, now)
        amount, currency = code.agreed(amount, currency)
        note = note or code.note
    if amount is None or currency is None:
        raise amounts.AmountInvalid(amounts.AmountFault.NOT_POSITIVE)
    return amounts.checked(amount, currency, wallet_currency=wallet.currency), note

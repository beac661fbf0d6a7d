"""Codes to be paid by: made for a wallet, read by whoever scans them, replaced when abused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import amounts, people, texts
from domain.codes import (
    NOT_FOLLOWED,
    QrExpired,
    QrForeign,
    QrInvalid,
    QrOfAnotherKind,
    QrTampered,
    spelling,
    token,
)
from domain.decisions import decision
from domain.money import MinorUnits
from domain.receive_codes.codes import ReceiveCode, is_ours, read, write
from domain.receive_codes.refusals import CodeAmountDiffers, CodeNoteInvalid
from domain.refusals import NotFound
from domain.wallets import WalletClosed
from models.people import Person
from models.receive_codes import ReceiveToken
from models.wallets import Account, AccountKind

__all__ = [
    "NOT_FOLLOWED",
    "CodeAmountDiffers",
    "CodeNoteInvalid",
    "Life",
    "QrExpired",
    "QrForeign",
    "QrInvalid",
    "QrOfAnotherKind",
    "QrTampered",
    "ReceiveCode",
    "Written",
    "create",
    "is_ours",
    "payee",
    "read",
    "replace",
]

NOTE_MAX: Final = 40

CREATE_REFUSALS: Final = (
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    CodeNoteInvalid,
    WalletClosed,
)
REPLACE_REFUSALS: Final = (WalletClosed,)


class Life(StrEnum):
    """How long a code with an amount can be paid; one without lasts until it is replaced."""

    FIFTEEN_MINUTES = "fifteen_minutes"
    ONE_HOUR = "one_hour"
    ONE_DAY = "one_day"
    ONE_WEEK = "one_week"

    @property
    def duration(self) -> timedelta:
        return _DURATIONS[self]


_DURATIONS: Final = {
    Life.FIFTEEN_MINUTES: timedelta(minutes=15),
    Life.ONE_HOUR: timedelta(hours=1),
    Life.ONE_DAY: timedelta(days=1),
    Life.ONE_WEEK: timedelta(days=7),
}


@dataclass(frozen=True, slots=True)
class Written:
    """A code and its text, which is what a picture of it holds."""

    code: ReceiveCode
    text: str


async def create(
    *,
    by: UUID,
    wallet_id: UUID,
    amount: int | None,
    currency: str | None,
    note: str,
    life: Life,
    now: datetime,
) -> Written:
    """A code by which others pay into the wallet, as often as they like until it ends.

    `amount` is in minor units of `currency`; without it the payer chooses, and the code lasts
    until it is replaced. Opens a decision, because the first code of a wallet makes its token.

    Raises:
        NotFound: the wallet is not one of this person's.
        WalletClosed: nothing can be paid into it.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`; too large is also what has no room
            in a code.
        CodeNoteInvalid: the note is too long or holds characters that cannot be seen.
    """
    wallet = await _open_wallet(wallet_id, by)
    checked = None if amount is None else _checked(amount, currency or "", wallet)
    words = _note(note)
    async with decision():
        await ReceiveToken.bulk_create([_fresh(wallet, now)], ignore_conflicts=True)
        kept = await ReceiveToken.get(wallet_id=wallet.id)
    code = ReceiveCode(
        token=kept.token,
        currency=wallet.currency,
        amount=checked,
        note=words,
        expires_at=None if checked is None else (now + life.duration).replace(microsecond=0),
    )
    return await _written(code, by)


async def replace(*, by: UUID, wallet_id: UUID, now: datetime) -> Written:
    """Voids every code of the wallet there is, printed ones included, and gives a lasting one.

    Raises:
        NotFound: the wallet is not one of this person's.
        WalletClosed: nothing can be paid into it.
    """
    wallet = await _open_wallet(wallet_id, by)
    fresh = _fresh(wallet, now)
    async with decision():
        await ReceiveToken.bulk_create(
            [fresh], on_conflict=["wallet_id"], update_fields=["token", "made_at"]
        )
    return await _written(ReceiveCode(token=fresh.token, currency=wallet.currency), by)


async def payee(text: str, now: datetime) -> Person:
    """Whom a scanned text asks to pay, whether or not they can be paid now.

    Raises:
        QrInvalid, QrForeign, QrTampered, QrOfAnotherKind: see `read`.
        QrExpired: its time is over, or its owner has replaced it.
    """
    kept = await ReceiveToken.get_or_none(token=read(text, now).token)
    if kept is None:
        raise QrExpired
    wallet = await Account.get(id=kept.wallet_id)
    return await Person.get(id=wallet.owner_id)


async def _open_wallet(wallet_id: UUID, owner_id: UUID) -> Account:
    wallet = await Account.get_or_none(id=wallet_id, owner_id=owner_id, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    if wallet.closed_at is not None:
        raise WalletClosed
    return wallet


def _checked(amount: int, currency: str, wallet: Account) -> MinorUnits:
    checked = amounts.checked(amount, currency, wallet_currency=wallet.currency)
    if spelling.amount(checked, currency) is None:
        raise amounts.AmountInvalid(amounts.AmountFault.TOO_LARGE)
    return checked


def _note(text: str) -> str:
    try:
        words = texts.note(text)
    except texts.NoteInvalid:
        raise CodeNoteInvalid from None
    if len(words) > NOTE_MAX:
        raise CodeNoteInvalid
    return words


def _fresh(wallet: Account, now: datetime) -> ReceiveToken:
    return ReceiveToken(wallet_id=wallet.id, token=token(), made_at=now)


async def _written(code: ReceiveCode, owner_id: UUID) -> Written:
    owner = await Person.get(id=owner_id)
    return Written(code, write(code, payee=people.name_for_strangers(owner)))

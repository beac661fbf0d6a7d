"""Limits that people set themselves: lower at once, higher after a day in which it can be undone.

Whoever holds somebody else's unlocked phone waits that day too, and a letter tells its owner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from tortoise.queryset import QuerySet

from domain import fresh_proofs, jobs, security_events
from domain.amounts import AmountFault, AmountInvalid, CurrencyMismatch
from domain.decisions import Announce, decision
from domain.money import MAX_MINOR_UNITS
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.ids import new_id
from models.limits import OwnLimitKind, OwnLimitRaise
from models.security_events import EventKind
from models.wallets import Account, AccountKind

RAISE_WAITS: Final = timedelta(hours=24)
RAISE_JOB: Final = "raise_own_limit"

COLUMNS: Final[Mapping[OwnLimitKind, str]] = {
    OwnLimitKind.SINGLE: "own_single",
    OwnLimitKind.DAY: "own_day",
    OwnLimitKind.MONTH: "own_month",
}
"""Where postings read each kind, on the account row."""


class NoRaiseOpen(Refusal):
    """No higher limit of this kind is waiting; it may be in force by now."""

    def __init__(self) -> None:
        super().__init__("There is no higher limit waiting.")


SET_REFUSALS: Final = (AmountInvalid, CurrencyMismatch, fresh_proofs.ProofNeeded)
WITHDRAW_REFUSALS: Final = (NoRaiseOpen,)


@dataclass(frozen=True, slots=True)
class Set:
    """The wallet as it now is, and the raise that waits if a higher limit was asked for."""

    wallet: Account
    asked: OwnLimitRaise | None


async def set_limit(
    *,
    by: Identity,
    wallet_id: UUID,
    kind: OwnLimitKind,
    amount: int | None,
    currency: str | None,
    now: datetime,
) -> Set:
    """Sets the owner's own limit on one of their wallets; `amount` None removes it, 0 stops all.

    `amount` is in minor units of `currency`, which must be the wallet's. A lower limit holds from
    the next posting on and voids a raise that waits. A higher one, or none, holds after
    `RAISE_WAITS`; asked for again it does not wait anew. Locks the wallet.

    Raises:
        NotFound: the wallet is not one of theirs.
        AmountInvalid: it is negative, or larger than every client can hold exactly.
        CurrencyMismatch: the wallet holds another currency.
        ProofNeeded: a higher limit needs a proof that is fresh.
    """
    _check(amount)
    mine = Account.filter(id=wallet_id, owner_id=by.person_id, kind=AccountKind.WALLET)
    seen = await mine.get_or_none()
    if seen is None:
        raise NotFound
    if currency is not None and currency != seen.currency:
        raise CurrencyMismatch(currency, seen.currency)
    if is_proved := _is_higher(amount, _own(seen, kind)):
        await fresh_proofs.require(by, now)
    async with decision() as announce:
        wallet = await _locked(wallet_id)
        asked = None
        if not _is_higher(amount, _own(wallet, kind)):
            await _lower(announce, by, wallet, kind, amount, now)
        elif is_proved:
            asked = await _ask(announce, by, wallet, kind, amount, now)
        else:
            # Lowered by somebody else a moment ago.
            raise fresh_proofs.ProofNeeded(1)
        announce(f"person:{by.person_id}")
    return Set(wallet, asked)


async def withdraw_raise(
    *, by: Identity, wallet_id: UUID, kind: OwnLimitKind, now: datetime
) -> Account:
    """Lets the limit stay as it is; for one's own wallet. Locks it.

    Raises:
        NotFound: the wallet is not one of theirs.
        NoRaiseOpen: nothing waits, or not any more.
    """
    if not await Account.exists(id=wallet_id, owner_id=by.person_id, kind=AccountKind.WALLET):
        raise NotFound
    async with decision() as announce:
        wallet = await _locked(wallet_id)
        if not await _void(wallet, kind, now):
            raise NoRaiseOpen
        announce(f"person:{by.person_id}")
    return wallet


async def apply_raise(raise_id: UUID, now: datetime) -> None:
    """Brings a raise into force that nobody withdrew; doing it again changes nothing."""
    async with decision() as announce:
        wallet = await _locked((await OwnLimitRaise.get(id=raise_id)).account_id)
        asked = await OwnLimitRaise.get(id=raise_id)
        if asked.applied_at is not None or asked.withdrawn_at is not None:
            return
        asked.applied_at = now
        await asked.save(update_fields=["applied_at"])
        await _write(wallet, asked.kind, asked.amount)
        assert wallet.owner_id is not None
        await security_events.record(
            announce,
            EventKind.LIMIT_RAISED,
            person_id=wallet.owner_id,
            now=now,
            **_detail(wallet, asked.kind, asked.amount),
        )
        announce(f"person:{wallet.owner_id}")


async def _lower(
    announce: Announce,
    by: Identity,
    wallet: Account,
    kind: OwnLimitKind,
    amount: int | None,
    now: datetime,
) -> None:
    await _void(wallet, kind, now)
    if amount == _own(wallet, kind):
        return
    await _write(wallet, kind, amount)
    await security_events.record(
        announce,
        EventKind.LIMIT_LOWERED,
        person_id=by.person_id,
        now=now,
        session_id=by.session_id,
        **_detail(wallet, kind, amount),
    )


async def _ask(
    announce: Announce,
    by: Identity,
    wallet: Account,
    kind: OwnLimitKind,
    amount: int | None,
    now: datetime,
) -> OwnLimitRaise:
    waiting = await _open(wallet, kind).get_or_none()
    if waiting is not None and waiting.amount == amount:
        return waiting
    await _void(wallet, kind, now)
    asked = await OwnLimitRaise.create(
        id=new_id(),
        account_id=wallet.id,
        kind=kind,
        amount=amount,
        asked_at=now,
        due_at=now + RAISE_WAITS,
    )
    await jobs.enqueue(announce, RAISE_JOB, subject_id=asked.id, due_at=asked.due_at)
    await security_events.record(
        announce,
        EventKind.LIMIT_RAISE_ASKED,
        person_id=by.person_id,
        now=now,
        session_id=by.session_id,
        **_detail(wallet, kind, amount),
    )
    return asked


def _check(amount: int | None) -> None:
    if amount is not None and amount < 0:
        raise AmountInvalid(AmountFault.NOT_POSITIVE)
    if amount is not None and amount > MAX_MINOR_UNITS:
        raise AmountInvalid(AmountFault.TOO_LARGE)


def _is_higher(amount: int | None, limit: int | None) -> bool:
    """Whether more may leave with the first than with the second; None is no limit."""
    return limit is not None and (amount is None or amount > limit)


async def _locked(wallet_id: UUID) -> Account:
    return await Account.filter(id=wallet_id).select_for_update(no_key=True).get()


def _open(wallet: Account, kind: OwnLimitKind) -> QuerySet[OwnLimitRaise]:
    return OwnLimitRaise.filter(
        account_id=wallet.id, kind=kind, applied_at__isnull=True, withdrawn_at__isnull=True
    )


async def _void(wallet: Account, kind: OwnLimitKind, now: datetime) -> bool:
    return bool(await _open(wallet, kind).update(withdrawn_at=now))


def _own(wallet: Account, kind: OwnLimitKind) -> int | None:
    limit: int | None = getattr(wallet, COLUMNS[kind])
    return limit


async def _write(wallet: Account, kind: OwnLimitKind, amount: int | None) -> None:
    setattr(wallet, COLUMNS[kind], amount)
    await wallet.save(update_fields=[COLUMNS[kind]])


def _detail(wallet: Account, kind: OwnLimitKind, amount: int | None) -> dict[str, Any]:
    return {
        "wallet_id": str(wallet.id),
        "limit": kind.value,
        "amount": amount,
        "currency": wallet.currency,
    }

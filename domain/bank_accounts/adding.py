"""Adding a bank account or a card: kept with as little of its number as can be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tortoise.exceptions import IntegrityError

from domain import contacts, fresh_proofs, jobs, provider_orders, sealed_files
from domain.bank_accounts import holders, numbers
from domain.bank_accounts.checking import CHECK_JOB, TRIES
from domain.bank_accounts.owners import Owner
from domain.bank_accounts.refusals import (
    AlreadyAdded,
    BankAccountsUnavailable,
    BankNameInvalid,
    CardExpired,
    CardInvalid,
    CardNumberShown,
    GuessedTooOften,
    HolderDiffers,
    HolderInvalid,
    NumberInvalid,
    TooManyBankAccounts,
)
from domain.decisions import Announce, decision
from domain.money import EXPONENTS
from domain.names import DisplayNameInvalid, display_name
from domain.sessions import Identity
from domain.wallets import CurrencyNotOffered
from models.bank_accounts import BankAccount, BankAccountKind, BankAccountStatus
from models.ids import new_id
from models.security_events import EventKind

MOST: Final = 10
"""How many an owner may have, refused ones among them, and how many may be added in a day."""

ADDED_WITHIN: Final = timedelta(hours=24)
COOLS: Final = timedelta(hours=24)
"""For how long nothing is paid out to one that was added: its owner hears of it first."""

GUESSED_AGAIN_AFTER: Final = timedelta(hours=24)

_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_TOKEN: Final = re.compile(r"[0-9A-Za-z._:-]{1,64}")
_LAST_DIGITS: Final = re.compile(r"[0-9]{4}")
_YEARS: Final = range(2000, 2100)

ADD_REFUSALS: Final = (
    fresh_proofs.ProofNeeded,
    CurrencyNotOffered,
    HolderInvalid,
    HolderDiffers,
    BankNameInvalid,
    NumberInvalid,
    CardNumberShown,
    CardInvalid,
    CardExpired,
    AlreadyAdded,
    TooManyBankAccounts,
    GuessedTooOften,
    BankAccountsUnavailable,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A bank account as somebody types it; `country` by ISO 3166, `bank_name` as they call it."""

    holder: str
    number: str
    country: str
    currency: str
    bank_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card as the provider's own form gave it out: never its number."""

    holder: str
    token: str
    last_digits: str
    month: int
    year: int
    currency: str


async def add(
    wish: Account | Card, *, owner: Owner, by: Identity, now: datetime, address: str = ""
) -> BankAccount:
    """Keeps what is typed, sealed or hidden, and has the provider look at it.

    Whoever answers for the owner is told. Nothing is paid out to it for a day; it is PENDING until
    the provider has spoken.

    Raises:
        CardNumberShown: before anything else is done with it.
        CurrencyNotOffered, HolderInvalid, BankNameInvalid, NumberInvalid, CardInvalid,
        CardExpired: see there.
        ProofNeeded: see `contacts.require_proof`.
        HolderDiffers: of a person whose name was proved; see `holders.require_own`.
        AlreadyAdded, TooManyBankAccounts, GuessedTooOften: see there.
        BankAccountsUnavailable: there is no provider to look at it.
    """
    account, named, number = _read(wish, owner, by, now)
    await contacts.require_proof(by, now)
    if provider_orders.connected() is None:
        raise BankAccountsUnavailable
    if owner.person_id is not None:
        await holders.require_own(owner.person_id, account.holder)
    known = numbers.fingerprints(named)
    account.fingerprint = known[0]
    try:
        async with decision() as announce:
            await owner.lock()
            await _refuse_beyond(owner, known, now)
            if number is not None:
                account.file_id = (await sealed_files.keep(number.encode(), now)).id
            await account.save(force_create=True)
            await _begin(account, owner, by, now, announce, address)
    except IntegrityError as error:
        # The owner was not locked by a server of before: the index is the last line.
        raise AlreadyAdded from error
    return account


def _read(
    wish: Account | Card, owner: Owner, by: Identity, now: datetime
) -> tuple[BankAccount, str, str | None]:
    """The row to be, by what it is known again, and the number to be sealed."""
    numbers.refuse_card_number(wish.holder)
    if wish.currency not in EXPONENTS:
        raise CurrencyNotOffered(wish.currency)
    account = BankAccount(
        id=new_id(),
        person_id=owner.person_id,
        merchant_id=owner.merchant_id,
        currency=wish.currency,
        holder=holders.checked(wish.holder),
        status=BankAccountStatus.PENDING,
        tries_left=TRIES,
        added_by=by.person_id,
        added_at=now,
        usable_for_withdrawal_from=now + COOLS,
    )
    if isinstance(wish, Card):
        return account, _read_card(account, wish, now), None
    number = _read_account(account, wish)
    return account, f"{wish.country}:{number}", number


def _read_account(account: BankAccount, wish: Account) -> str:
    if not _COUNTRY.fullmatch(wish.country):
        raise NumberInvalid
    number = numbers.number(wish.number, wish.country)
    account.kind, account.country = BankAccountKind.BANK_ACCOUNT, wish.country
    account.masked = numbers.masked(number)
    if wish.bank_name is not None:
        numbers.refuse_card_number(wish.bank_name)
        try:
            account.bank_name = display_name(wish.bank_name)
        except DisplayNameInvalid:
            raise BankNameInvalid from None
    return number


def _read_card(account: BankAccount, wish: Card, now: datetime) -> str:
    numbers.refuse_card_number(wish.token)
    is_month = wish.month in range(1, 13) and wish.year in _YEARS
    if not (is_month and _TOKEN.fullmatch(wish.token) and _LAST_DIGITS.fullmatch(wish.last_digits)):
        raise CardInvalid
    account.kind, account.token = BankAccountKind.CARD, wish.token
    account.masked = numbers.masked(wish.last_digits)
    account.expires_on = _last_day(wish.year, wish.month)
    if account.expires_on < now.date():
        raise CardExpired
    return f"card:{wish.token}"


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return following - timedelta(days=1)


async def _refuse_beyond(owner: Owner, known: list[str], now: datetime) -> None:
    theirs = await owner.bank_accounts()
    if any(each.fingerprint in known and not each.status.is_over for each in theirs):
        raise AlreadyAdded
    there = [each for each in theirs if each.status is not BankAccountStatus.REMOVED]
    lately = [each for each in theirs if each.added_at > now - ADDED_WITHIN]
    if max(len(there), len(lately)) >= MOST:
        raise TooManyBankAccounts
    for each in theirs:
        # Removed and added again, it would come with fresh tries.
        is_guessed = each.tries_left < TRIES and each.verified_at is None
        if each.fingerprint in known and is_guessed and each.ended_at is not None:
            again_at = each.ended_at + GUESSED_AGAIN_AFTER
            if again_at > now:
                raise GuessedTooOften(again_at)


async def _begin(
    account: BankAccount,
    owner: Owner,
    by: Identity,
    now: datetime,
    announce: Announce,
    address: str,
) -> None:
    await jobs.enqueue(announce, CHECK_JOB, subject_id=account.id, due_at=now)
    await owner.tell(
        announce,
        EventKind.BANK_ACCOUNT_ADDED,
        account,
        by=by,
        now=now,
        address=address,
        usable_at=account.usable_for_withdrawal_from.isoformat(),
    )

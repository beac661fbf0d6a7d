"""Money requests: somebody asks, somebody else pays or declines, or time decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import amounts, blocks, jobs, payees, texts, wallets
from domain.decisions import decision
from domain.money import EXPONENTS
from domain.money_requests.refusals import (
    RequestAmountDiffers,
    RequestClosed,
    RequestExpiryInvalid,
    TooManyRequests,
)
from domain.refusals import NotFound
from models.ids import new_id
from models.money_requests import MoneyRequest, MoneyRequestStatus
from models.movements import Movement
from models.people import Person
from models.places import Place, newest
from models.wallets import Account, AccountKind

__all__ = [
    "EXPIRE_JOB",
    "RequestAmountDiffers",
    "RequestClosed",
    "RequestExpiryInvalid",
    "TooManyRequests",
    "Wish",
    "ask",
    "cancel",
    "decline",
    "expire",
    "open_one",
    "page",
    "standing",
    "take_in",
]

EXPIRE_JOB: Final = "expire_money_request"
DAYS: Final = range(1, 31)
MOST_OPEN: Final = 20
MOST_OF_A_PAIR: Final = 3

ASK_REFUSALS: Final = (
    amounts.AmountInvalid,
    wallets.CurrencyNotOffered,
    wallets.WalletClosed,
    texts.NoteInvalid,
    *payees.FIND_REFUSALS,
    payees.PayeeCannotReceive,
    RequestExpiryInvalid,
    TooManyRequests,
)
ANSWER_REFUSALS: Final = (RequestClosed,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asks for; `amount` is in minor units of `currency`."""

    payer: payees.Named
    amount: int
    currency: str
    note: str = ""
    days: int = 7


async def ask(wish: Wish, *, by: UUID, now: datetime) -> MoneyRequest:
    """Asks somebody for money, into the asker's wallet of that currency.

    Somebody who has blocked the asker cannot be asked, as cannot be paid who does not receive.

    Raises:
        One of `ASK_REFUSALS`; nothing was asked.
    """
    amount, note = await _checked(wish, by), texts.note(wish.note)
    if wish.days not in DAYS:
        raise RequestExpiryInvalid
    payer = await payees.find(wish.payer, by=by, now=now)
    if await blocks.stands_between(payer.id, payer_id=by):
        raise payees.PayeeCannotReceive
    request = MoneyRequest(
        id=new_id(),
        asker_id=by,
        payer_id=payer.id,
        amount=amount,
        currency=wish.currency,
        note=note,
        status=MoneyRequestStatus.OPEN,
        created_at=now,
        expires_at=now + timedelta(days=wish.days),
    )
    async with decision() as announce:
        # The asker's own row keeps several at once from passing the number together.
        await Person.filter(id=by).select_for_update(no_key=True).get()
        await _refuse_flood(request, now)
        await request.save(force_create=True)
        await jobs.enqueue(announce, EXPIRE_JOB, subject_id=request.id, due_at=request.expires_at)
    return request


async def decline(request_id: UUID, *, by: UUID, now: datetime) -> MoneyRequest:
    """Says no to a request that `by` was asked for.

    Raises:
        NotFound: they were not.
        RequestClosed: it is over.
    """
    request = await MoneyRequest.get_or_none(id=request_id, payer_id=by)
    return await _ended(request, MoneyRequestStatus.DECLINED, now)


async def cancel(request_id: UUID, *, by: UUID, now: datetime) -> MoneyRequest:
    """Takes a request of `by` back.

    Raises:
        NotFound: it is not theirs.
        RequestClosed: it is over.
    """
    request = await MoneyRequest.get_or_none(id=request_id, asker_id=by)
    return await _ended(request, MoneyRequestStatus.CANCELLED, now)


async def expire(request_id: UUID, now: datetime) -> None:
    """Ends a request whose time is over; of any other it changes nothing."""
    open_one = MoneyRequest.filter(
        id=request_id, status=MoneyRequestStatus.OPEN, expires_at__lte=now
    )
    await open_one.update(status=MoneyRequestStatus.EXPIRED, ended_at=now)


async def open_one(request_id: UUID, *, payer_id: UUID, now: datetime) -> MoneyRequest:
    """A request that can be paid by `payer_id`.

    Raises:
        NotFound: they were not asked.
        RequestClosed: it is over.
    """
    request = await MoneyRequest.get_or_none(id=request_id, payer_id=payer_id)
    if request is None:
        raise NotFound
    if standing(request, now) is not MoneyRequestStatus.OPEN:
        raise RequestClosed(request)
    return request


async def take_in(request_id: UUID, movement: Movement, now: datetime) -> None:
    """Notes in the caller's decision that a movement pays the request; of two, one does.

    Raises:
        RequestClosed: it is over, or paid by another.
    """
    taken = await MoneyRequest.filter(
        id=request_id, status=MoneyRequestStatus.OPEN, expires_at__gt=now
    ).update(status=MoneyRequestStatus.PAID, movement_id=movement.id, ended_at=now)
    if not taken:
        raise RequestClosed(await MoneyRequest.get(id=request_id))


def standing(request: MoneyRequest, now: datetime) -> MoneyRequestStatus:
    """Where it stands, also when the job that ends it is late."""
    if request.status is MoneyRequestStatus.OPEN and request.expires_at <= now:
        return MoneyRequestStatus.EXPIRED
    return request.status


async def page(
    person_id: UUID, *, is_asker: bool, limit: int, after: Place | None
) -> list[MoneyRequest]:
    """Up to `limit` requests that somebody made, or was asked with, newest first."""
    side = {"asker_id": person_id} if is_asker else {"payer_id": person_id}
    found = MoneyRequest.filter(**side)
    return await newest(found, "created_at", limit=limit, after=after)


async def _checked(wish: Wish, asker_id: UUID) -> int:
    if wish.currency not in EXPONENTS:
        raise wallets.CurrencyNotOffered(wish.currency)
    wallet = await Account.get_or_none(
        owner_id=asker_id, currency=wish.currency, kind=AccountKind.WALLET
    )
    if wallet is None or wallet.closed_at is not None:
        raise wallets.WalletClosed
    return amounts.checked(wish.amount, wish.currency, wallet_currency=wallet.currency)


async def _refuse_flood(request: MoneyRequest, now: datetime) -> None:
    mine = MoneyRequest.filter(
        asker_id=request.asker_id, status=MoneyRequestStatus.OPEN, expires_at__gt=now
    )
    if await mine.count() >= MOST_OPEN:
        raise TooManyRequests
    if await mine.filter(payer_id=request.payer_id).count() >= MOST_OF_A_PAIR:
        raise TooManyRequests


async def _ended(
    request: MoneyRequest | None, status: MoneyRequestStatus, now: datetime
) -> MoneyRequest:
    if request is None:
        raise NotFound
    ended = await MoneyRequest.filter(
        id=request.id, status=MoneyRequestStatus.OPEN, expires_at__gt=now
    ).update(status=status, ended_at=now)
    current = await MoneyRequest.get(id=request.id)
    if not ended:
        raise RequestClosed(current)
    return current

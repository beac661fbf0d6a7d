"""Waiting to be claimed: prepared, begun, told to the number, and given back after a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, ledger, names, secrets, settlements
from domain.chart import house_account
from domain.decisions import Announce, decision
from domain.preparing import Beneficiary
from domain.refusals import NotFound, Refusal
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.unclaimed import UnclaimedTransfer
from models.wallets import AccountKind

LIVES: Final = timedelta(hours=24)
"""How long it waits to be claimed, counted from when it may be."""

MOST_WAITING: Final = 5
"""How many of one payer wait at once: each has a text message sent to a stranger."""

MESSAGES_AT_MOST: Final = 3
MESSAGES_WITHIN: Final = timedelta(days=1)
"""To one number, whoever pays. A transfer beyond that waits all the same."""

RETURN_JOB: Final = "return_unclaimed_transfer"
TELL_JOB: Final = "tell_unclaimed_transfer"
UNCLAIMED: Final = "UNCLAIMED"
REVIEW_PAUSE: Final = timedelta(hours=1)

_PURPOSE: Final = "unclaimed-phone"


class TooManyUnclaimed(Refusal):
    """Five transfers of this payer wait to be claimed."""

    def __init__(self) -> None:
        super().__init__("Too many transfers wait to be claimed.")


def place(currency: str) -> UUID:
    """The account towards which they are set aside."""
    return house_account(AccountKind.IN_TRANSIT, currency)


def is_unclaimed(movement: Movement) -> bool:
    """Whether it is a transfer to a telephone number."""
    return movement.kind is MovementKind.TRANSFER and movement.target_id == place(movement.currency)


def beneficiary(phone: str) -> Beneficiary:
    """A number (E.164) as one who is paid: by an id that is always the same for it."""
    mac = secrets.mac(_PURPOSE, phone.encode(), key_id=secrets.key_ids()[-1])
    return Beneficiary(UUID(bytes=mac[:16]), names.masked_phone(phone))


async def refuse_flood(payer_id: UUID) -> None:
    """Returns when this payer may send another one.

    Raises:
        TooManyUnclaimed: see there.
    """
    made = await Movement.filter(
        person_id=payer_id,
        kind=MovementKind.TRANSFER,
        status__in=(MovementStatus.PENDING, MovementStatus.IN_REVIEW),
    ).values_list("id", flat=True)
    if await UnclaimedTransfer.filter(movement_id__in=made).count() >= MOST_WAITING:
        raise TooManyUnclaimed


async def keep(id: UUID, phone: str, now: datetime) -> UnclaimedTransfer:
    """Remembers to which number (E.164) a quote about `id` is; retention forgets it in a day."""
    return await UnclaimedTransfer.create(
        id=id, phone=phone, masked=names.masked_phone(phone), prepared_at=now
    )


async def begin(id: UUID, movement: Movement, claimable_at: datetime) -> None:
    """Has the movement wait to be claimed, from `claimable_at` on for a day.

    In the decision that makes it. One in review waits for that first: see `go_on_in`.

    Raises:
        NotFound: nothing was kept for that quote.
    """
    async with decision() as announce:
        expires_at = claimable_at + LIVES
        kept = UnclaimedTransfer.filter(id=id, movement_id__isnull=True)
        if not await kept.update(
            movement_id=movement.id, claimable_at=claimable_at, expires_at=expires_at
        ):
            raise NotFound
        await jobs.enqueue(announce, RETURN_JOB, subject_id=movement.id, due_at=expires_at)
        if movement.status is MovementStatus.PENDING:
            await jobs.enqueue(announce, TELL_JOB, subject_id=movement.id, due_at=claimable_at)


async def go_on_in(announce: Announce, movement: Movement, now: datetime) -> ledger.Posted:
    """Lets one that an agent has approved wait a whole day; in a decision that locked nothing."""
    posted = await ledger.post_in(
        announce,
        ledger.mark(
            movement,
            MovementStatus.PENDING,
            key=settlements.own_key(movement.id, "approve"),
            at=now,
        ),
    )
    if posted.outcome is ledger.Outcome.DONE:
        row = await UnclaimedTransfer.get(movement_id=movement.id)
        assert row.claimable_at is not None, "begun with its movement"
        row.claimable_at = max(row.claimable_at, now)
        row.expires_at = row.claimable_at + LIVES
        await row.save(update_fields=["claimable_at", "expires_at"])
        await jobs.enqueue(announce, RETURN_JOB, subject_id=movement.id, due_at=row.expires_at)
        await jobs.enqueue(announce, TELL_JOB, subject_id=movement.id, due_at=row.claimable_at)
    return posted


async def return_unclaimed(movement_id: UUID, now: datetime) -> None:
    """Gives back what nobody claimed in time, and forgets the number of what is over.

    Doing it again, or too early, changes nothing. Opens a decision, or joins the caller's.
    """
    movement = await Movement.get(id=movement_id)
    row = await UnclaimedTransfer.get(movement_id=movement_id)
    assert row.expires_at is not None, "begun with its movement"
    async with decision() as announce:
        if movement.status is MovementStatus.IN_REVIEW:
            later = now + REVIEW_PAUSE
            await jobs.enqueue(announce, RETURN_JOB, subject_id=movement_id, due_at=later)
            return
        if movement.status is MovementStatus.PENDING:
            if row.expires_at > now:
                return
            held = await Hold.get(movement_id=movement_id)
            await settlements.fail_in(announce, movement, held, code=UNCLAIMED, now=now)
        await UnclaimedTransfer.filter(id=row.id).update(phone=None)


async def to_tell(movement_id: UUID, now: datetime) -> UnclaimedTransfer | None:
    """What its number is to be told of now; None when that is over, or it was told enough."""
    row = await UnclaimedTransfer.get(movement_id=movement_id)
    movement = await Movement.get(id=movement_id)
    assert row.expires_at is not None, "begun with its movement"
    is_over = movement.status is not MovementStatus.PENDING or row.expires_at <= now
    if is_over or row.phone is None or row.told_at is not None:
        return None
    lately = UnclaimedTransfer.filter(phone=row.phone, told_at__gt=now - MESSAGES_WITHIN)
    return None if await lately.count() >= MESSAGES_AT_MOST else row


async def note_told(row: UnclaimedTransfer, now: datetime) -> None:
    """Notes that its number got its text message; joins the caller's decision."""
    await UnclaimedTransfer.filter(id=row.id).update(told_at=now)

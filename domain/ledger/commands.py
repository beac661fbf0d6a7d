"""What the ledger can be told to do, as plain values; building one writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain.money import NOTHING, MinorUnits
from models.ids import new_id
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.payments import stream_of
from models.postings import PostingKind
from models.wallets import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Whose key, and what it was given for (`domain.keys.digest`)."""

    owner_id: UUID
    key: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A movement about to be made. `amount` and `fee` are minor units of `currency`.

    The source pays both; the fee goes to `fees_id`. `challenge_id` names what was proved for it and
    is consumed with the posting. `counted_on` is the payer's day on which both count for the limits
    of the source (`limits.local_day`); None: they count for none. `order_id` is the merchant's
    order that it pays, `origin_id` the movement that it answers.
    """

    kind: MovementKind
    person_id: UUID
    source_id: UUID
    target_id: UUID
    amount: MinorUnits
    currency: str
    note: str = ""
    fee: MinorUnits = NOTHING
    fees_id: UUID | None = None
    challenge_id: UUID | None = None
    guard_target: bool = True
    guard_source: bool = True
    counted_on: date | None = None
    order_id: UUID | None = None
    origin_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry to be. `pending` is positive to set aside, negative to let go.

    `counted_on` is the payer's day, where the line takes from the limits of its account or gives
    back to them; `payments` as how many payments it counts: 1, or -1 for one that came to nothing.
    """

    account_id: UUID
    side: Side
    posted: int = 0
    pending: int = 0
    counted_on: date | None = None
    payments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One element of a batch; the fields are those of the SQL type `ledger_command`."""

    key: Key
    at: datetime
    movement_id: UUID
    kind: MovementKind
    to_status: MovementStatus
    person_id: UUID
    source_id: UUID
    target_id: UUID
    amount: int
    currency: str
    from_status: MovementStatus | None = None
    fee: int = 0
    note: str = ""
    challenge_id: UUID | None = None
    arrives_at: datetime | None = None
    failure_code: str | None = None
    posting_kind: PostingKind | None = None
    hold_id: UUID | None = None
    hold_placed: int = 0
    hold_remaining: int | None = None
    hold_captured: int = 0
    hold_released: int = 0
    hold_expires_at: datetime | None = None
    guard_source: bool = False
    guard_target: bool = False
    job: tuple[str, datetime] | None = None
    order_id: UUID | None = None
    capture_before: datetime | None = None
    origin_id: UUID | None = None
    lines: Sequence[Line] = ()


class Outcome(StrEnum):
    """How the ledger answered one command."""

    DONE = "done"
    FAILED = "failed"  # recorded, and pinned to the key
    REPLAYED = "replayed"  # the key was answered before: the movement is that answer
    REFUSED = "refused"  # a change of a movement that may not happen now; nothing recorded
    STALE = "stale"  # the movement or its hold is no longer as the caller read it
    KEY_REUSED = "key_reused"  # nothing recorded
    CHALLENGE_SPENT = "challenge_spent"  # used or expired; nothing recorded, key not used


_RECORDED: Final = frozenset({Outcome.DONE, Outcome.FAILED, Outcome.REPLAYED})


@dataclass(frozen=True, slots=True)
class Posted:
    """The ledger's answer; `missing` (minor units) says how far funds fell short."""

    outcome: Outcome
    movement: Movement | None
    code: str | None
    missing: int | None
    made_job: bool = False

    @property
    def topics(self) -> list[str]:
        """Who has something to look at after this answer.

        After a replay too: it may stand for an answer that was lost before anybody was told.
        """
        if self.movement is None or self.outcome not in _RECORDED:
            return []
        movement = self.movement
        streams = (movement.source_id, movement.target_id, movement.id)
        topics = [f"stream:{stream}" for stream in streams]
        if movement.kind is MovementKind.MERCHANT_PAYMENT:
            return [*topics, f"stream:{stream_of(movement.id)}", "jobs"]
        return [*topics, "jobs"] if self.made_job else topics


def pay(order: Order, *, key: Key, at: datetime) -> Command:
    """Moves the money at once; a no is recorded as a FAILED movement."""
    return _made(
        order, MovementStatus.COMPLETED, PostingKind.MOVE, key=key, at=at, lines=_moving(order)
    )


def hold(
    order: Order,
    *,
    key: Key,
    at: datetime,
    expires_at: datetime,
    arrives_at: datetime | None = None,
    job: tuple[str, datetime] | None = None,
    status: MovementStatus = MovementStatus.PENDING,
    capture_before: datetime | None = None,
) -> Command:
    """Sets the money aside under a movement, until captured, released or `expires_at`.

    `status` is why it waits: PENDING, or IN_REVIEW. `capture_before` is of a payment that its
    merchant has to capture.
    """
    total = order.amount + order.fee
    lines = (
        _taking(order, pending=total),
        Line(order.target_id, Side.CREDIT, pending=total),
    )
    return replace(
        _made(order, status, PostingKind.HOLD, key=key, at=at, job=job, lines=lines),
        hold_id=new_id(),
        hold_placed=total,
        hold_expires_at=expires_at,
        arrives_at=arrives_at,
        capture_before=capture_before,
    )


def record(
    order: Order, *, key: Key, at: datetime, job: tuple[str, datetime] | None = None
) -> Command:
    """Makes a PENDING movement whose money has yet to be asked for elsewhere; posts nothing."""
    return _made(order, MovementStatus.PENDING, key=key, at=at, job=job)


def capture(
    movement: Movement,
    held: Hold,
    *,
    key: Key,
    at: datetime,
    amount: MinorUnits | None = None,
    is_final: bool = True,
    is_guarded: bool = True,
    fees_id: UUID | None = None,
) -> Command:
    """Pays out of a hold, all that remains or `amount` of it; when final the rest is let go.

    The movement is COMPLETED when final, and stays as it is otherwise. Refused once the hold
    has expired, or while a freeze keeps money in the source, unless it is not guarded: what a bank
    has done already is written down whatever happened here meanwhile.
    """
    captured = held.remaining if amount is None else amount
    let_go = held.remaining - captured if is_final else 0
    fee = movement.fee if is_final and amount is None else 0
    lines = [
        Line(
            held.source_id,
            Side.DEBIT,
            posted=captured,
            pending=-captured - let_go,
            counted_on=movement.counted_on,
        ),
        Line(held.target_id, Side.CREDIT, captured - fee, -captured - let_go),
    ]
    if fee and fees_id is not None:
        lines.append(Line(fees_id, Side.CREDIT, fee))
    status = MovementStatus.COMPLETED if is_final else movement.status
    return replace(
        _posting(_changed(movement, status, key=key, at=at), PostingKind.CAPTURE, lines),
        hold_id=held.id,
        hold_remaining=held.remaining,
        hold_captured=captured,
        hold_released=let_go,
        guard_source=is_guarded,
        guard_target=is_guarded,
    )


def release(
    movement: Movement,
    held: Hold,
    *,
    key: Key,
    at: datetime,
    to: MovementStatus,
    failure_code: str | None = None,
) -> Command:
    """Lets all that remains of a hold go back; nothing refuses that."""
    lines = [
        Line(
            held.source_id,
            Side.DEBIT,
            pending=-held.remaining,
            counted_on=movement.counted_on,
            payments=0 if held.captured else -1,
        ),
        Line(held.target_id, Side.CREDIT, pending=-held.remaining),
    ]
    changed = _changed(movement, to, key=key, at=at, failure_code=failure_code)
    return replace(
        _posting(changed, PostingKind.RELEASE, lines),
        hold_id=held.id,
        hold_remaining=held.remaining,
        hold_released=held.remaining,
    )


def settle(movement: Movement, *, key: Key, at: datetime) -> Command:
    """Completes a movement that was only recorded, moving its money now; nothing refuses that.

    Money that a provider has already taken must land, frozen or not.
    """
    return replace(
        _changed(movement, MovementStatus.COMPLETED, key=key, at=at),
        posting_kind=PostingKind.MOVE,
        lines=(
            Line(movement.source_id, Side.DEBIT, movement.amount),
            Line(movement.target_id, Side.CREDIT, movement.amount),
        ),
    )


def mark(
    movement: Movement,
    to: MovementStatus,
    *,
    key: Key,
    at: datetime,
    failure_code: str | None = None,
    job: tuple[str, datetime] | None = None,
) -> Command:
    """Changes the status of a movement under which no money waits."""
    return _changed(movement, to, key=key, at=at, failure_code=failure_code, job=job)


def _made(
    order: Order,
    status: MovementStatus,
    posting_kind: PostingKind | None = None,
    *,
    key: Key,
    at: datetime,
    job: tuple[str, datetime] | None = None,
    lines: Sequence[Line] = (),
) -> Command:
    """A command that makes a movement; what posts nothing is guarded when it does."""
    return Command(
        key=key,
        at=at,
        movement_id=new_id(),
        kind=order.kind,
        to_status=status,
        person_id=order.person_id,
        source_id=order.source_id,
        target_id=order.target_id,
        amount=order.amount,
        fee=order.fee,
        currency=order.currency,
        note=order.note,
        challenge_id=order.challenge_id,
        posting_kind=posting_kind,
        guard_source=posting_kind is not None and order.guard_source,
        guard_target=posting_kind is not None and order.guard_target,
        lines=lines,
        job=job,
        order_id=order.order_id,
        origin_id=order.origin_id,
    )


def _changed(
    movement: Movement,
    status: MovementStatus,
    *,
    key: Key,
    at: datetime,
    failure_code: str | None = None,
    job: tuple[str, datetime] | None = None,
) -> Command:
    return Command(
        key=key,
        at=at,
        movement_id=movement.id,
        kind=movement.kind,
        from_status=movement.status,
        to_status=status,
        person_id=movement.person_id,
        source_id=movement.source_id,
        target_id=movement.target_id,
        amount=movement.amount,
        fee=movement.fee,
        currency=movement.currency,
        failure_code=failure_code,
        job=job,
    )


def _posting(command: Command, kind: PostingKind, lines: Sequence[Line]) -> Command:
    """The command with its posting, or with none when the hold was captured to the last unit."""
    said = [line for line in lines if line.posted or line.pending]
    return replace(command, posting_kind=kind if said else None, lines=said)


def _moving(order: Order) -> list[Line]:
    lines = [
        _taking(order, posted=order.amount + order.fee),
        Line(order.target_id, Side.CREDIT, order.amount),
    ]
    if order.fee and order.fees_id is not None:
        lines.append(Line(order.fees_id, Side.CREDIT, order.fee))
    return lines


def _taking(order: Order, *, posted: int = 0, pending: int = 0) -> Line:
    """The line by which money leaves the source, which is where it counts."""
    return Line(
        order.source_id,
        Side.DEBIT,
        posted=posted,
        pending=pending,
        counted_on=order.counted_on,
        payments=1,
    )

"""Top-ups in a provider's hands: what it says, what follows, and when it is asked again.

What a provider says is kept raw before it is believed; what it does not say is asked for, for as
long as that takes. Nothing is paid twice: one movement is one order, by its own id.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import jobs, keys, ledger
from domain.decisions import decision
from domain.ledger import Outcome
from models.ids import new_id
from models.movements import Movement, MovementStatus
from models.providers import ProviderMessage, ProviderOrder
from models.wallets import Account

ASK_JOB: Final = "ask_top_up"
DECLINED_CODE: Final = "PROVIDER_DECLINED"
CLOSED_CODE: Final = "ACCOUNT_CLOSED"
FIRST_PAUSE_SECONDS: Final = 2
LONGEST_PAUSE_SECONDS: Final = 3_600
_MOST_DOUBLINGS: Final = 11

_log = logging.getLogger(__name__)


class OtherProvider(Exception):
    """The order is in the hands of another provider; asking this one would pay a second time."""

    def __init__(self) -> None:
        super().__init__("The order was handed to another provider.")


class MessageKind(StrEnum):
    """What a provider's message came in answer to; a callback came by itself."""

    SUBMIT = "submit"
    ASK = "ask"
    CALLBACK = "callback"


class Verdict(StrEnum):
    """What a provider says became of an order."""

    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    PENDING = "pending"


_ENDS: Final = {
    Verdict.SUCCEEDED: MovementStatus.COMPLETED,
    Verdict.DECLINED: MovementStatus.FAILED,
}


async def is_void(top_up: Movement, now: datetime) -> bool:
    """Whether the top-up's wallet was closed at the moment it was asked for; then it fails.

    For a top-up that no provider has heard of: its wallet cannot be closed later, while it waits.
    """
    wallet = await Account.get(id=top_up.target_id)
    if wallet.closed_at is None or await ProviderOrder.exists(movement_id=top_up.id):
        return False
    key = _own_key(top_up.id, "void")
    failed = ledger.mark(top_up, MovementStatus.FAILED, key=key, at=now, failure_code=CLOSED_CODE)
    await ledger.post(failed)
    return True


async def hand_over(top_up: Movement, provider: str, now: datetime) -> bool:
    """Notes, before a word is said to it, that the order is this provider's; False: it was before.

    Raises:
        OtherProvider: it was another's before.
    """
    order, is_first = await ProviderOrder.get_or_create(
        movement_id=top_up.id, defaults={"provider": provider, "created_at": now}
    )
    if order.provider != provider:
        raise OtherProvider
    return is_first


async def keep(
    provider: str, kind: MessageKind, text: str, *, top_up_id: UUID | None, now: datetime
) -> ProviderMessage:
    """Keeps a provider's words as they came."""
    # The character NUL, which PostgreSQL's jsonb cannot hold, is written out.
    body = {"text": text.replace("\x00", "\\x00")}
    return await ProviderMessage.create(
        id=new_id(),
        provider=provider,
        kind=kind,
        movement_id=top_up_id,
        body=body,
        received_at=now,
    )


async def believe(
    top_up: Movement, verdict: Verdict, *, reference: str | None, now: datetime
) -> None:
    """Ends the top-up as the provider says, or has it asked again while that is pending.

    A final top-up stays as it is: a contrary verdict is logged, for a person to look at. Opens a
    decision, or joins the caller's.
    """
    async with decision():
        if verdict is Verdict.PENDING:
            await ask_later(top_up, now)
        else:
            await _end(top_up, verdict, now)
        if reference is not None:
            unnamed = ProviderOrder.filter(movement_id=top_up.id, reference__isnull=True)
            await unnamed.update(reference=reference)


async def lose(top_up: Movement, now: datetime) -> None:
    """Marks the top-up UNKNOWN, for the provider may have taken the money, and has it asked.

    Opens a decision, or joins the caller's.
    """
    async with decision() as announce:
        if top_up.status is MovementStatus.PENDING:
            key = _own_key(top_up.id, "lose")
            await ledger.post_in(
                announce, ledger.mark(top_up, MovementStatus.UNKNOWN, key=key, at=now)
            )
        await ask_later(top_up, now)


async def ask_later(top_up: Movement, now: datetime) -> None:
    """Has the provider asked again, after twice the pause of the last time, an hour at most.

    Opens a decision, or joins the caller's.
    """
    async with decision() as announce:
        order = await ProviderOrder.filter(movement_id=top_up.id).select_for_update().get()
        pause_seconds = FIRST_PAUSE_SECONDS * 2 ** min(order.asks, _MOST_DOUBLINGS)
        due_at = now + timedelta(seconds=min(pause_seconds, LONGEST_PAUSE_SECONDS))
        order.asks += 1
        await order.save(update_fields=["asks"])
        await jobs.enqueue(announce, ASK_JOB, subject_id=top_up.id, due_at=due_at)


async def _end(top_up: Movement, verdict: Verdict, now: datetime) -> None:
    current = top_up
    async with decision() as announce:
        while not current.status.is_final:
            posted = await ledger.post_in(announce, _ending(current, verdict, now))
            assert posted.movement is not None
            current = posted.movement
            if posted.outcome is not Outcome.STALE:
                break
            # Somebody else marked it, or ended it, since it was read.
    if current.status is not _ENDS[verdict]:
        _log.error(
            "The provider says %s of top-up %s, which is %s and stays so.",
            verdict,
            current.id,
            current.status,
        )


def _ending(top_up: Movement, verdict: Verdict, now: datetime) -> ledger.Command:
    if verdict is Verdict.SUCCEEDED:
        return ledger.settle(top_up, key=_own_key(top_up.id, "settle"), at=now)
    return ledger.mark(
        top_up,
        MovementStatus.FAILED,
        key=_own_key(top_up.id, "decline"),
        at=now,
        failure_code=DECLINED_CODE,
    )


def _own_key(top_up_id: UUID, step: str) -> ledger.Key:
    """The house's key for one step of one top-up: whatever comes twice happens once."""
    return ledger.Key(
        owner_id=keys.SYSTEM,
        key=f"top_up:{top_up_id}:{step}",
        digest=keys.digest(step, top_up_id),
    )

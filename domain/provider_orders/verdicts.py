"""What a provider says of a movement, what follows from it, and when it is asked again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain import cases, jobs, ledger, payouts, settlements
from domain.decisions import Announce, decision
from domain.ledger import Outcome
from domain.provider_orders import contraries, declines
from domain.provider_orders.sayings import Said, Verdict, direction
from models.cases import CaseKind
from models.movements import Hold, Movement, MovementStatus
from models.providers import ProviderOrder

ASK_JOB: Final = "ask_top_up"
"""Asks what became of any movement in a provider's hands; named when there were only top-ups."""

FIRST_PAUSE_SECONDS: Final = 2
LONGEST_PAUSE_SECONDS: Final = 3_600
PATIENCE: Final = timedelta(hours=24)
"""How long a provider may leave us in the dark before somebody looks; it is asked on and on."""

_MOST_DOUBLINGS: Final = 11
_ENDED: Final = frozenset({Outcome.DONE, Outcome.FAILED})


async def believe(movement: Movement, said: Said, now: datetime) -> None:
    """Ends the movement as the provider says, or has it asked again while that is pending.

    A final movement stays as it is: what contradicts it becomes a movement of its own (see
    `contraries`). Opens a decision, or joins the caller's, which has locked nothing yet.
    """
    order = await ProviderOrder.get(movement_id=movement.id)
    async with decision() as announce:
        if said.verdict is Verdict.PENDING:
            await _wait(movement, now)
        else:
            ended = await _end_in(announce, movement, said, order.provider, now)
            await contraries.answer_in(announce, ended, said.verdict, now)
        await _note(order, said)


async def lose(movement: Movement, now: datetime) -> None:
    """Marks it UNKNOWN, for the provider may have moved the money, and has it asked.

    Opens a decision, or joins the caller's.
    """
    async with decision() as announce:
        if movement.status is MovementStatus.PENDING:
            key = settlements.own_key(movement.id, "lose")
            await ledger.post_in(
                announce, ledger.mark(movement, MovementStatus.UNKNOWN, key=key, at=now)
            )
        await ask_later(movement, now)


async def ask_later(movement: Movement, now: datetime) -> None:
    """Has the provider asked again, after twice the pause of the last time, an hour at most.

    After a day without an answer it is a case besides. Opens a decision, or joins the caller's.
    """
    async with decision() as announce:
        order = await ProviderOrder.filter(movement_id=movement.id).select_for_update().get()
        pause_seconds = FIRST_PAUSE_SECONDS * 2 ** min(order.asks, _MOST_DOUBLINGS)
        due_at = now + timedelta(seconds=min(pause_seconds, LONGEST_PAUSE_SECONDS))
        order.asks += 1
        await order.save(update_fields=["asks"])
        await jobs.enqueue(announce, ASK_JOB, subject_id=movement.id, due_at=due_at)
        if now - order.created_at >= PATIENCE:
            await cases.open_in(announce, CaseKind.PROVIDER_SILENT, subject_id=movement.id, now=now)


async def _wait(movement: Movement, now: datetime) -> None:
    """An old word that comes after the last one says nothing of a movement that has ended."""
    current = await Movement.get(id=movement.id)
    if not current.status.is_final:
        await ask_later(current, now)


async def _end_in(
    announce: Announce, movement: Movement, said: Said, provider: str, now: datetime
) -> Movement:
    """Ends the movement if nobody did, and returns it as it stands."""
    current = movement
    while not current.status.is_final:
        posted = await ledger.post_in(announce, await _ending(current, said, provider, now))
        assert posted.movement is not None
        current = posted.movement
        if posted.outcome in _ENDED:
            await payouts.tell_in(announce, current, now)
        if posted.outcome is not Outcome.STALE:
            break
        # Somebody else marked it, or ended it, since it was read.
    return current


async def _ending(movement: Movement, said: Said, provider: str, now: datetime) -> ledger.Command:
    held = await Hold.get_or_none(movement_id=movement.id)
    if said.verdict is not Verdict.DECLINED:
        key = settlements.own_key(movement.id, "settle")
        if held is None:
            return ledger.settle(movement, key=key, at=now)
        # A freeze, or a hold that waited too long, does not undo what the bank did.
        return ledger.capture(movement, held, key=key, at=now, is_guarded=False)
    key, failed = settlements.own_key(movement.id, "decline"), MovementStatus.FAILED
    code = declines.failure_code(provider, said.decline_code, direction(movement))
    if held is None:
        return ledger.mark(movement, failed, key=key, at=now, failure_code=code)
    return ledger.release(movement, held, key=key, at=now, to=failed, failure_code=code)


async def _note(order: ProviderOrder, said: Said) -> None:
    """Keeps the provider's own words with the order; its number for it stays the first one."""
    mine = ProviderOrder.filter(movement_id=order.movement_id)
    if said.reference is not None:
        await mine.filter(reference__isnull=True).update(reference=said.reference)
    if said.decline_code is not None:
        await mine.update(decline_code=said.decline_code)

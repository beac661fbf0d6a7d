"""Speaking to the payment provider: giving it orders, asking what became of them, hearing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from channels.providers import (
    AnswerLost,
    Order,
    OrderKind,
    Provider,
    ProviderAnswer,
    Unreachable,
)
from domain import jobs, provider_orders
from domain.decisions import decision
from domain.provider_orders import Direction, Handing, MessageKind, Said, Verdict
from models.jobs import Job
from models.movements import Movement, MovementKind, MovementStatus
from models.providers import ProviderMessage

_KINDS = {Direction.IN: OrderKind.CHARGE, Direction.OUT: OrderKind.PAYOUT}
_OURS = (MovementKind.TOP_UP, MovementKind.WITHDRAWAL, MovementKind.PAYOUT)

_log = logging.getLogger(__name__)


async def submit_order(job: Job, now: datetime, *, provider: Provider) -> None:
    """Gives the provider a movement, or asks what became of it if somebody died while doing so."""
    movement = await Movement.get(id=job.subject_id)
    if movement.status is MovementStatus.PENDING:
        await _pursue(job, movement, provider, now)


async def ask_order(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks what became of a movement; one that the provider never heard of is submitted again."""
    movement = await Movement.get(id=job.subject_id)
    if not movement.status.is_final:
        await _pursue(job, movement, provider, now)


async def look_at_order(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks once about a movement, also one that has ended: something says that it may be wrong."""
    movement = await Movement.get_or_none(id=job.subject_id, kind__in=_OURS)
    if movement is not None:
        await _Errand(job, _order(movement, None), movement, provider, now).follow_hint()


async def hear_provider(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks about the movement that a callback named; what stays open is asked again anyway."""
    message = await ProviderMessage.get(id=job.subject_id)
    movement = await Movement.get_or_none(id=message.movement_id, kind__in=_OURS)
    if movement is None:
        _log.warning("Provider message %s is about no movement of ours.", message.id)
    else:
        await _Errand(job, _order(movement, None), movement, provider, now).follow_hint()


async def _pursue(job: Job, movement: Movement, provider: Provider, now: datetime) -> None:
    if await provider_orders.is_void(movement, now):
        return
    token = await provider_orders.token_of(movement.id)
    errand = _Errand(job, _order(movement, token), movement, provider, now)
    match await provider_orders.hand_over(movement, provider.name, now):
        case Handing.SUBMIT:
            await errand.submit()
        case Handing.ASK:
            await errand.ask()
        case Handing.NOTHING:
            return


def _order(movement: Movement, token: str | None) -> Order:
    return Order(
        id=movement.id,
        kind=_KINDS[provider_orders.direction(movement)],
        amount_minor=movement.amount,
        currency=movement.currency,
        token=token,
    )


@dataclass(frozen=True, slots=True)
class _Errand:
    """One conversation with the provider about one movement; it ends with the job."""

    job: Job
    order: Order
    movement: Movement
    provider: Provider
    now: datetime

    async def submit(self, *, may_be_known: bool = False) -> None:
        """Submits the order; one that `may_be_known` counts as told, whatever comes of this."""
        try:
            answer = self._about_our_order(await self.provider.submit(self.order))
        except Unreachable as error:
            await self._ask_later(error, is_unheard=not may_be_known)
        except AnswerLost as lost:
            await self._keep(MessageKind.SUBMIT, lost.raw)
            await self._lose(lost)
        else:
            await self._believe(MessageKind.SUBMIT, answer)

    async def ask(self) -> None:
        try:
            answer = await self._asked()
        except Unreachable as error:
            await self._ask_later(error)
        except AnswerLost as lost:
            await self._keep(MessageKind.ASK, lost.raw)
            await self._ask_later(lost)
        else:
            if answer is None:
                # An old request may still be on its way to the provider.
                await self.submit(may_be_known=True)
            else:
                await self._believe(MessageKind.ASK, answer)

    async def follow_hint(self) -> None:
        """Believes a final answer; anything else is left to the asking that goes on anyway."""
        try:
            answer = await self._asked()
        except (AnswerLost, Unreachable) as error:
            _log.warning("Asking about movement %s after a hint: %s", self.movement.id, error)
            return
        if answer is not None and Verdict(answer.status) is not Verdict.PENDING:
            await self._believe(MessageKind.ASK, answer)

    async def _asked(self) -> ProviderAnswer | None:
        answer = await self.provider.ask(self.movement.id)
        return answer and self._about_our_order(answer)

    def _about_our_order(self, answer: ProviderAnswer) -> ProviderAnswer:
        if not answer.is_about(self.order):
            raise AnswerLost("The provider speaks of another sum.", answer.raw)
        return answer

    async def _believe(self, kind: MessageKind, answer: ProviderAnswer) -> None:
        # Kept in a commit of its own: it was said, whatever comes of believing it.
        await self._keep(kind, answer.raw)
        said = Said(
            verdict=Verdict(answer.status),
            decline_code=answer.decline_code,
            reference=answer.reference,
        )
        async with decision():
            await provider_orders.believe(self.movement, said, self.now)
            await jobs.finish(self.job, self.now)

    async def _lose(self, error: AnswerLost) -> None:
        _log.warning("What became of movement %s is not known: %s", self.movement.id, error)
        async with decision():
            await provider_orders.lose(self.movement, self.now)
            await jobs.finish(self.job, self.now)

    async def _ask_later(self, error: Exception, *, is_unheard: bool = False) -> None:
        """While the provider has heard nothing, the movement can still be cancelled."""
        _log.warning("Nothing was learnt about movement %s: %s", self.movement.id, error)
        async with decision():
            await provider_orders.ask_later(self.movement, self.now)
            if is_unheard:
                await provider_orders.take_back(self.movement.id)
            await jobs.finish(self.job, self.now)

    async def _keep(self, kind: MessageKind, text: str) -> None:
        if text:
            await provider_orders.keep(
                self.provider.name, kind, text, movement_id=self.movement.id, now=self.now
            )

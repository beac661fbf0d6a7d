"""Speaking to the payment provider: submitting top-ups, asking what became of them, hearing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from channels.providers import AnswerLost, Provider, ProviderAnswer, Unreachable
from domain import jobs, provider_orders
from domain.decisions import decision
from domain.provider_orders import MessageKind, Verdict
from models.jobs import Job
from models.movements import Movement, MovementKind, MovementStatus
from models.providers import ProviderMessage

_log = logging.getLogger(__name__)


async def submit_top_up(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks the provider for the money, or what became of it if somebody asked before and died."""
    top_up = await Movement.get(id=job.subject_id)
    if top_up.status is not MovementStatus.PENDING:
        return
    if await provider_orders.is_void(top_up, now):
        return
    errand = _Errand(job, top_up, provider, now)
    if await provider_orders.hand_over(top_up, provider.name, now):
        await errand.submit()
    else:
        await errand.ask()


async def ask_top_up(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks what became of a top-up; one that the provider never heard of is submitted again."""
    top_up = await Movement.get(id=job.subject_id)
    if top_up.status.is_final:
        return
    await provider_orders.hand_over(top_up, provider.name, now)
    await _Errand(job, top_up, provider, now).ask()


async def hear_provider(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks about the top-up that a callback named; what stays open is asked again anyway."""
    message = await ProviderMessage.get(id=job.subject_id)
    top_up = await Movement.get_or_none(id=message.movement_id, kind=MovementKind.TOP_UP)
    if top_up is None:
        _log.warning("Provider message %s is about no top-up of ours.", message.id)
    elif not top_up.status.is_final:
        await _Errand(job, top_up, provider, now).follow_hint()


@dataclass(frozen=True, slots=True)
class _Errand:
    """One conversation with the provider about one top-up; it ends with the job."""

    job: Job
    top_up: Movement
    provider: Provider
    now: datetime

    async def submit(self) -> None:
        order = self.top_up
        try:
            answer = self._about_our_sum(
                await self.provider.submit(order.id, order.amount, order.currency)
            )
        except Unreachable as error:
            await self._ask_later(error)
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
                await self.submit()
            else:
                await self._believe(MessageKind.ASK, answer)

    async def follow_hint(self) -> None:
        """Believes a final answer; anything else is left to the asking that goes on anyway."""
        try:
            answer = await self._asked()
        except (AnswerLost, Unreachable) as error:
            _log.warning("Asking about top-up %s after a hint: %s", self.top_up.id, error)
            return
        if answer is not None and Verdict(answer.status) is not Verdict.PENDING:
            await self._believe(MessageKind.ASK, answer)

    async def _asked(self) -> ProviderAnswer | None:
        answer = await self.provider.ask(self.top_up.id)
        return answer and self._about_our_sum(answer)

    def _about_our_sum(self, answer: ProviderAnswer) -> ProviderAnswer:
        if (answer.amount_minor, answer.currency) != (self.top_up.amount, self.top_up.currency):
            raise AnswerLost("The provider speaks of another sum.", answer.raw)
        return answer

    async def _believe(self, kind: MessageKind, answer: ProviderAnswer) -> None:
        # Kept in a commit of its own: it was said, whatever comes of believing it.
        await self._keep(kind, answer.raw)
        verdict = Verdict(answer.status)
        async with decision():
            await provider_orders.believe(
                self.top_up, verdict, reference=answer.reference, now=self.now
            )
            await jobs.finish(self.job, self.now)

    async def _lose(self, error: AnswerLost) -> None:
        _log.warning("Whether top-up %s was paid is not known: %s", self.top_up.id, error)
        async with decision():
            await provider_orders.lose(self.top_up, self.now)
            await jobs.finish(self.job, self.now)

    async def _ask_later(self, error: Exception) -> None:
        _log.warning("Nothing was learnt about top-up %s: %s", self.top_up.id, error)
        async with decision():
            await provider_orders.ask_later(self.top_up, self.now)
            await jobs.finish(self.job, self.now)

    async def _keep(self, kind: MessageKind, text: str) -> None:
        if text:
            await provider_orders.keep(
                self.provider.name, kind, text, top_up_id=self.top_up.id, now=self.now
            )

"""Operations and jobs as operators see them: counted, timed, traced, and each a line in the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from starlette.types import Scope

from models.jobs import Job
from schema.context import Context
from schema.ids import Prefix, public
from server import logs, metrics, tracing
from server.documents import Operation

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from server.operations import Answer

LONGEST_NAME: Final = 64

_SUBSCRIPTION: Final = "subscription"
_OURS: Final = frozenset({"INTERNAL", "TIMEOUT", "UNAVAILABLE"})
"""The codes that say that it was not the caller's fault."""

_log = logging.getLogger("upay.access")
_about: Final = logs.about.set


def arrived(scope: Scope, request_id: str) -> None:
    """A request begins: what this task does and logs from here on is about it."""
    _about(request_id)
    tracing.arrived(scope["headers"])


class Sighting:
    """One operation, from being asked to its last answer.

    Entered when it is asked, left when nothing more is told. Outcomes: `ok`; `refused`, which is
    the caller's to set right; `failed`, which is ours; `left`, when nobody waited for the answer.
    """

    __slots__ = ("_answer", "_api", "_began", "_context", "_kind", "_name", "_span", "_told")

    def __init__(self, context: Context) -> None:
        self._context = context
        self._api = context.audience
        self._kind = "unknown"
        self._name: str | None = None
        self._answer: Answer | None = None
        self._told = 0

    def __enter__(self) -> Self:
        _about(self)
        self._span = tracing.span("operation")
        if self._span is not None:
            tracing.enter(self._span)
        self._began = perf_counter()
        return self

    def is_of(self, operation: Operation) -> None:
        """Which operation it is, which takes a while to find out."""
        self._kind = operation.kind
        self._name = operation.name
        if self._kind == _SUBSCRIPTION:
            metrics.open_subscriptions[self._api] += 1

    def told(self, answer: Answer) -> Answer:
        """Notes an answer and hands it on."""
        self._answer = answer
        self._told += 1
        return answer

    def goes_on(self) -> None:
        """The next answer is being waited for, perhaps by another task than the last."""
        metrics.events[self._api] += 1
        _about(self)
        if self._span is not None:
            tracing.enter(self._span)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        seconds = perf_counter() - self._began
        answer = self._answer
        code = answer.code if answer is not None and answer.errors else None
        outcome = "ok" if error is None and code is None else self._outcome(error, code)
        if self._kind == _SUBSCRIPTION:
            metrics.open_subscriptions[self._api] -= 1
            metrics.followings[self._api, outcome] += 1
        else:
            metrics.answered(self._api, self._kind, outcome, seconds)
        if code is not None:
            metrics.errors[self._api, code] += 1
        if _log.isEnabledFor(logging.INFO):
            self._log(outcome, code, seconds)
        if self._span is not None:
            self._trace(self._span, outcome, code)

    def __call__(self) -> dict[str, object]:
        """What every line of the log says that is about this operation."""
        facts: dict[str, object] = {"request_id": self._context.request_id, "api": self._api}
        if self._kind != "unknown":
            facts["kind"] = self._kind
        # GraphQL lets a name be of letters, digits and underscores only, but of any length.
        if self._name is not None and len(self._name) <= LONGEST_NAME:
            facts["operation"] = self._name
        if self._span is not None:
            facts["trace_id"] = tracing.trace_id(self._span)
        return facts

    def _outcome(self, error: BaseException | None, code: str | None) -> str:
        if code is not None:
            return "failed" if code in _OURS else "refused"
        if isinstance(error, Exception):
            return "failed"
        # To leave is how a subscription ends.
        return "left" if self._answer is None else "ok"

    def _log(self, outcome: str, code: str | None, seconds: float) -> None:
        facts: dict[str, object] = {"outcome": outcome, "ms": round(seconds * 1_000, 1)}
        if code is not None:
            facts["code"] = code
        if self._answer is not None and self._answer.points is not None:
            facts["points"] = self._answer.points
        if self._kind == _SUBSCRIPTION:
            facts["events"] = self._told
        if self._context.identity is not None:
            facts["person"] = public(Prefix.PERSON, self._context.identity.person_id)
        if self._context.key_holder is not None:
            facts["merchant"] = public(Prefix.MERCHANT, self._context.key_holder.merchant_id)
        _about(self)
        _log.info("answered", extra=facts)

    def _trace(self, span: Span, outcome: str, code: str | None) -> None:
        facts: dict[str, str | int] = {
            "upay.api": self._api,
            "upay.outcome": outcome,
            "upay.request_id": self._context.request_id,
            "upay.answers": self._told,
        }
        if code is not None:
            facts["upay.code"] = code
        if self._kind != "unknown":
            facts["graphql.operation.type"] = self._kind
        if self._name is not None and len(self._name) <= LONGEST_NAME:
            facts["graphql.operation.name"] = self._name
        name = "operation" if self._kind == "unknown" else self._kind
        tracing.end(span, name=name, facts=facts, is_failed=outcome == "failed")


@contextmanager
def job(job: Job) -> Iterator[None]:
    """What this task does and logs during the block is about `job`."""
    span = tracing.span("job")
    _about(lambda: {"job": job.id.hex, "job_kind": job.kind})
    if span is not None:
        tracing.enter(span)
    outcome = "failed"
    try:
        yield
        outcome = "ok"
    finally:
        if span is not None:
            told: dict[str, str | int] = {
                "upay.job_kind": job.kind,
                "upay.attempt": job.attempts,
                "upay.outcome": outcome,
            }
            tracing.end(span, name=f"job {job.kind}", facts=told, is_failed=outcome == "failed")

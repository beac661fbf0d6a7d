"""One operation from asking to answer, whichever wire it came by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard, cast

import strawberry
from graphql import ExecutionResult, GraphQLError, execute, subscribe
from strawberry.execution import optimized_is_awaitable

from schema.context import Context
from server import errors, limits
from server.client_versions import Policies
from server.documents import Document, Documents, Operation, Refused
from server.rates import Rates, Verdict
from server.sightings import Sighting

ANSWER_SECONDS: Final = 10.0
READING_POINTS: Final = 5
"""What a document costs that was not seen before: to read one takes as long as to answer some."""

_is_awaitable = cast("Callable[[Any], TypeGuard[Awaitable[Any]]]", optimized_is_awaitable)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a client sent."""

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """What it is told. `is_refused` when nothing was run: then there is no `data` to tell.

    `verdict` is how much more the caller may ask; None where nobody counts.
    """

    data: dict[str, Any] | None = None
    errors: list[GraphQLError] | None = None
    is_refused: bool = False
    points: int | None = None
    verdict: Verdict | None = None

    @property
    def code(self) -> str | None:
        """The code of the first error."""
        return (self.errors[0].extensions or {}).get("code") if self.errors else None

    def payload(self) -> dict[str, Any]:
        """The answer as JSON will carry it."""
        told: dict[str, Any] = {} if self.is_refused else {"data": self.data}
        if self.errors:
            told["errors"] = [error.formatted for error in self.errors]
        if self.points is not None:
            cost = {"points": self.points}
            if self.verdict is not None:
                cost["remaining"] = self.verdict.remaining
            told["extensions"] = {"cost": cost}
        return told


@dataclass(frozen=True, slots=True)
class _Run:
    """An operation that nothing refuses."""

    document: Document
    operation: Operation
    asked: Asked
    context: Context
    points: int
    verdict: Verdict | None

    @property
    def variables(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.asked.variables)


class Operations:
    """Runs the operations of one schema; `rates` counts what callers ask for."""

    def __init__(self, schema: strawberry.Schema, rates: Rates | None) -> None:
        self._schema = schema._schema
        self._resolving: dict[str, Any] = {
            "executor_class": schema.execution_context_class,
            "operation_extensions": None,
            "hide_suggestions": True,
        }
        self._rates = rates
        self._policies = Policies()
        self._documents = Documents(schema)

    async def answer(self, asked: Asked, context: Context) -> Answer:
        """The answer to a query or a mutation; a subscription is refused."""
        with Sighting(context) as seen:
            return seen.told(await self._answer(asked, context, seen))

    async def _answer(self, asked: Asked, context: Context, seen: Sighting) -> Answer:
        begun = await self._begin(asked, context, seen)
        if isinstance(begun, Answer):
            return begun
        if begun.operation.is_subscription:
            message = "Ask for a subscription by a socket, or accept text/event-stream."
            return _refusal(context, [errors.no("SUBSCRIPTION_NEEDS_STREAM", message)])
        return await self._run(begun)

    async def stream(self, asked: Asked, context: Context) -> AsyncGenerator[Answer, None]:
        """The answers to any operation, one after the other."""
        context = await context.renewed()
        with Sighting(context) as seen:
            begun = await self._begin(asked, context, seen)
            if isinstance(begun, Answer):
                yield seen.told(begun)
            elif not begun.operation.is_subscription:
                yield seen.told(await self._run(begun))
            else:
                async with aclosing(self._follow(begun)) as answers:
                    async for answer in answers:
                        yield seen.told(answer)
                        seen.goes_on()

    async def _begin(self, asked: Asked, context: Context, seen: Sighting) -> _Run | Answer:
        begun = await self._read(asked, context, seen)
        if context.client_version is None:
            return begun
        # Judged last and told first: an old app may well ask for what is not there any more.
        node = begun.operation.node if isinstance(begun, _Run) else None
        refused = await self._policies.refusal(context, node)
        if refused is None:
            return begun
        return Answer(None, [refused], True, begun.points, begun.verdict)

    async def _read(self, asked: Asked, context: Context, seen: Sighting) -> _Run | Answer:
        points, verdict = None, None
        try:
            document = self._documents.known(asked.query)
            if document is None:
                verdict = await self._charge(context, READING_POINTS)
                document = self._documents.read(asked.query)
            operation = document.operation(asked.operation_name)
            seen.is_of(operation)
            points = operation.cost(asked.variables)
            if points > limits.POINTS:
                raise limits.excess(
                    f"This operation costs {points} points; {limits.POINTS} are the most.",
                    operation.node,
                )
            verdict = await self._charge(context, points)
            is_known = context.identity is not None or context.key_holder is not None
            if operation.looks_at_schema and context.livemode and not is_known:
                raise errors.said("UNAUTHENTICATED", context)
        except Refused as refused:
            return _refusal(context, refused.errors, points, verdict)
        except _TooMuch as refused:
            return _refusal(
                context, [errors.said("RATE_LIMITED", context)], points, refused.verdict
            )
        except GraphQLError as error:
            return _refusal(context, [error], points, verdict)
        return _Run(document, operation, asked, context, points, verdict)

    async def _charge(self, context: Context, points: int) -> Verdict | None:
        if self._rates is None:
            return None
        verdict = await self._rates.take(
            caller_id=context.caller_id, address=context.client, points=points
        )
        if not verdict.is_allowed:
            raise _TooMuch(verdict)
        return verdict

    async def _run(self, run: _Run) -> Answer:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return _told(run, await self._executed(run))
        except TimeoutError:
            return _broken(run, errors.said("TIMEOUT", run.context))

    async def _executed(self, run: _Run) -> ExecutionResult:
        if run.operation.plan is not None:
            return await run.operation.plan.run(run.context, run.variables)
        executing = execute(
            self._schema, run.document.node, is_awaitable=_is_awaitable, **self._asking(run)
        )
        return executing if isinstance(executing, ExecutionResult) else await executing

    async def _follow(self, run: _Run) -> AsyncGenerator[Answer, None]:
        try:
            async with aclosing(await self._results(run)) as results:
                async for result in results:
                    yield _told(run, result)
        except Exception as error:  # noqa: BLE001 - whatever breaks a stream is told, and logged
            yield _broken(run, GraphQLError(str(error), original_error=error))

    async def _results(self, run: _Run) -> AsyncGenerator[ExecutionResult, None]:
        if run.operation.plan is not None:
            return run.operation.plan.follow(run.context, run.variables)
        following = subscribe(self._schema, run.document.node, **self._asking(run))
        if not isinstance(following, ExecutionResult | AsyncIterator):
            following = await following
        if isinstance(following, ExecutionResult):
            return _only(following)
        return cast("AsyncGenerator[ExecutionResult, None]", following)

    def _asking(self, run: _Run) -> dict[str, Any]:
        """What graphql-core is told of an operation that has no plan."""
        return {
            "context_value": run.context,
            "variable_values": run.variables,
            "operation_name": run.operation.name,
            **self._resolving,
        }


async def _only(result: ExecutionResult) -> AsyncGenerator[ExecutionResult, None]:
    yield result


class _TooMuch(Exception):
    """The caller has used up what may be asked for in this minute."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


def _told(run: _Run, result: ExecutionResult) -> Answer:
    if not result.errors:
        return Answer(result.data, None, False, run.points, run.verdict)
    # Without a path an error is none of a field's: the variables do not fit, nothing was run.
    is_refused = result.data is None and all(error.path is None for error in result.errors)
    if is_refused:
        return _refusal(run.context, result.errors, run.points, run.verdict, "VARIABLES_INVALID")
    coded = [errors.coded(error, run.context) for error in result.errors]
    return Answer(result.data, coded, False, run.points, run.verdict)


def _broken(run: _Run, error: GraphQLError) -> Answer:
    """What was begun and not brought to its end."""
    return Answer(None, [errors.coded(error, run.context)], False, run.points, run.verdict)


def _refusal(
    context: Context,
    refused: list[GraphQLError],
    points: int | None = None,
    verdict: Verdict | None = None,
    code: str = "BAD_REQUEST",
) -> Answer:
    coded = [errors.coded(error, context, otherwise=code) for error in refused]
    return Answer(None, coded, True, points, verdict)

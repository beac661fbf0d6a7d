"""What the addresses of files share: who asks, how often, and how a no is written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from graphql import GraphQLError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.audit import ReasonRequired
from domain.fresh_proofs import ProofNeeded
from domain.merchants import ScopeMissing
from domain.refusals import NotFound, Refusal
from schema import catalogue
from schema.context import Context, KeyOfOtherMode, NotSignedIn, PasswordChangeRequired
from schema.ids import IdUnknown
from schema.problems.base import named
from server import errors
from server.callers import Callers
from server.client_versions import Policies
from server.rates import Rates, Verdict
from server.rates import headers as rate_headers
from server.requests import BadRequest, HungUp

Headers: TypeAlias = Mapping[bytes, bytes]
Answering: TypeAlias = Callable[[Request, Context], Awaitable[Response]]

_CODED: Final = (
    NotFound,
    IdUnknown,
    NotSignedIn,
    KeyOfOtherMode,
    PasswordChangeRequired,
    ScopeMissing,
)
_STATUSES: Final[Mapping[type[Refusal], int]] = {ProofNeeded: 403, ReasonRequired: 422}

ATTACHMENT: Final = {
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; sandbox",
}
"""Whatever is in a file, a browser puts it on the disk and runs nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDoor:
    """An address of files, for whoever the `callers` of one API let in."""

    callers: Callers
    rates: Rates
    policies: Policies = field(default_factory=Policies)

    def guarded(
        self, answering: Answering, *, points: int
    ) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint that answers so, once its caller is known and has paid `points` for it."""

        async def guarded(request: Request) -> Response:
            headers = headers_of(request)
            context = self.callers.anonymous(request.scope, headers)
            try:
                await self.callers.introduce(context, request.scope, headers)
                verdict = await self._paid(context, points)
                answer = await self._outdated(context) or await _answered(
                    answering, request, context
                )
                answer.raw_headers += rate_headers(verdict)
                return answer
            except BadRequest as refused:
                return _refusal(refused.status, errors.no(refused.code, str(refused)))
            except HungUp:
                return Response(status_code=400)

        return guarded

    async def _outdated(self, context: Context) -> Response | None:
        """What an app is told that is too old, here as everywhere; None when it is not."""
        if context.client_version is None:
            return None
        told = await self.policies.refusal(context, None)
        if told is None:
            return None
        code = str((told.extensions or {})["code"])
        return _refusal(catalogue.top_level(code).status, told)

    async def _paid(self, context: Context, points: int) -> Verdict:
        verdict = await self.rates.take(
            caller_id=context.caller_id, address=context.client, points=points
        )
        if not verdict.is_allowed:
            raise BadRequest(429, "RATE_LIMITED", "That was too often. Wait a moment.")
        return verdict


def headers_of(request: Request) -> Headers:
    return dict(request.scope["headers"])


async def _answered(answering: Answering, request: Request, context: Context) -> Response:
    try:
        return await answering(request, context)
    except _CODED as refused:
        told = errors.coded(GraphQLError(str(refused), original_error=refused), context)
        code = str((told.extensions or {})["code"])
        return _refusal(catalogue.top_level(code).status, told)
    except tuple(_STATUSES) as refusal:
        problem = named(refusal, context.language)
        told = errors.no(problem.code.name, problem.message)
        return _refusal(_STATUSES[type(refusal)], told)


def _refusal(status: int, error: GraphQLError) -> Response:
    return JSONResponse({"errors": [error.formatted]}, status)

"""Top-level errors: each with a code, and nothing of the inside of uPay in any of them."""

from __future__ import annotations

import logging
from typing import Final

import asyncpg
from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from domain.refusals import NotFound
from domain.streams import SessionOver
from schema.context import NotSignedIn
from schema.ids import IdUnknown

log = logging.getLogger("upay.graphql")

_SAID: Final[dict[type[BaseException], tuple[str, str]]] = {
    NotFound: ("NOT_FOUND", "There is no such thing, or it is not yours to see."),
    IdUnknown: ("NOT_FOUND", "There is no such thing, or it is not yours to see."),
    NotSignedIn: ("UNAUTHENTICATED", "Sign in first."),
    SessionOver: ("SESSION_ENDED", "Your session has ended. Sign in again."),
}
_AWAY: Final = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)


class CodedErrors(MaskErrors):
    """Gives every error a code; what uPay did not mean to say is masked and logged whole."""

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        request_id = getattr(self.execution_context.context, "request_id", "")
        return [_coded(error, request_id) for error in errors]


def _coded(error: GraphQLError, request_id: str) -> GraphQLError:
    cause = _cause(error)
    given = (error.extensions or {}).get("code")
    if cause is None and (given is not None or error.path is None):
        # A document or a variable that does not fit the schema: the words are fit to be seen.
        return _like(error, error.message, {"code": given or "BAD_REQUEST"})
    if cause is not None and type(cause) in _SAID:
        code, message = _SAID[type(cause)]
        return _like(error, message, {"code": code})
    log.error("request %s failed", request_id, exc_info=cause or error)
    if isinstance(cause, _AWAY):
        message = "uPay cannot be reached just now. Repeat with the same idempotency key."
        return _like(error, message, {"code": "UNAVAILABLE", "requestId": request_id})
    message = "Something went wrong. Look in the history before you try again."
    return _like(error, message, {"code": "INTERNAL", "requestId": request_id})


def _cause(error: GraphQLError) -> BaseException | None:
    """The exception of ours or of a library behind the error; None when GraphQL itself said no."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _like(error: GraphQLError, message: str, extensions: dict[str, str]) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions=extensions,
    )

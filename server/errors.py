"""Top-level errors: each with a code, and nothing of the inside of uPay in any of them."""

from __future__ import annotations

import logging
from typing import Final

import asyncpg
from graphql import GraphQLError
from graphql.language import Node

from domain.merchants import ScopeMissing
from domain.refusals import NotFound
from domain.streams import SessionOver
from schema import catalogue
from schema.context import Context, KeyOfOtherMode, NotSignedIn, PasswordChangeRequired
from schema.ids import IdUnknown
from server.echoes import silenced

LONGEST_MESSAGE: Final = 300

log = logging.getLogger("upay.graphql")

_CODES: Final[dict[type[BaseException], str]] = {
    NotFound: "NOT_FOUND",
    IdUnknown: "NOT_FOUND",
    NotSignedIn: "UNAUTHENTICATED",
    PasswordChangeRequired: "PASSWORD_CHANGE_REQUIRED",
    SessionOver: "SESSION_ENDED",
    KeyOfOtherMode: "KEY_OF_OTHER_MODE",
    ScopeMissing: "SCOPE_MISSING",
}
AWAY: Final = (OSError, TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)


def no(code: str, message: str, node: Node | None = None) -> GraphQLError:
    """A no that says by itself what is wrong, to whoever wrote the request."""
    return GraphQLError(message, node, extensions={"code": code})


def coded(error: GraphQLError, context: Context, *, otherwise: str = "BAD_REQUEST") -> GraphQLError:
    """The error with a code; what uPay did not mean to say is masked, and logged whole.

    `otherwise` is the code of what GraphQL itself says no to.
    """
    cause = _cause(error)
    given = (error.extensions or {}).get("code")
    if cause is None and (given is not None or error.path is None):
        # A document or a variable that does not fit the schema: the words are fit to be seen.
        return _like(error, _short(silenced(error.message)), {"code": given or otherwise})
    code = _CODES.get(type(cause)) if cause is not None else None
    if code is not None:
        facts = {"scope": cause.scope.name} if isinstance(cause, ScopeMissing) else {}
        return said(code, context, error, **facts)
    log.error("request %s failed", context.request_id, exc_info=cause or error)
    return said("UNAVAILABLE" if isinstance(cause, AWAY) else "INTERNAL", context, error)


def said(
    code: str, context: Context, error: GraphQLError | None = None, **facts: str
) -> GraphQLError:
    """What the catalogue says of a code, in the caller's language, in the place of `error`.

    `facts` are told to programs beside the code, too.
    """
    extensions = {"code": code, **facts}
    if code in {"UNAVAILABLE", "INTERNAL", "TIMEOUT"}:
        extensions["requestId"] = context.request_id
    message = catalogue.top_level(code).whole(context.language, **facts)
    return _like(error or GraphQLError(message), message, extensions)


def _short(message: str) -> str:
    """GraphQL repeats what it does not know, however long that is."""
    return message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + "…"


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

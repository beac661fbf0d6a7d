"""Which form a request has and which its answer shall have, as GraphQL over HTTP settles it."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from server.requests import BadRequest


class Form(StrEnum):
    """What an answer can be written as."""

    GRAPHQL = "application/graphql-response+json"
    JSON = "application/json"
    EVENTS = "text/event-stream"

    @property
    def content_type(self) -> bytes:
        return f"{self}; charset=utf-8".encode()


_LONGEST: Final = 1_000


@lru_cache(maxsize=256)
def accepted(accept: bytes | None) -> Form:
    """The form a caller likes best; JSON to whoever says nothing.

    Raises:
        BadRequest: none of ours is among what it accepts.
    """
    if accept is None or not accept.strip():
        return Form.JSON
    liked = dict(_weighed(part) for part in accept[:_LONGEST].decode("latin-1").lower().split(","))
    ruled_out = {name for name, weight in liked.items() if weight == 0}
    # The first of those it likes equally well, as it stands in its list.
    for name in sorted(liked, key=lambda name: -liked[name]):
        for form in _meant(name):
            if form not in ruled_out and liked[name] > 0:
                return form
    raise BadRequest(
        406, "NOT_ACCEPTABLE", f"Answers are {Form.GRAPHQL}, {Form.JSON} or {Form.EVENTS}."
    )


@lru_cache(maxsize=256)
def require_json(content_type: bytes | None, encoding: bytes | None) -> None:
    """Returns when a body is JSON in UTF-8, not compressed.

    Raises:
        BadRequest: it is something else, or does not say.
    """
    name, *parameters = (content_type or b"").decode("latin-1").lower().split(";")
    charsets = [
        value.strip().strip('"')
        for key, _, value in (parameter.partition("=") for parameter in parameters)
        if key.strip() == "charset"
    ]
    is_plain = encoding is None or encoding.strip().lower() in {b"", b"identity"}
    if name.strip() != Form.JSON or charsets not in ([], ["utf-8"], ["utf8"]) or not is_plain:
        raise BadRequest(
            415, "MEDIA_TYPE_UNSUPPORTED", f"A request is {Form.JSON} in UTF-8, not compressed."
        )


def _meant(name: str) -> tuple[Form, ...]:
    """The forms that go by a name, the one to be sent first."""
    if name in {"*/*", "application/*"}:
        return (Form.JSON, Form.GRAPHQL)
    return tuple(form for form in Form if form == name)


def _weighed(part: str) -> tuple[str, float]:
    """The name and how much it is liked, from 0 to 1: `application/json;q=0.5`."""
    name, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return name, min(1.0, max(0.0, float(value)))
            except ValueError:
                return name, 0.0
    return name, 1.0

"""Keyset pages: a cursor is a place in an order, so later rows neither repeat nor hide one."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, Generic, TypeVar
from uuid import UUID

import strawberry
from graphql import GraphQLError

from models.places import Place

T = TypeVar("T")

FIRST_DEFAULT: Final = 20
FIRST_MAX: Final = 100

First = Annotated[int, strawberry.argument(description="How many at most, 1 to 100.", name="first")]
After = Annotated[
    str | None,
    strawberry.argument(description="The cursor after which the page begins.", name="after"),
]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="One item of a page, and its place.")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of a list, newest first.")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    page_info: PageInfo


def size(first: int) -> int:
    """A page's size as asked for, or a coded error."""
    if not 1 <= first <= FIRST_MAX:
        raise GraphQLError(
            f"first must be between 1 and {FIRST_MAX}.", extensions={"code": "BAD_USER_INPUT"}
        )
    return first


def page(
    places: Sequence[Place], nodes: Sequence[T], first: int, after: str | None
) -> Connection[T]:
    """A connection of `nodes`; one more than `first` of them means there is a next page."""
    edges = [
        Edge(cursor=cursor(place), node=node)
        for place, node in zip(places[:first], nodes[:first], strict=True)
    ]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(nodes) > first,
            has_previous_page=after is not None,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def cursor(place: Place) -> str:
    at, id = place
    raw = ((at - _EPOCH) // _MICROSECOND).to_bytes(8) + id.bytes
    return base64.urlsafe_b64encode(raw).decode()


def parse_cursor(text: str | None) -> Place | None:
    if text is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(text)
        if len(raw) != 24:
            raise ValueError
        return _EPOCH + int.from_bytes(raw[:8]) * _MICROSECOND, UUID(bytes=raw[8:])
    except (ValueError, OverflowError):
        raise GraphQLError(
            "after is not a cursor of this list.", extensions={"code": "BAD_USER_INPUT"}
        ) from None

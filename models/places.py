"""Keyset pages of rows: a place in an order of (time, id), and what comes after it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.rows import Model

M = TypeVar("M", bound=Model)

Place: TypeAlias = tuple[datetime, UUID]
"""When a row was made, or whatever else it is ordered by, and its id, which tells equals apart."""


async def newest(rows: QuerySet[M], by: str, *, limit: int, after: Place | None) -> list[M]:
    """Up to `limit` of the rows that come after a place, the last by the column `by` first."""
    return await _page(rows, by, "lt", limit, after).order_by(f"-{by}", "-id")


async def oldest(rows: QuerySet[M], by: str, *, limit: int, after: Place | None) -> list[M]:
    """Up to `limit` of the rows that come after a place, the first by the column `by` first."""
    return await _page(rows, by, "gt", limit, after).order_by(by, "id")


def _page(rows: QuerySet[M], by: str, beyond: str, limit: int, after: Place | None) -> QuerySet[M]:
    if after is not None:
        at, id = after
        later: dict[str, Any] = {f"{by}__{beyond}": at}
        level: dict[str, Any] = {by: at, f"id__{beyond}": id}
        # Said besides, so that an index is entered at the place and not read from its beginning.
        rows = rows.filter(Q(**later) | Q(**level), **{f"{by}__{beyond}e": at})
    return rows.limit(limit)

"""What happened to somebody's account, as they read it in the app."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import strawberry

from models import security_events as rows
from schema import ids, pages
from schema.context import Info
from schema.pages import Connection
from schema.tellings import Telling, tell
from schema.texts.events import EVENTS

if TYPE_CHECKING:

    class SecurityEventKind(Enum):
        """Its members stand in `models.security_events`, where mypy cannot read them."""

else:

    def _kinds() -> Any:
        members = {
            kind.name: strawberry.enum_value(kind.value, description=f"{EVENTS[kind].title.en}.")
            for kind in rows.EventKind
        }
        return strawberry.enum(
            Enum("SecurityEventKind", members, module=__name__),
            description="What happened to an account.",
        )

    SecurityEventKind = _kinds()


@strawberry.type(description="Something that happened to your account.")
class SecurityEvent:
    id: strawberry.ID
    kind: SecurityEventKind
    at: datetime
    address: str | None = strawberry.field(
        description="The network address it was done from; null when nobody's action caused it."
    )
    device_name: str | None = strawberry.field(
        description="What it was done on, by the name that device gave itself."
    )
    title: str = strawberry.field(description="In the reader's language, as letters about it say.")
    text: str
    facts: list[str] = strawberry.field(
        description="What else is known, a line each, such as the masked contact it was about."
    )

    @classmethod
    def of(cls, row: rows.SecurityEvent, telling: Telling, info: Info) -> SecurityEvent:
        language = info.context.language
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.SECURITY_EVENT, row.id)),
            kind=SecurityEventKind[row.kind.name],
            at=row.at,
            address=row.address or None,
            device_name=telling.device,
            title=telling.words.title.said(language),
            text=telling.words.text.said(language),
            facts=telling.facts,
        )


async def events_of(
    person_id: UUID, time_zone: str, info: Info, first: int, after: str | None
) -> Connection[SecurityEvent]:
    """A page of what happened to somebody's account, the newest first."""
    limit, place = pages.size(first) + 1, pages.parse_cursor(after)
    found = await rows.page(person_id, limit=limit, after=place)
    told = await tell(found, info.context.language, time_zone)
    nodes = [SecurityEvent.of(row, each, info) for row, each in zip(found, told, strict=True)]
    return pages.page([(row.at, row.id) for row in found], nodes, first, after)

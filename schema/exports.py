"""Exports as the person sees them who asks for one."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from models import exports as rows
from schema import ids
from schema.problems import exports as problems
from schema.problems.sessions import ProofNeeded


@strawberry.enum(description="Where an export stands.")
class ExportStatus(Enum):
    ASKED = strawberry.enum_value("asked", description="It is being made.")
    READY = strawberry.enum_value("ready", description="It can be fetched until it expires.")
    FAILED = strawberry.enum_value("failed", description="It could not be made. Ask again.")


@strawberry.type(description="Everything uPay keeps about you, in one ZIP of JSON and CSV.")
class Export:
    id: strawberry.ID
    status: ExportStatus
    progress: int = strawberry.field(description="In percent; 100 when it is ready.")
    kibibytes: int | None = strawberry.field(
        description="Its size in KiB, rounded up; null until it is ready."
    )
    path: str | None = strawberry.field(
        description="Where to `GET` it from, with the access token of a session in which something "
        "was proved within ten minutes; null when there is nothing to get."
    )
    asked_at: datetime
    expires_at: datetime | None = strawberry.field(description="Null until it is ready.")

    @classmethod
    def of(cls, row: rows.Export, now: datetime) -> Export:
        id = ids.public(ids.Prefix.EXPORT, row.id)
        is_there = row.expires_at is not None and row.expires_at > now and row.file_id is not None
        return cls(
            id=strawberry.ID(id),
            status=ExportStatus(row.status.value),
            progress=row.progress,
            kibibytes=-(-row.length // 1024) if row.expires_at else None,
            path=f"/exports/{id}" if is_there else None,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
        )


@strawberry.type(description="It is being made; you are told when it is ready.")
class ExportRequested:
    export: Export


RequestExportResult = Annotated[
    ExportRequested | ProofNeeded | problems.ExportUnderWay | problems.TooManyExports,
    strawberry.union("RequestExportResult"),
]

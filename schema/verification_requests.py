"""Verification as the person sees it who asks for it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from models import verification_requests as rows
from schema import ids
from schema.problems import verification_requests as problems


@strawberry.enum(description="Where a request to be verified stands.")
class VerificationStatus(Enum):
    ASKED = strawberry.enum_value("asked", description="An agent has yet to decide.")
    ACCEPTED = "accepted"
    REFUSED = strawberry.enum_value("refused", description="`refusal` says why. Ask again.")


@strawberry.enum(description="Why a request was refused.")
class VerificationRefusal(Enum):
    UNREADABLE = strawberry.enum_value("unreadable", description="A paper cannot be read.")
    EXPIRED = strawberry.enum_value("expired", description="A paper is no longer valid.")
    NAME_DIFFERS = strawberry.enum_value(
        "name_differs", description="Name or number are not those of the paper."
    )
    OTHER = "other"


@strawberry.type(description="What somebody asked to be verified as.")
class VerificationRequest:
    id: strawberry.ID
    level: int = strawberry.field(description="The level that was asked for, 1 to 3.")
    status: VerificationStatus
    refusal: VerificationRefusal | None = strawberry.field(
        description="Null unless it was refused."
    )
    asked_at: datetime
    decided_at: datetime | None

    @classmethod
    def of(cls, row: rows.VerificationRequest) -> VerificationRequest:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.VERIFICATION_REQUEST, row.id)),
            level=row.level,
            status=VerificationStatus(row.status.value),
            refusal=None if row.refusal is None else VerificationRefusal(row.refusal.value),
            asked_at=row.asked_at,
            decided_at=row.decided_at,
        )


@strawberry.type(description="How far somebody has proved who they are; limits open with it.")
class Verification:
    level: int = strawberry.field(description="0, where everybody begins, to 3.")
    request: VerificationRequest | None = strawberry.field(
        description="The last one, whether it is decided or not; null when there was none."
    )


@strawberry.input
class RequestVerificationInput:
    level: int = strawberry.field(description="Higher than yours, up to 3.")
    full_name: str = strawberry.field(
        description="As in your identity paper; at most 64 characters. Kept sealed."
    )
    id_number: str | None = strawberry.field(
        default=None,
        description="The number of an identity paper, from level 2 on; 4 to 32 characters. Kept "
        "sealed.",
    )
    paper_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list,
        description="What `POST /papers` answered: one at least for level 2, two for level 3, ten "
        "at most.",
    )


@strawberry.type(description="An agent will look at it and decide.")
class VerificationRequested:
    request: VerificationRequest


RequestVerificationResult = Annotated[
    VerificationRequested
    | problems.FullNameInvalid
    | problems.IdNumberInvalid
    | problems.PapersMissing
    | problems.LevelReached
    | problems.VerificationUnderWay,
    strawberry.union("RequestVerificationResult"),
]

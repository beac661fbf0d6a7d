"""Verification as agents see it: what is waiting, what it holds, what they decide."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import strawberry

from domain import verification_requests
from models import papers as rows
from models.people import Person
from schema import ids
from schema.customers import Customer
from schema.problems import verification_requests as problems
from schema.problems.desk import ReasonRequired
from schema.verification_requests import VerificationRefusal, VerificationRequest


@strawberry.enum(description="What a paper is.")
class PaperType(Enum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


@strawberry.type(
    description="What a customer shows. `POST /desk/papers/{id}` with a reason answers with it."
)
class Paper:
    id: strawberry.ID
    type: PaperType
    length: int = strawberry.field(description="In bytes; 5 MiB at most.")
    sha256: str = strawberry.field(description="Of its content, in hexadecimal.")

    @classmethod
    def of(cls, row: rows.Paper) -> Paper:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PAPER, row.id)),
            type=PaperType(row.media_type.value),
            length=row.length,
            sha256=row.sha256.hex(),
        )


@strawberry.type(description="A request, opened; the look at it is on record.")
class VerificationShown:
    request: VerificationRequest
    customer: Customer
    full_name: str = strawberry.field(description="Who the customer says they are.")
    id_number: str | None
    papers: list[Paper]

    @classmethod
    def of(cls, shown: verification_requests.Shown, owner: Person) -> VerificationShown:
        return cls(
            request=VerificationRequest.of(shown.request),
            customer=Customer.of(owner),
            full_name=shown.full_name,
            id_number=shown.id_number,
            papers=[Paper.of(row) for row in shown.papers],
        )


VerificationShownResult = Annotated[
    VerificationShown | ReasonRequired, strawberry.union("VerificationShownResult")
]


@strawberry.enum(description="What an agent decides of a request.")
class VerificationDecision(Enum):
    ACCEPT = verification_requests.Decision.ACCEPT
    REFUSE = verification_requests.Decision.REFUSE


@strawberry.input
class DecideVerificationInput:
    request_id: strawberry.ID
    decision: VerificationDecision
    refusal: VerificationRefusal = strawberry.field(
        default=VerificationRefusal.OTHER,
        description="What the customer is told when it is refused; else of no account.",
    )
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.type(description="The request is decided, and the customer is told.")
class VerificationDecided:
    request: VerificationRequest


DecideVerificationResult = Annotated[
    VerificationDecided | ReasonRequired | problems.AlreadyDecided,
    strawberry.union("DecideVerificationResult"),
]

"""Inquiries: the question whether a payment was really the payer's."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from domain import inquiries
from models import risk as rows
from schema import ids, pages
from schema.money import Money, money
from schema.payees import Payee
from schema.problems import risk as problems
from schema.problems.sessions import ProofNeeded


@strawberry.enum(description="Where an inquiry stands.")
class InquiryStatus(Enum):
    ASKED = strawberry.enum_value(
        rows.InquiryStatus.ASKED, description="It can be answered until `deadlineAt`."
    )
    CONFIRMED = strawberry.enum_value(
        rows.InquiryStatus.CONFIRMED, description="You said that it was you."
    )
    REPORTED = strawberry.enum_value(
        rows.InquiryStatus.REPORTED, description="You said that it was not you."
    )
    UNANSWERED = strawberry.enum_value(
        rows.InquiryStatus.UNANSWERED, description="You said nothing in time."
    )


@strawberry.type(description='"Was this you?", asked about a payment that was prepared.')
class Inquiry:
    id: strawberry.ID
    status: InquiryStatus
    payee: Payee = strawberry.field(description="Whom it was to pay.")
    amount: Money = strawberry.field(description="What the payee was to get.")
    address: str = strawberry.field(description="The network address that it came from.")
    place: str | None = strawberry.field(
        description="The country or region it came from, such as CN; null where nobody knows."
    )
    asked_at: datetime
    deadline_at: datetime = strawberry.field(description="Until when an answer counts.")
    answered_at: datetime | None = strawberry.field(description="When you answered it.")

    @classmethod
    def of(cls, row: rows.Inquiry, payee: str) -> Inquiry:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.INQUIRY, row.id)),
            status=InquiryStatus(row.status),
            payee=Payee(masked_name=payee, is_merchant=row.payee_id is None),
            amount=money(row.amount, row.currency),
            address=row.address,
            place=row.place,
            asked_at=row.asked_at,
            deadline_at=row.deadline_at,
            answered_at=row.answered_at,
        )


async def inquiries_of(person_id: UUID, first: int, after: str | None) -> pages.Connection[Inquiry]:
    """A page of what a person was asked, newest first; whom they were to pay is one statement."""
    place = pages.parse_cursor(after)
    found = await inquiries.page(person_id, limit=pages.size(first) + 1, after=place)
    payees = await inquiries.payee_names(found)
    return pages.page(
        [(row.asked_at, row.id) for row in found],
        [Inquiry.of(row, payees[row.id]) for row in found],
        first,
        after,
    )


@strawberry.input
class AnswerInquiryInput:
    inquiry_id: strawberry.ID
    was_me: bool = strawberry.field(
        description="False freezes your wallets at once, calls back what still waits, and ends "
        "every other session. True needs fresh proofs: one, or two in the session in question."
    )


@strawberry.type(description="Your answer counts.")
class InquiryAnswered:
    inquiry: Inquiry


AnswerInquiryResult = Annotated[
    InquiryAnswered | ProofNeeded | problems.InquiryClosed,
    strawberry.union("AnswerInquiryResult"),
]

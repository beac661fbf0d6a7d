"""Money requests: asking somebody for money, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from domain import money_requests, people
from models import money_requests as rows
from models.people import Person
from schema import ids, pages
from schema.context import Info
from schema.money import Money, MoneyInput, money
from schema.payees import PayeeInput
from schema.problems import acquaintances as problems
from schema.problems import money as money_problems
from schema.problems.receive_codes import (
    QrExpired,
    QrForeign,
    QrInvalid,
    QrOfAnotherKind,
    QrTampered,
)


@strawberry.enum(description="Where a request for money stands.")
class MoneyRequestStatus(Enum):
    OPEN = strawberry.enum_value(
        rows.MoneyRequestStatus.OPEN, description="It can be paid until `expiresAt`."
    )
    PAID = rows.MoneyRequestStatus.PAID
    DECLINED = rows.MoneyRequestStatus.DECLINED
    CANCELLED = strawberry.enum_value(
        rows.MoneyRequestStatus.CANCELLED, description="Whoever asked took it back."
    )
    EXPIRED = rows.MoneyRequestStatus.EXPIRED


@strawberry.enum(description="Which requests are meant.")
class MoneyRequestDirection(Enum):
    ASKED_OF_ME = "asked_of_me"
    ASKED_BY_ME = "asked_by_me"


@strawberry.type(description="Somebody asks somebody else for money.")
class MoneyRequest:
    id: strawberry.ID = strawberry.field(
        description="`payee.moneyRequest` of a transfer that pays it."
    )
    status: MoneyRequestStatus
    amount: Money
    note: str = strawberry.field(description="What the asker wrote; may be empty.")
    other: str = strawberry.field(
        description="The masked name of whoever asks you, or whom you asked."
    )
    is_mine: bool = strawberry.field(description="Whether you are the one who asks.")
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    movement_id: strawberry.ID | None = strawberry.field(description="The transfer that paid it.")
    livemode: bool


async def requests_of(
    found: Sequence[rows.MoneyRequest], viewer_id: UUID, info: Info
) -> list[MoneyRequest]:
    """The requests as one of their two sees them; who the others are is one statement."""
    others = {_other_id(row, viewer_id) for row in found}
    known = await Person.in_bulk(others, "id")
    return [_request(row, viewer_id, known[_other_id(row, viewer_id)], info) for row in found]


def _other_id(row: rows.MoneyRequest, viewer_id: UUID) -> UUID:
    return row.payer_id if row.asker_id == viewer_id else row.asker_id


def _request(row: rows.MoneyRequest, viewer_id: UUID, other: Person, info: Info) -> MoneyRequest:
    return MoneyRequest(
        id=strawberry.ID(ids.public(ids.Prefix.MONEY_REQUEST, row.id)),
        status=MoneyRequestStatus(money_requests.standing(row, info.context.now)),
        amount=money(row.amount, row.currency),
        note=row.note,
        other=people.name_for_strangers(other),
        is_mine=row.asker_id == viewer_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        movement_id=None
        if row.movement_id is None
        else strawberry.ID(ids.public(ids.Prefix.TRANSFER, row.movement_id)),
        livemode=info.context.livemode,
    )


async def page_of(
    person_id: UUID, direction: MoneyRequestDirection, info: Info, first: int, after: str | None
) -> pages.Connection[MoneyRequest]:
    """A page of somebody's requests, newest first."""
    found = await money_requests.page(
        person_id,
        is_asker=direction is MoneyRequestDirection.ASKED_BY_ME,
        limit=pages.size(first) + 1,
        after=pages.parse_cursor(after),
    )
    places = [(row.created_at, row.id) for row in found]
    return pages.page(places, await requests_of(found, person_id, info), first, after)


@strawberry.input
class RequestMoneyInput:
    payer: PayeeInput = strawberry.field(description="Who is asked.")
    amount: MoneyInput = strawberry.field(
        description="Paid into your wallet of that currency, which must be open."
    )
    note: str = strawberry.field(default="", description="At most 140 characters.")
    days: int = strawberry.field(default=7, description="How long it can be paid, 1 to 30.")

    def wish(self) -> money_requests.Wish:
        return money_requests.Wish(
            payer=self.payer.named(),
            amount=self.amount.amount_minor,
            currency=self.amount.currency,
            note=self.note,
            days=self.days,
        )


@strawberry.input
class DeclineMoneyRequestInput:
    request_id: strawberry.ID


@strawberry.input
class WithdrawMoneyRequestInput:
    request_id: strawberry.ID


@strawberry.type(description="Whoever was asked finds it among their requests.")
class MoneyRequested:
    request: MoneyRequest


@strawberry.type(description="Nothing will be paid for it.")
class MoneyRequestDeclined:
    request: MoneyRequest


@strawberry.type(description="It can be paid no more.")
class MoneyRequestCancelled:
    request: MoneyRequest


RequestMoneyResult = Annotated[
    MoneyRequested
    | money_problems.AmountInvalid
    | money_problems.CurrencyNotOffered
    | money_problems.WalletClosed
    | money_problems.NoteInvalid
    | money_problems.PayeeNotFound
    | money_problems.SelfPayment
    | money_problems.PayeeCannotReceive
    | QrInvalid
    | QrForeign
    | QrTampered
    | QrExpired
    | QrOfAnotherKind
    | problems.RequestExpiryInvalid
    | problems.TooManyRequests,
    strawberry.union("RequestMoneyResult"),
]
DeclineMoneyRequestResult = Annotated[
    MoneyRequestDeclined | problems.RequestClosed, strawberry.union("DeclineMoneyRequestResult")
]
WithdrawMoneyRequestResult = Annotated[
    MoneyRequestCancelled | problems.RequestClosed, strawberry.union("WithdrawMoneyRequestResult")
]


async def one(row: rows.MoneyRequest, viewer_id: UUID, info: Info) -> MoneyRequest:
    """One request, as one of its two sees it."""
    [seen] = await requests_of([row], viewer_id, info)
    return seen

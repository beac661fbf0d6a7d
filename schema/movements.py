"""Movements as a client sees them: who, how much, when, and if not, why not."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import strawberry

from domain import names
from models import movements as rows
from models.history import Filter
from models.people import Role
from models.wallets import AccountKind
from schema import ids
from schema.context import Info
from schema.loaders import Side
from schema.money import MinorUnits, Money, Sequence, display, money
from schema.nodes import Node
from schema.problems.base import RetryAdvice
from schema.texts import Language
from schema.texts.failures import FAILURES


@strawberry.enum(description="What a movement is.")
class MovementKind(Enum):
    TRANSFER = rows.MovementKind.TRANSFER
    TOP_UP = rows.MovementKind.TOP_UP
    ADJUSTMENT = rows.MovementKind.ADJUSTMENT


@strawberry.enum(description="Where a movement stands.")
class MovementStatus(Enum):
    PENDING = strawberry.enum_value(
        rows.MovementStatus.PENDING, description="Under way; the money is set aside or asked for."
    )
    UNKNOWN = strawberry.enum_value(
        rows.MovementStatus.UNKNOWN,
        description="A provider's answer was lost. uPay is asking: do not pay again.",
    )
    COMPLETED = strawberry.enum_value(
        rows.MovementStatus.COMPLETED, description="The money moved. Final."
    )
    FAILED = strawberry.enum_value(
        rows.MovementStatus.FAILED, description="No money moved; `failure` says why. Final."
    )
    CANCELLED = strawberry.enum_value(
        rows.MovementStatus.CANCELLED, description="Called back by the payer. Final."
    )


@strawberry.enum(description="Which way the money goes, seen by whoever asks.")
class Direction(Enum):
    IN = "in"
    OUT = "out"


@strawberry.enum(description="What stands on one side of a movement.")
class PartyKind(Enum):
    PERSON = "person"
    MERCHANT = "merchant"
    HOUSE = strawberry.enum_value("house", description="uPay itself, or a payment provider.")


@strawberry.type(description="One side of a movement, as far as whoever asks may know it.")
class Party:
    id: strawberry.ID | None = strawberry.field(
        description="Names this party in a movement filter; null for the house."
    )
    kind: PartyKind
    name: str = strawberry.field(
        description="Masked, unless it is you, a merchant, or uPay itself."
    )
    is_me: bool

    @classmethod
    def of(cls, side: Side, viewer_id: UUID | None, language: Language) -> Party:
        owner = side.owner
        if owner is None:
            house = _HOUSE_NAMES.get(side.account.kind, _HOUSE)
            return cls(id=None, kind=PartyKind.HOUSE, name=house[language], is_me=False)
        is_me = owner.id == viewer_id
        is_shown = is_me or owner.role is Role.MERCHANT
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PARTY, owner.id)),
            kind=PartyKind.MERCHANT if owner.role is Role.MERCHANT else PartyKind.PERSON,
            name=owner.display_name if is_shown else names.masked_name(owner.display_name),
            is_me=is_me,
        )


_HOUSE = {Language.EN: "uPay", Language.ZH_CN: "uPay"}
_HOUSE_NAMES = {
    AccountKind.PROVIDER_CLEARING: {Language.EN: "Bank card", Language.ZH_CN: "银行卡"},
}


@strawberry.type(description="Why a movement failed, and what to do now.")
class Failure:
    code: str = strawberry.field(description="For programs; never translated.")
    title: str
    detail: str
    next_step: str
    retry: RetryAdvice

    @classmethod
    def of(cls, row: rows.Movement, language: Language) -> Failure | None:
        if row.failure_code is None:
            return None
        text = FAILURES[row.failure_code]
        missing = display(row.failure_missing or 0, row.currency, language)
        return cls(
            code=row.failure_code,
            title=text.title.said(language),
            detail=text.detail.said(language, missing=missing),
            next_step=text.next_step.said(language),
            retry=RetryAdvice.AFTER_FIX,
        )


@strawberry.interface(description="Anything that moves money, from what was asked to how it ended.")
class Movement(Node):
    status: MovementStatus
    amount: Money = strawberry.field(description="What the receiving side gets.")
    fee: Money = strawberry.field(description="What the paying side pays on top.")
    note: str = strawberry.field(description="What the payer wrote; may be empty.")
    created_at: datetime
    settled_at: datetime | None = strawberry.field(description="When it became final.")
    head_seq: Sequence = strawberry.field(
        description="The last event of this movement; subscribe after it to miss nothing."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")
    row: strawberry.Private[rows.Movement]

    @strawberry.field(description="Who pays.")
    async def source(self, info: Info) -> Party:
        return await _party(info, self.row.source_id)

    @strawberry.field(description="Who receives.")
    async def target(self, info: Info) -> Party:
        return await _party(info, self.row.target_id)

    @strawberry.field(description="The side that is not you; the receiving one if neither is.")
    async def counterparty(self, info: Info) -> Party:
        target = await _party(info, self.row.target_id)
        return await _party(info, self.row.source_id) if target.is_me else target

    @strawberry.field(description="Which way the money goes for you; null if neither side is you.")
    async def direction(self, info: Info) -> Direction | None:
        if (await _party(info, self.row.source_id)).is_me:
            return Direction.OUT
        return Direction.IN if (await _party(info, self.row.target_id)).is_me else None

    @strawberry.field(description="Why it failed; null unless it did.")
    def failure(self, info: Info) -> Failure | None:
        return Failure.of(self.row, info.context.language)


@strawberry.type(description="Money from one person to another.")
class Transfer(Movement):
    arrives_at: datetime | None = strawberry.field(
        description="When a delayed transfer arrives; null when it goes at once."
    )

    @strawberry.field(description="Whether `cancelTransfer` could still call it back.")
    def is_cancellable(self) -> bool:
        return self.row.status is rows.MovementStatus.PENDING


@strawberry.type(description="Money from a bank card into a wallet.")
class TopUp(Movement):
    pass


@strawberry.type(description="A correction or a gift by uPay, made by the books.")
class Adjustment(Movement):
    pass


def movement(row: rows.Movement, info: Info) -> Movement:
    """The movement as the type of its kind."""
    common: dict[str, Any] = {
        "id": strawberry.ID(ids.of_movement(row)),
        "status": MovementStatus(row.status),
        "amount": money(row.amount, row.currency),
        "fee": money(row.fee, row.currency),
        "note": row.note,
        "created_at": row.created_at,
        "settled_at": row.settled_at,
        "head_seq": Sequence(row.stream_seq),
        "livemode": info.context.livemode,
        "row": row,
    }
    match row.kind:
        case rows.MovementKind.TRANSFER:
            return Transfer(arrives_at=row.arrives_at, **common)
        case rows.MovementKind.TOP_UP:
            return TopUp(**common)
        case rows.MovementKind.ADJUSTMENT:
            return Adjustment(**common)


async def _party(info: Info, account_id: UUID) -> Party:
    context = info.context
    side = await context.loaders.sides.load(account_id)
    viewer = context.identity.person_id if context.identity else None
    return Party.of(side, viewer, context.language)


@strawberry.input(description="What to look for among a wallet's movements; all of it must fit.")
class MovementFilter:
    kinds: list[MovementKind] | None = None
    statuses: list[MovementStatus] | None = None
    since: datetime | None = strawberry.field(default=None, description="Made at or after this.")
    until: datetime | None = strawberry.field(default=None, description="Made before this.")
    amount_from: MinorUnits | None = strawberry.field(
        default=None, description="At least this, in the wallet's minor units."
    )
    amount_to: MinorUnits | None = strawberry.field(
        default=None, description="At most this, in the wallet's minor units."
    )
    counterparty: strawberry.ID | None = strawberry.field(
        default=None, description="The id of a `Party`."
    )
    text: str | None = strawberry.field(
        default=None, description="Words of the note, in any language; case does not matter."
    )

    def wanted(self) -> Filter:
        party = self.counterparty
        return Filter(
            kinds=[kind.value for kind in self.kinds or ()],
            statuses=[rows.MovementStatus[status.name] for status in self.statuses or ()],
            since=self.since,
            until=self.until,
            least=self.amount_from,
            most=self.amount_to,
            counterparty_id=None if party is None else ids.parse(party, ids.Prefix.PARTY),
            text=self.text and self.text.replace("\0", ""),
        )

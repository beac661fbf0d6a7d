"""Movements as a client sees them: who, how much, when, and if not, why not."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as Many
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from domain import names
from models import movements as rows
from models.history import Filter
from models.people import Role
from models.sides import Owner, Side
from models.wallets import AccountKind
from schema import catalogue, ids
from schema.catalogue.codes import FailureCode
from schema.catalogue.entries import RetryAdvice
from schema.context import Info
from schema.loaders import sides_of
from schema.money import MinorUnits, Money, Sequence, money
from schema.nodes import Node
from schema.texts import Language

if TYPE_CHECKING:
    from schema.receipts import Receipt


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
    IN_REVIEW = strawberry.enum_value(
        rows.MovementStatus.IN_REVIEW,
        description="The money is set aside until uPay has looked at it, a day at most.",
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
        description="Masked, unless it is you, a merchant, or uPay itself; of a closed account "
        "only that it is one."
    )
    is_me: bool

    @classmethod
    def of(cls, side: Side, viewer_id: UUID | None, language: Language) -> Party:
        owner = side.owner
        if owner is None:
            house = _HOUSE_NAMES.get(side.kind, _HOUSE)
            return cls(id=None, kind=PartyKind.HOUSE, name=house[language], is_me=False)
        is_me = owner.id == viewer_id
        is_shown = is_me or owner.role is Role.MERCHANT
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PARTY, owner.id)),
            kind=PartyKind.MERCHANT if owner.role is Role.MERCHANT else PartyKind.PERSON,
            name=_name(owner, language, is_shown=is_shown),
            is_me=is_me,
        )


def _name(owner: Owner, language: Language, *, is_shown: bool) -> str:
    """As much of a name as may be known; of whoever closed their account only that they did."""
    if owner.is_closed:
        return _CLOSED[language]
    return owner.display_name if is_shown else names.masked_name(owner.display_name)


_CLOSED = {Language.EN: "Closed account", Language.ZH_CN: "已注销账户"}
_HOUSE = {Language.EN: "uPay", Language.ZH_CN: "uPay"}
_HOUSE_NAMES = {
    AccountKind.PROVIDER_CLEARING: {Language.EN: "Bank card", Language.ZH_CN: "银行卡"},
}


@strawberry.type(description="Why a movement failed, and what to do now.")
class Failure:
    code: FailureCode = strawberry.field(description="For programs; never translated.")
    title: str
    detail: str
    next_step: str
    retry: RetryAdvice

    @classmethod
    def of(cls, row: rows.Movement, info: Info) -> Failure | None:
        if row.failure_code is None:
            return None
        language = info.context.language
        entry = catalogue.failure(row.failure_code, info.context.audience)
        missing = money(row.failure_missing or 0, row.currency)
        return cls(
            code=FailureCode[entry.code],
            title=entry.heading(language),
            detail=entry.message(language, missing=missing),
            next_step=entry.next_step(language) or "",
            retry=entry.retry,
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
    source: Party = strawberry.field(description="Who pays.")
    target: Party = strawberry.field(description="Who receives.")
    row: strawberry.Private[rows.Movement]

    @strawberry.field(description="The side that is not you; the receiving one if neither is.")
    def counterparty(self) -> Party:
        return self.source if self.target.is_me else self.target

    @strawberry.field(description="Which way the money goes for you; null if neither side is you.")
    def direction(self) -> Direction | None:
        if self.source.is_me:
            return Direction.OUT
        return Direction.IN if self.target.is_me else None

    @strawberry.field(description="Why it failed; null unless it did.")
    def failure(self, info: Info) -> Failure | None:
        return Failure.of(self.row, info)

    @strawberry.field(description="What proves to others how it ended; null until it is final.")
    async def receipt(
        self, info: Info
    ) -> Annotated[Receipt, strawberry.lazy("schema.receipts")] | None:
        from schema import receipts  # It imports this module.

        return await receipts.Receipt.of(self.row, info)


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


async def movement(row: rows.Movement, info: Info) -> Movement:
    """The movement as the type of its kind, as its viewer may see it."""
    [seen] = await movements([row], info)
    return seen


async def movements(found: Many[rows.Movement], info: Info) -> list[Movement]:
    """Each movement as the type of its kind; who stands on their sides is one statement."""
    sides = await sides_of({id for row in found for id in (row.source_id, row.target_id)})
    context = info.context
    viewer = context.identity.person_id if context.identity else None
    parties = {id: Party.of(side, viewer, context.language) for id, side in sides.items()}
    return [_movement(row, parties, info) for row in found]


def _movement(row: rows.Movement, parties: Mapping[UUID, Party], info: Info) -> Movement:
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
        "source": parties[row.source_id],
        "target": parties[row.target_id],
        "row": row,
    }
    match row.kind:
        case rows.MovementKind.TRANSFER:
            return Transfer(arrives_at=row.arrives_at, **common)
        case rows.MovementKind.TOP_UP:
            return TopUp(**common)
        case rows.MovementKind.ADJUSTMENT:
            return Adjustment(**common)


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

"""Merchants as those see them who work for them, and their programs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain.merchants import Scope, accounts, members, scopes_of
from models import merchants as rows
from models.people import Person as PersonRow
from models.wallets import Account
from schema import ids
from schema.api_keys import ApiKey, keys_of
from schema.context import Info
from schema.money import CurrencyCode, Money, money
from schema.nodes import Node
from schema.problems import merchants as problems
from schema.problems.sessions import ProofNeeded


@strawberry.enum(description="Where a merchant stands.")
class MerchantStatus(Enum):
    APPLIED = strawberry.enum_value("applied", description="uPay has yet to decide.")
    REJECTED = strawberry.enum_value("rejected", description="`reason` says why. Apply again.")
    ACCEPTING = strawberry.enum_value("accepting", description="It takes payments.")
    PAUSED = strawberry.enum_value(
        "paused", description="It takes no payments; refunds go on. See `isSuspended`."
    )
    CLOSED = "closed"


@strawberry.enum(description="What somebody is to a merchant.")
class MerchantRole(Enum):
    OWNER = strawberry.enum_value("owner", description="Everything, and answers for it.")
    MANAGER = strawberry.enum_value(
        "manager", description="Everything but to hand the merchant over."
    )
    CASHIER = strawberry.enum_value(
        "cashier", description="Orders and payments: READ, ORDERS, PAYMENTS."
    )
    VIEWER = strawberry.enum_value("viewer", description="Only looks: READ, SETTLEMENTS.")


@strawberry.enum(
    description="What somebody can be made for a merchant. Its owner is whoever took it over: see "
    "`offerMerchant`."
)
class MerchantRoleToGive(Enum):
    MANAGER = "manager"
    CASHIER = "cashier"
    VIEWER = "viewer"


@strawberry.type(description="What uPay owes a merchant in one currency.")
class MerchantBalance:
    currency: CurrencyCode
    total: Money = strawberry.field(description="All that has come in and was not paid out.")
    available: Money = strawberry.field(description="What can be refunded or paid out.")
    held: Money = strawberry.field(description="Set aside for refunds and payouts under way.")

    @classmethod
    def of(cls, row: Account) -> MerchantBalance:
        return cls(
            currency=CurrencyCode(row.currency),
            total=money(row.balance, row.currency),
            available=money(row.available, row.currency),
            held=money(row.held, row.currency),
        )


@strawberry.type(description="Somebody who works for a merchant.")
class MerchantMember:
    id: strawberry.ID
    account_name: str
    display_name: str
    role: MerchantRole
    added_at: datetime

    @classmethod
    def of(cls, row: rows.MerchantMember, person: PersonRow) -> MerchantMember:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.MEMBER, row.id)),
            account_name=person.account_name,
            display_name=person.display_name,
            role=MerchantRole(row.role.value),
            added_at=row.added_at,
        )


@strawberry.type(description="A business that takes payments.")
class Merchant(Node):
    number: str = strawberry.field(description="Ten digits, by which people name it.")
    name: str = strawberry.field(description="What payers see, never masked.")
    category: str = strawberry.field(description="Four digits, as ISO 18245 numbers them.")
    country: str = strawberry.field(description="Two letters, ISO 3166.")
    city: str
    status: MerchantStatus
    is_suspended: bool = strawberry.field(
        description="Whether uPay has paused it; then only uPay lets it go on."
    )
    reason: str | None = strawberry.field(
        description="What uPay says of its decision, or of why it suspended the merchant."
    )
    applied_at: datetime
    decided_at: datetime | None = strawberry.field(description="Null while uPay has yet to decide.")
    closed_at: datetime | None
    livemode: bool = strawberry.field(description="False on a demo or a test server.")
    role: MerchantRole | None = strawberry.field(
        description="What you are to it; null for a program, and at the desk."
    )
    row: strawberry.Private[rows.Merchant]
    scopes: strawberry.Private[Collection[Scope]]

    @strawberry.field(
        description="What uPay owes it, by currency; null without the scope SETTLEMENTS."
    )
    async def balances(self) -> list[MerchantBalance] | None:
        if Scope.SETTLEMENTS not in self.scopes:
            return None
        return [MerchantBalance.of(row) for row in await accounts(self.row.id)]

    @strawberry.field(
        description="Who works for it, at most 100; null for whoever does not manage it."
    )
    async def members(self) -> list[MerchantMember] | None:
        if Scope.MANAGE not in self.scopes:
            return None
        return [MerchantMember.of(row, person) for row, person in await members.of(self.row.id)]

    @strawberry.field(
        description="The keys of its programs, then the last that were revoked; at most 20 of "
        "each. Null for whoever does not manage it."
    )
    async def api_keys(self, info: Info) -> list[ApiKey] | None:
        return await keys_of(self.row.id, info) if Scope.MANAGE in self.scopes else None

    @strawberry.field(description="Whether it is offered to you: see `acceptMerchant`.")
    def is_offered_to_you(self, info: Info) -> bool:
        identity = info.context.identity
        return identity is not None and self.row.offered_to == identity.person_id

    @classmethod
    def of(
        cls,
        row: rows.Merchant,
        info: Info,
        *,
        role: rows.MemberRole | None = None,
        scopes: Collection[Scope] = (),
    ) -> Merchant:
        """Without a role and scopes: as whoever has nothing to do with it sees it."""
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.MERCHANT, row.id)),
            number=row.number,
            name=row.name,
            category=row.category,
            country=row.country,
            city=row.city,
            status=MerchantStatus(row.status.value),
            is_suspended=row.suspended_at is not None,
            reason=row.reason,
            applied_at=row.applied_at,
            decided_at=row.decided_at,
            closed_at=row.closed_at,
            livemode=info.context.livemode,
            role=None if role is None else MerchantRole(role.value),
            row=row,
            scopes=scopes_of(role) if role is not None else scopes,
        )


async def merchants_of(person: PersonRow, info: Info) -> list[Merchant]:
    """The merchants that a person works for, as they see them."""
    theirs = await members.merchants_of(person.id)
    return [Merchant.of(row, info, role=role) for row, role in theirs]


async def seen(row: rows.Merchant, info: Info) -> Merchant:
    """The merchant as whoever asks may see it, who works for it or has its key."""
    holder = info.context.key_holder
    if holder is not None:
        return Merchant.of(row, info, scopes=holder.scopes)
    by = info.context.person.person_id
    member = await rows.MerchantMember.get_or_none(merchant_id=row.id, person_id=by)
    return Merchant.of(row, info, role=None if member is None else member.role)


@strawberry.input
class ApplyAsMerchantInput:
    name: str = strawberry.field(description="What payers see; 1 to 64 characters.")
    category: str = strawberry.field(description="Four digits, ISO 18245, such as 5812.")
    country: str = strawberry.field(description="Two letters, ISO 3166, such as CN.")
    city: str = strawberry.field(description="1 to 64 characters.")


@strawberry.input
class PauseMerchantInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you manage.")


@strawberry.input
class ResumeMerchantInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you manage.")


@strawberry.input
class CloseMerchantInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you manage.")


@strawberry.input
class AcceptMerchantInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that was offered to you.")


@strawberry.type(description="uPay looks at it; a letter says how it was decided.")
class AppliedAsMerchant:
    merchant: Merchant


@strawberry.type(description="It takes no payments until it is resumed; refunds go on.")
class MerchantPaused:
    merchant: Merchant


@strawberry.type(description="It takes payments.")
class MerchantResumed:
    merchant: Merchant


@strawberry.type(
    description="Nothing is paid to it any more, and its keys open nothing; for ever. An "
    "application that was not decided is withdrawn."
)
class MerchantClosed:
    merchant: Merchant


@strawberry.type(description="You answer for it; whoever did before manages it with you.")
class MerchantTakenOver:
    merchant: Merchant


ApplyAsMerchantResult = Annotated[
    AppliedAsMerchant
    | problems.MerchantNameInvalid
    | problems.MerchantCategoryInvalid
    | problems.MerchantApplicationOpen,
    strawberry.union("ApplyAsMerchantResult"),
]
PauseMerchantResult = Annotated[
    MerchantPaused | ProofNeeded | problems.MerchantNotAccepted,
    strawberry.union("PauseMerchantResult"),
]
ResumeMerchantResult = Annotated[
    MerchantResumed | ProofNeeded | problems.MerchantNotAccepted | problems.MerchantSuspended,
    strawberry.union("ResumeMerchantResult"),
]
CloseMerchantResult = Annotated[
    MerchantClosed
    | ProofNeeded
    | problems.MerchantNotAccepted
    | problems.MerchantNotEmpty
    | problems.MerchantInUse,
    strawberry.union("CloseMerchantResult"),
]
AcceptMerchantResult = Annotated[
    MerchantTakenOver | ProofNeeded, strawberry.union("AcceptMerchantResult")
]

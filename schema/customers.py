"""Customers as the desk sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain import names
from models import people as rows
from models.freezes import Freeze as FreezeRow
from models.freezes import FreezeOwner as OwnerRow
from models.wallets import Account, AccountKind
from schema import ids
from schema.context import Info
from schema.movements import Movement
from schema.nodes import Node
from schema.people import ContactKind, Role
from schema.problems import desk as problems
from schema.provider_orders import ProviderOrder
from schema.wallets import Wallet


@strawberry.type(description="A contact as the desk sees it: masked.")
class MaskedContact:
    kind: ContactKind
    masked_value: str
    is_verified: bool


FreezeOwner = strawberry.enum(
    OwnerRow, name="FreezeOwner", description="Who froze; a stronger one is needed to lift it."
)


@strawberry.type(description="While it is open nothing leaves the customer's wallets.")
class Freeze:
    owner: FreezeOwner  # type: ignore[valid-type]
    reason: str
    frozen_at: datetime
    lifted_at: datetime | None

    @classmethod
    def of(cls, row: FreezeRow) -> Freeze:
        return cls(
            owner=OwnerRow(row.owner),
            reason=row.reason,
            frozen_at=row.frozen_at,
            lifted_at=row.lifted_at,
        )


@strawberry.type(description="A person seen from the desk; contacts are masked.")
class Customer(Node):
    account_name: str
    display_name: str
    role: Role
    is_frozen: bool
    created_at: datetime
    row: strawberry.Private[rows.Person]

    @strawberry.field
    async def contacts(self) -> list[MaskedContact]:
        theirs = rows.Contact.filter(person_id=self.row.id, removed_at__isnull=True)
        found = await theirs.order_by("id")
        return [
            MaskedContact(
                kind=ContactKind(row.kind),
                masked_value=_masked(row),
                is_verified=row.verified_at is not None,
            )
            for row in found
        ]

    @strawberry.field
    async def wallets(self, info: Info) -> list[Wallet]:
        found = await Account.filter(owner_id=self.row.id, kind=AccountKind.WALLET).order_by("id")
        return [Wallet.of(row, info) for row in found]

    @strawberry.field(description="Freezes, open ones and lifted ones, newest first.")
    async def freezes(self) -> list[Freeze]:
        found = await FreezeRow.filter(person_id=self.row.id).order_by("-frozen_at").limit(50)
        return [Freeze.of(row) for row in found]

    @classmethod
    def of(cls, row: rows.Person) -> Customer:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.CUSTOMER, row.id)),
            account_name=row.account_name,
            display_name=row.display_name,
            role=Role(row.role),
            is_frozen=row.freeze_level > 0,
            created_at=row.created_at,
            row=row,
        )


def _masked(contact: rows.Contact) -> str:
    if contact.kind is rows.ContactKind.EMAIL:
        return names.masked_email(contact.value)
    return names.masked_phone(contact.value)


@strawberry.input(description="A customer, named in one of the ways there are.", one_of=True)
class CustomerInput:
    account_name: strawberry.Maybe[str]
    phone: strawberry.Maybe[str]
    email: strawberry.Maybe[str]

    def name(self) -> str:
        """Whatever was given; the forms cannot be taken for one another."""
        given = self.account_name or self.phone or self.email
        assert given is not None
        return given.value


@strawberry.type(description="Whether there is such a customer; the look-up is on record.")
class CustomerFound:
    customer: Customer | None


FindCustomerResult = Annotated[
    CustomerFound | problems.ReasonRequired, strawberry.union("FindCustomerResult")
]


@strawberry.input
class FreezeCustomerInput:
    customer_id: strawberry.ID
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.input
class UnfreezeCustomerInput:
    customer_id: strawberry.ID
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")


@strawberry.type(description="Nothing leaves the customer's wallets any more.")
class CustomerFrozen:
    customer: Customer


@strawberry.type(description="The desk's freeze is lifted; another owner's may remain.")
class CustomerUnfrozen:
    customer: Customer


FreezeCustomerResult = Annotated[
    CustomerFrozen | problems.ReasonRequired | problems.AlreadyFrozen,
    strawberry.union("FreezeCustomerResult"),
]
UnfreezeCustomerResult = Annotated[
    CustomerUnfrozen | problems.ReasonRequired | problems.NotFrozen | problems.FreezeIsStronger,
    strawberry.union("UnfreezeCustomerResult"),
]


@strawberry.type(description="The movement; the look-up is on record.")
class MovementFound:
    movement: Movement
    provider_order: ProviderOrder | None = strawberry.field(
        description="What a payment provider has to do with it; null where none has."
    )


MovementFoundResult = Annotated[
    MovementFound | problems.ReasonRequired, strawberry.union("MovementFoundResult")
]

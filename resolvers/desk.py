"""What agents may ask and do; every look at a customer is on record with its reason."""

from __future__ import annotations

import strawberry

from domain import customers, freezes
from domain.refusals import NotFound
from models import people as rows
from models.freezes import FreezeOwner
from schema import ids
from schema.context import Info
from schema.customers import (
    Customer,
    CustomerFound,
    CustomerFrozen,
    CustomerInput,
    CustomerUnfrozen,
    FindCustomerResult,
    FreezeCustomerInput,
    FreezeCustomerResult,
    MovementFound,
    MovementFoundResult,
    UnfreezeCustomerInput,
    UnfreezeCustomerResult,
)
from schema.movements import movement
from schema.people import Person
from schema.problems.base import named
from schema.provider_orders import ProviderOrder


@strawberry.type
class DeskQueries:
    @strawberry.field(description="You, at the desk.")
    async def me(self, info: Info) -> Person:
        return Person.of(await rows.Person.get(id=info.context.person.person_id))

    @strawberry.field(description="A customer by name; the reason is kept on record.")
    async def find_customer(self, info: Info, by: CustomerInput, reason: str) -> FindCustomerResult:
        try:
            row = await customers.look_up(
                by=info.context.person, name=by.name(), reason=reason, now=info.context.now
            )
        except customers.LOOK_UP_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return CustomerFound(customer=None if row is None else Customer.of(row))

    @strawberry.field(description="Any movement by its id; the reason is kept on record.")
    async def movement(self, info: Info, id: strawberry.ID, reason: str) -> MovementFoundResult:
        try:
            row = await customers.movement(
                by=info.context.person,
                movement_id=ids.movement(id),
                reason=reason,
                now=info.context.now,
            )
        except customers.LOOK_UP_REFUSALS as refusal:
            return named(refusal, info.context.language)
        if ids.of_movement(row) != id:
            raise NotFound
        return MovementFound(
            movement=await movement(row, info),
            provider_order=await ProviderOrder.find(row.id),
        )


@strawberry.type
class DeskMutations:
    @strawberry.mutation(description="Lets nothing leave a customer's wallets, at once.")
    async def freeze_customer(self, info: Info, input: FreezeCustomerInput) -> FreezeCustomerResult:
        try:
            row = await freezes.freeze(
                by=info.context.person,
                owner=FreezeOwner.AGENT,
                person_id=ids.parse(input.customer_id, ids.Prefix.CUSTOMER),
                reason=input.reason,
                now=info.context.now,
            )
        except freezes.FREEZE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return CustomerFrozen(customer=Customer.of(row))

    @strawberry.mutation(description="Lifts the freezes of a customer that the desk may lift.")
    async def unfreeze_customer(
        self, info: Info, input: UnfreezeCustomerInput
    ) -> UnfreezeCustomerResult:
        try:
            row = await freezes.lift(
                by=info.context.person,
                owner=FreezeOwner.AGENT,
                person_id=ids.parse(input.customer_id, ids.Prefix.CUSTOMER),
                reason=input.reason,
                now=info.context.now,
            )
        except freezes.LIFT_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return CustomerUnfrozen(customer=Customer.of(row))

"""Payees that somebody keeps, paid lately, or does not want to hear from."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from domain import favourites, people
from domain.favourites import Favourite as Kept
from models.people import Person
from schema import ids
from schema.context import Info
from schema.movements import Party
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


@strawberry.type(description="A payee that you keep.")
class FavouritePayee:
    id: strawberry.ID = strawberry.field(description="`payee.favourite` of a transfer.")
    alias: str = strawberry.field(description="What you call them; may be empty.")
    masked_name: str
    added_at: datetime

    @classmethod
    def of(cls, kept: Kept) -> FavouritePayee:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.FAVOURITE, kept.row.id)),
            alias=kept.row.alias,
            masked_name=people.name_for_strangers(kept.payee),
            added_at=kept.row.added_at,
        )


@strawberry.type(description="Somebody you paid in the last 180 days.")
class RecentPayee:
    party: Party
    paid_at: datetime = strawberry.field(description="When last.")

    @classmethod
    def of(cls, recent: favourites.Recent, viewer_id: UUID, info: Info) -> RecentPayee:
        party = Party.of(recent.side, viewer_id, info.context.language)
        return cls(party=party, paid_at=recent.paid_at)


@strawberry.type(description="Somebody whose transfers and requests do not reach you.")
class BlockedPerson:
    id: strawberry.ID = strawberry.field(description="Names them when you unblock them.")
    masked_name: str

    @classmethod
    def of(cls, person: Person) -> BlockedPerson:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PARTY, person.id)),
            masked_name=people.name_for_strangers(person),
        )


@strawberry.input
class AddFavouritePayeeInput:
    payee: PayeeInput
    alias: str = strawberry.field(default="", description="At most 32 characters; may be empty.")


@strawberry.input
class RemoveFavouritePayeeInput:
    favourite_id: strawberry.ID


@strawberry.input
class BlockPersonInput:
    party_id: strawberry.ID = strawberry.field(description="The id of a `Party` of a movement.")


@strawberry.input
class UnblockPersonInput:
    party_id: strawberry.ID


@strawberry.type(description="The payee is kept; kept before, it has the new alias.")
class FavouritePayeeAdded:
    favourite: FavouritePayee


@strawberry.type(description="The payee is kept no longer.")
class FavouritePayeeRemoved:
    favourite_id: strawberry.ID


@strawberry.type(
    description="Neither their transfers nor their requests reach you; they are not told."
)
class PersonBlocked:
    person: BlockedPerson


@strawberry.type(description="They can pay and ask you again.")
class PersonUnblocked:
    party_id: strawberry.ID


AddFavouritePayeeResult = Annotated[
    FavouritePayeeAdded
    | money_problems.PayeeNotFound
    | money_problems.SelfPayment
    | QrInvalid
    | QrForeign
    | QrTampered
    | QrExpired
    | QrOfAnotherKind
    | problems.AliasInvalid
    | problems.TooManyFavourites,
    strawberry.union("AddFavouritePayeeResult"),
]
BlockPersonResult = Annotated[
    PersonBlocked
    | money_problems.PayeeNotFound
    | money_problems.SelfPayment
    | problems.TooManyBlocks,
    strawberry.union("BlockPersonResult"),
]
RemoveFavouritePayeeResult = Annotated[
    FavouritePayeeRemoved, strawberry.union("RemoveFavouritePayeeResult")
]
UnblockPersonResult = Annotated[PersonUnblocked, strawberry.union("UnblockPersonResult")]

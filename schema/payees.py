"""Payees: named by the payer, shown with a masked name before any money moves."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from domain import payees, people
from models.people import Person
from schema import ids
from schema.problems.money import PayeeNotFound, SelfPayment
from schema.problems.receive_codes import (
    QrExpired,
    QrForeign,
    QrInvalid,
    QrOfAnotherKind,
    QrTampered,
)


@strawberry.input(description="A payee, named in one of the ways there are.", one_of=True)
class PayeeInput:
    account_name: strawberry.Maybe[str]
    phone: strawberry.Maybe[str]
    receive_code: strawberry.Maybe[str] = strawberry.field(
        description="The text of a scanned code."
    )
    favourite: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="A payee that you keep: see `me.favouritePayees`."
    )
    money_request: strawberry.Maybe[strawberry.ID] = strawberry.field(
        description="A request that you were asked with: a transfer pays exactly that."
    )

    def named(self) -> payees.Named:
        return payees.Named(
            account_name=self.account_name.value if self.account_name else None,
            phone=self.phone.value if self.phone else None,
            receive_code=self.receive_code.value if self.receive_code else None,
            favourite_id=_id(self.favourite, ids.Prefix.FAVOURITE),
            request_id=_id(self.money_request, ids.Prefix.MONEY_REQUEST),
        )


def _id(said: strawberry.Some[strawberry.ID] | None, prefix: ids.Prefix) -> UUID | None:
    return None if said is None else ids.parse(said.value, prefix)


@strawberry.type(description="Whom you are about to pay, as far as you may know them.")
class Payee:
    masked_name: str = strawberry.field(
        description="Enough to recognise somebody you know, too little to learn who it is. "
        "A merchant's name is not masked."
    )
    is_merchant: bool

    @classmethod
    def of(cls, person: Person) -> Payee:
        return cls(
            masked_name=people.name_for_strangers(person),
            is_merchant=False,
        )


PayeeResult = Annotated[
    Payee
    | PayeeNotFound
    | SelfPayment
    | QrInvalid
    | QrForeign
    | QrTampered
    | QrExpired
    | QrOfAnotherKind,
    strawberry.union("PayeeResult"),
]

"""Payees: named by the payer, shown with a masked name before any money moves."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import names, payees
from models.people import Person, Role
from schema.problems.money import PayeeNotFound, SelfPayment


@strawberry.input(description="A payee, named in one of the ways there are.", one_of=True)
class PayeeInput:
    account_name: strawberry.Maybe[str]
    phone: strawberry.Maybe[str]

    def named(self) -> payees.Named:
        return payees.Named(
            account_name=self.account_name.value if self.account_name else None,
            phone=self.phone.value if self.phone else None,
        )


@strawberry.type(description="Whom you are about to pay, as far as you may know them.")
class Payee:
    masked_name: str = strawberry.field(
        description="Enough to recognise somebody you know, too little to learn who it is. "
        "A merchant's name is not masked."
    )
    is_merchant: bool

    @classmethod
    def of(cls, person: Person) -> Payee:
        is_merchant = person.role is Role.MERCHANT
        name = person.display_name
        return cls(
            masked_name=name if is_merchant else names.masked_name(name),
            is_merchant=is_merchant,
        )


PayeeResult = Annotated[Payee | PayeeNotFound | SelfPayment, strawberry.union("PayeeResult")]

"""Freezes as their owner sees them, and the two verbs in their own hand."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import freezes as rows
from models.freezes import FreezeOwner
from schema.problems import desk as problems
from schema.problems.sessions import ProofNeeded

if TYPE_CHECKING:
    from schema.people import Person


@strawberry.enum(description="Who froze somebody's payments.")
class FrozenBy(Enum):
    CUSTOMER = strawberry.enum_value(
        "customer", description="They themselves; they can lift it: see `unfreezePayments`."
    )
    UPAY = strawberry.enum_value("upay", description="uPay; only uPay lifts it.")


@strawberry.type(description="While it is open nothing leaves this person's wallets.")
class PaymentFreeze:
    by: FrozenBy
    since: datetime

    @classmethod
    def of(cls, row: rows.Freeze) -> PaymentFreeze:
        is_own = row.owner is FreezeOwner.CUSTOMER
        return cls(by=FrozenBy.CUSTOMER if is_own else FrozenBy.UPAY, since=row.frozen_at)


@strawberry.type(description="Nothing leaves your wallets any more; money still arrives.")
class PaymentsFrozen:
    person: Annotated[Person, strawberry.lazy("schema.people")]


@strawberry.type(description="Your own freeze is lifted; one of uPay's may remain.")
class PaymentsUnfrozen:
    person: Annotated[Person, strawberry.lazy("schema.people")]


UnfreezePaymentsResult = Annotated[
    PaymentsUnfrozen | ProofNeeded | problems.NotFrozen | problems.FreezeIsStronger,
    strawberry.union("UnfreezePaymentsResult"),
]

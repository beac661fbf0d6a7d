"""Settlements: how what a merchant took is brought to it, and what that costs."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import fees
from models import settlements as rows
from models.movements import Movement
from schema import ids
from schema.context import Info
from schema.money import CurrencyCode, MinorUnits, Money, money
from schema.movements import MovementStatus
from schema.problems import settlements as problems
from schema.problems.desk import ReasonRequired
from schema.problems.money import CurrencyNotOffered


@strawberry.type(
    description="All that came to and went from a merchant's account up to the end of a day; every "
    "entry of the account is in exactly one settlement."
)
class Settlement:
    id: strawberry.ID
    day: date = strawberry.field(description="The last day that is in it, in UTC.")
    currency: CurrencyCode
    opening: Money = strawberry.field(description="What the settlement before it left.")
    captured: Money = strawberry.field(description="What payments brought.")
    refunded: Money = strawberry.field(description="What was given back to customers.")
    paid_out: Money = strawberry.field(
        description="What the bank received, of payouts sent by settlements before this one."
    )
    other: Money = strawberry.field(
        description="Corrections, and payouts that a bank sent back; may be negative."
    )
    fees: Money = strawberry.field(description="What uPay took for the payments.")
    fees_owed: Money = strawberry.field(
        description="Fees that the account could not pay; the next settlement takes them."
    )
    closing: Money = strawberry.field(
        description="opening + captured - refunded - paidOut + other - fees."
    )
    payout: Money = strawberry.field(description="What it sent on its way to the bank.")
    file_url: str = strawberry.field(
        description="Where its lines are fetched as CSV (docs/merchants/settlement.md), with the "
        "same authorisation as here."
    )
    created_at: datetime
    livemode: bool
    row: strawberry.Private[rows.Settlement]

    @strawberry.field(
        description="Where the payout stands; null when nothing was sent. What failed is in the "
        "account again, and the next settlement sends it."
    )
    async def payout_status(self) -> MovementStatus | None:
        if self.row.payout_id is None:
            return None
        payout = await Movement.get(id=self.row.payout_id).only("status")
        return MovementStatus(payout.status)

    @classmethod
    def of(cls, row: rows.Settlement, info: Info) -> Settlement:
        def sum_of(amount: int) -> Money:
            return money(amount, row.currency)

        public_id = ids.public(ids.Prefix.SETTLEMENT, row.id)
        return cls(
            id=strawberry.ID(public_id),
            day=row.day,
            currency=CurrencyCode(row.currency),
            opening=sum_of(row.opening),
            captured=sum_of(row.captured),
            refunded=sum_of(row.refunded),
            paid_out=sum_of(row.paid_out),
            other=sum_of(row.other),
            fees=sum_of(row.fees),
            fees_owed=sum_of(row.fees_due - row.fees),
            closing=sum_of(row.closing),
            payout=sum_of(row.payout),
            file_url=f"/settlements/{public_id}",
            created_at=row.created_at,
            livemode=info.context.livemode,
            row=row,
        )


@strawberry.enum(description="Who pays a fee.")
class FeePayer(Enum):
    MERCHANT = strawberry.enum_value(
        rows.FeePayer.MERCHANT, description="The merchant, when it is settled."
    )
    CUSTOMER = strawberry.enum_value(
        rows.FeePayer.CUSTOMER, description="The customer, on top of the payment."
    )


@strawberry.type(description="What payments to merchants cost from a moment on.")
class MerchantFee:
    merchant_id: strawberry.ID | None = strawberry.field(
        description="Whose payments; null for those of every merchant without a fee of its own."
    )
    currency: CurrencyCode
    fixed_minor: MinorUnits = strawberry.field(
        description="For each payment, in minor units of the currency."
    )
    rate_ppm: int = strawberry.field(
        description="Of each payment, in millionths: 6000 is 0.6 percent; half a unit is one."
    )
    payer: FeePayer
    since: datetime

    @classmethod
    def of(cls, row: rows.MerchantFee) -> MerchantFee:
        merchant_id = row.merchant_id
        return cls(
            merchant_id=None
            if merchant_id is None
            else strawberry.ID(ids.public(ids.Prefix.MERCHANT, merchant_id)),
            currency=CurrencyCode(row.currency),
            fixed_minor=MinorUnits(row.fixed),
            rate_ppm=row.rate,
            payer=FeePayer(row.payer),
            since=row.since,
        )


@strawberry.input
class SetMerchantFeeInput:
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose payments; without it those of every merchant."
    )
    currency: CurrencyCode
    fixed_minor: MinorUnits = strawberry.field(
        description="For each payment, 0 to 1,000,000 minor units of the currency."
    )
    rate_ppm: int = strawberry.field(
        description="Of each payment, in millionths, 0 to 200,000: 6000 is 0.6 percent."
    )
    payer: FeePayer
    since: datetime | None = strawberry.field(
        default=None, description="From when on; not before now, which it is when left out."
    )
    reason: str = strawberry.field(description="Why; 3 to 500 characters, kept on record.")

    def wanted(self, now: datetime) -> fees.Wanted:
        merchant_id = self.merchant_id
        return fees.Wanted(
            merchant_id=None
            if merchant_id is None
            else ids.parse(merchant_id, ids.Prefix.MERCHANT),
            currency=self.currency,
            fixed=self.fixed_minor,
            rate=self.rate_ppm,
            payer=rows.FeePayer[self.payer.name],
            since=self.since or now,
        )


@strawberry.type(description="Payments that are made from then on cost this.")
class MerchantFeeSet:
    fee: MerchantFee


SetMerchantFeeResult = Annotated[
    MerchantFeeSet | ReasonRequired | CurrencyNotOffered | problems.FeeInvalid,
    strawberry.union("SetMerchantFeeResult"),
]

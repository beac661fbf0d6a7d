"""Problems around a merchant's codes: making them, and paying by one without an amount."""

from __future__ import annotations

from typing import Any

import strawberry

from domain import merchant_codes
from schema.money import Money, money
from schema.problems.base import Problem, names


@names(merchant_codes.LabelInvalid, code="LABEL_INVALID", field="store")
@strawberry.type(
    description="The label of a store or till is longer than 25 characters, or has some that "
    "cannot be seen."
)
class LabelInvalid(Problem):
    pass


@names(merchant_codes.TooManyCodes, code="TOO_MANY_MERCHANT_CODES")
@strawberry.type(description="The merchant has five hundred lasting codes already.")
class TooManyMerchantCodes(Problem):
    pass


@names(merchant_codes.StaticLimitExceeded, code="LIMIT_QR_STATIC", field="amount")
@strawberry.type(
    description="More than may still be paid today by codes without an amount, which anybody can "
    "copy or cover."
)
class StaticLimitExceeded(Problem):
    limit: Money = strawberry.field(description="For all of the payer's day.")
    remaining: Money = strawberry.field(description="What can still be paid by such codes today.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {
            "limit": money(refusal.limit, refusal.currency),
            "remaining": money(refusal.remaining, refusal.currency),
        }

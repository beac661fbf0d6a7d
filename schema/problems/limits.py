"""Problems around limits: payments that would pass one, and limits that cannot be changed so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from domain import limits, own_limits
from schema.money import Money, money
from schema.problems.base import Problem, names


@strawberry.type
class _Exceeded(Problem):
    missing: Money = strawberry.field(description="By how much the payment is too large.")
    limit: Money
    remaining: Money = strawberry.field(description="What can still be paid.")
    resets_at: datetime | None = strawberry.field(
        description="When the whole limit can be used again; null for single payments."
    )

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        standing, currency = refusal.standing, refusal.currency
        return {
            "missing": money(refusal.missing, currency),
            "limit": money(standing.limit, currency),
            "remaining": money(standing.remaining, currency),
            "resets_at": standing.resets_at,
        }


@names(limits.IdentityRequired, code="IDENTITY_REQUIRED")
@strawberry.type(description="At your level of verification nothing can be paid: verify first.")
class IdentityRequired(_Exceeded):
    pass


@names(limits.SingleLimitExceeded, code="LIMIT_PER_PAYMENT", field="amount")
@strawberry.type(description="More than one payment may be.")
class PaymentLimitExceeded(_Exceeded):
    pass


@names(limits.DayLimitExceeded, code="LIMIT_DAY", field="amount")
@strawberry.type(description="More than may still be paid today.")
class DayLimitExceeded(_Exceeded):
    pass


@names(limits.MonthLimitExceeded, code="LIMIT_MONTH", field="amount")
@strawberry.type(description="More than may still be paid this month.")
class MonthLimitExceeded(_Exceeded):
    pass


@names(limits.YearLimitExceeded, code="LIMIT_YEAR", field="amount")
@strawberry.type(description="More than may still be paid this year.")
class YearLimitExceeded(_Exceeded):
    pass


@names(limits.OwnLimitExceeded, code="LIMIT_SELF_SET", field="amount")
@strawberry.type(description="More than you let yourself pay: see `Wallet.limits`.")
class OwnLimitExceeded(_Exceeded):
    pass


@names(limits.CountLimitExceeded, code="LIMIT_COUNT")
@strawberry.type(description="No more payments may be made today.")
class PaymentCountExceeded(Problem):
    payments: int = strawberry.field(description="How many may be made in a day.")
    resets_at: datetime

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        standing = refusal.standing
        return {"payments": standing.limit, "resets_at": standing.resets_at}


@names(own_limits.NoRaiseOpen, code="NO_LIMIT_RAISE", field="kind")
@strawberry.type(description="No higher limit of this kind waits; it may hold already.")
class NoRaiseOpen(Problem):
    pass

"""Problems around closing wallets and accounts."""

from __future__ import annotations

from typing import Any

import strawberry

from domain import closings
from schema.money import CurrencyCode, Money, money
from schema.problems.base import Problem, names


@names(closings.WalletNotEmpty, code="WALLET_NOT_EMPTY")
@strawberry.type(description="There is money in a wallet that was to be closed.")
class WalletNotEmpty(Problem):
    balance: Money = strawberry.field(description="What is in it, in its own currency.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"balance": money(refusal.balance, refusal.currency)}


@names(closings.WalletInUse, code="WALLET_IN_USE")
@strawberry.type(
    description="A payment out of a wallet that was to be closed, or into it, is under way."
)
class WalletInUse(Problem):
    currency: CurrencyCode = strawberry.field(description="The currency of the wallet.")


@names(closings.OwnsMerchant, code="OWNS_MERCHANT")
@strawberry.type(
    description="You answer for a merchant that is not closed: close it, or hand it over."
)
class OwnsMerchant(Problem):
    name: str = strawberry.field(description="What the merchant is called.")


@names(closings.CaseUnderWay, code="CASE_UNDER_WAY")
@strawberry.type(
    description="uPay froze your payments, or is looking into one of them: the account stays until "
    "that is settled."
)
class CaseUnderWay(Problem):
    pass

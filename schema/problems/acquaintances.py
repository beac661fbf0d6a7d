"""Problems between people: names that differ, requests that are over, too many of something."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from domain import blocks, favourites, money_requests, surnames
from schema.money import Money, money
from schema.problems.base import Problem, names


@names(surnames.SurnameWrong, code="PAYEE_NAME_MISMATCH", field="payeeSurname")
@strawberry.type(description="The payee goes by another surname.")
class PayeeNameMismatch(Problem):
    tries_left: int = strawberry.field(description="How often it may still be wrong today.")


@names(surnames.SurnamesPaused, code="PAYEE_NAMES_PAUSED", field="payeeSurname")
@strawberry.type(description="Too many surnames were wrong: none is checked until then.")
class PayeeNamesPaused(Problem):
    until: datetime


@names(money_requests.RequestClosed, code="REQUEST_CLOSED")
@strawberry.type(description="The request was paid, declined or taken back, or is too old.")
class RequestClosed(Problem):
    pass


@names(money_requests.RequestAmountDiffers, code="REQUEST_AMOUNT_DIFFERS", field="amount")
@strawberry.type(
    description="The request asks for another amount: leave `amount` out, or repeat it."
)
class RequestAmountDiffers(Problem):
    expected: Money = strawberry.field(description="What was asked for.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"expected": money(refusal.expected, refusal.currency)}


@names(money_requests.TooManyRequests, code="TOO_MANY_REQUESTS")
@strawberry.type(description="Twenty requests of yours are open, or three to this person.")
class TooManyRequests(Problem):
    pass


@names(money_requests.RequestExpiryInvalid, code="REQUEST_EXPIRY_INVALID", field="days")
@strawberry.type(description="A request is open for 1 to 30 days.")
class RequestExpiryInvalid(Problem):
    pass


@names(favourites.AliasInvalid, code="ALIAS_INVALID", field="alias")
@strawberry.type(description="An alias is at most 32 characters of visible text.")
class AliasInvalid(Problem):
    pass


@names(favourites.TooManyFavourites, code="TOO_MANY_FAVOURITES")
@strawberry.type(description="At most 100 payees can be kept.")
class TooManyFavourites(Problem):
    pass


@names(blocks.TooManyBlocks, code="TOO_MANY_BLOCKS")
@strawberry.type(description="At most 200 people can be blocked.")
class TooManyBlocks(Problem):
    pass

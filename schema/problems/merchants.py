"""Problems around merchants: applying, people, keys, pausing and closing."""

from __future__ import annotations

from typing import Any

import strawberry

from domain.merchants import api_keys, applications, members, statuses
from schema.money import Money, money
from schema.problems.base import Problem, names


@names(applications.MerchantNameInvalid, code="MERCHANT_NAME_INVALID", field="name")
@strawberry.type(
    description="The name or the city is not 1 to 64 visible characters, or the name would be "
    "taken for uPay's own."
)
class MerchantNameInvalid(Problem):
    pass


@names(applications.MerchantCategoryInvalid, code="MERCHANT_CATEGORY_INVALID", field="category")
@strawberry.type(
    description="The category is not four digits, or the country is not a code of ISO 3166."
)
class MerchantCategoryInvalid(Problem):
    pass


@names(applications.MerchantApplicationOpen, code="MERCHANT_APPLICATION_OPEN")
@strawberry.type(description="uPay has yet to decide about your last application.")
class MerchantApplicationOpen(Problem):
    pass


@names(applications.MerchantDecided, code="MERCHANT_DECIDED", field="merchantId")
@strawberry.type(description="The application was decided, or withdrawn, before.")
class MerchantDecided(Problem):
    pass


@names(api_keys.MerchantNotAccepted, code="MERCHANT_NOT_ACCEPTED")
@strawberry.type(description="uPay has not accepted the merchant, or it is closed.")
class MerchantNotAccepted(Problem):
    pass


@names(statuses.MerchantSuspended, code="MERCHANT_SUSPENDED", field="merchantId")
@strawberry.type(description="uPay has suspended the merchant; only uPay can lift that.")
class MerchantSuspended(Problem):
    reason: str = strawberry.field(description="What uPay says of why.")


@names(statuses.MerchantNotSuspended, code="MERCHANT_NOT_SUSPENDED", field="merchantId")
@strawberry.type(description="The merchant is not suspended.")
class MerchantNotSuspended(Problem):
    pass


@names(statuses.MerchantNotEmpty, code="MERCHANT_NOT_EMPTY", field="merchantId")
@strawberry.type(description="uPay still owes money to a merchant that was to be closed.")
class MerchantNotEmpty(Problem):
    balance: Money = strawberry.field(description="What it is still owed, in one currency.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"balance": money(refusal.balance, refusal.currency)}


@names(statuses.MerchantInUse, code="MERCHANT_IN_USE", field="merchantId")
@strawberry.type(
    description="The merchant has orders that can be paid, or payments, refunds or payouts that "
    "have not ended."
)
class MerchantInUse(Problem):
    pass


@names(members.MemberNotFound, code="MEMBER_NOT_FOUND", field="accountName")
@strawberry.type(description="Nobody who could work for a merchant has this account name.")
class MemberNotFound(Problem):
    pass


@names(members.AlreadyMember, code="ALREADY_MEMBER", field="accountName")
@strawberry.type(description="They work for the merchant already.")
class AlreadyMember(Problem):
    pass


@names(members.TooManyMembers, code="TOO_MANY_MEMBERS")
@strawberry.type(description="As many people work for the merchant as can.")
class TooManyMembers(Problem):
    most: int = strawberry.field(description="How many can.")


@names(members.OwnerStays, code="OWNER_STAYS")
@strawberry.type(description="Somebody has to answer for the merchant: see `offerMerchant`.")
class OwnerStays(Problem):
    pass


@names(api_keys.ApiKeyNameInvalid, code="API_KEY_NAME_INVALID", field="name")
@strawberry.type(description="The name of a key is 1 to 64 visible characters.")
class ApiKeyNameInvalid(Problem):
    pass


@names(api_keys.ApiKeyScopesInvalid, code="API_KEY_SCOPES_INVALID", field="scopes")
@strawberry.type(description="A key has one scope at least.")
class ApiKeyScopesInvalid(Problem):
    pass


@names(api_keys.TooManyApiKeys, code="TOO_MANY_API_KEYS")
@strawberry.type(description="The merchant has as many keys as it can.")
class TooManyApiKeys(Problem):
    most: int = strawberry.field(description="How many it can have.")

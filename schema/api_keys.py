"""API keys as those see them who manage a merchant."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated
from uuid import UUID

import strawberry

from domain.merchants import Scope, api_keys
from models import merchants as rows
from schema import ids
from schema.context import Info
from schema.nodes import Node
from schema.problems import merchants as problems
from schema.problems.sessions import ProofNeeded


@strawberry.enum(description="One sort of thing that a key is made for.")
class ApiKeyScope(Enum):
    READ = strawberry.enum_value(
        Scope.READ, description="Orders, payments, refunds and events, and the merchant itself."
    )
    ORDERS = strawberry.enum_value(
        Scope.ORDERS, description="To make and close orders, and codes to be paid by."
    )
    PAYMENTS = strawberry.enum_value(
        Scope.PAYMENTS, description="To capture and void payments, and to scan payers' codes."
    )
    REFUNDS = strawberry.enum_value(Scope.REFUNDS, description="To give money back.")
    WEBHOOKS = strawberry.enum_value(
        Scope.WEBHOOKS, description="Where events are sent, and what became of them."
    )
    SETTLEMENTS = strawberry.enum_value(
        Scope.SETTLEMENTS, description="Balances, what was settled, and its files."
    )
    SANDBOX = strawberry.enum_value(
        Scope.SANDBOX, description="The clock of a test server; nothing on a live one."
    )


@strawberry.type(description="A key of a merchant's programs; its text was shown once.")
class ApiKey(Node):
    name: str
    hint: str = strawberry.field(description="The last four characters of its text.")
    scopes: list[ApiKeyScope]
    created_at: datetime
    last_used_at: datetime | None = strawberry.field(
        description="To the hour; null when nobody ever showed it."
    )
    revoked_at: datetime | None = strawberry.field(description="Null while it opens something.")
    livemode: bool = strawberry.field(description="False on a demo or a test server.")

    @classmethod
    def of(cls, row: rows.ApiKey, info: Info) -> ApiKey:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.API_KEY, row.id)),
            name=row.name,
            hint=row.hint,
            scopes=[ApiKeyScope[Scope(scope).name] for scope in row.scopes],
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
            livemode=info.context.livemode,
        )


async def keys_of(merchant_id: UUID, info: Info) -> list[ApiKey]:
    """The merchant's keys, for whoever manages it."""
    return [ApiKey.of(row, info) for row in await api_keys.of(merchant_id)]


@strawberry.input
class CreateApiKeyInput:
    merchant_id: strawberry.ID = strawberry.field(description="One that you manage.")
    name: str = strawberry.field(description="What the key is for; 1 to 64 characters.")
    scopes: list[ApiKeyScope] = strawberry.field(description="No more than the program needs.")


@strawberry.input
class RevokeApiKeyInput:
    api_key_id: strawberry.ID


@strawberry.type(description="Here is the key. Its text is never shown again: keep it safe.")
class ApiKeyCreated:
    api_key: ApiKey
    token: str = strawberry.field(
        description="Show it as `Authorization: Bearer …`. `upk_test_` or `upk_live_` and 43 "
        "characters."
    )


@strawberry.type(description="The key opens nothing any more; what it followed has ended.")
class ApiKeyRevoked:
    api_key: ApiKey


CreateApiKeyResult = Annotated[
    ApiKeyCreated
    | ProofNeeded
    | problems.ApiKeyNameInvalid
    | problems.ApiKeyScopesInvalid
    | problems.MerchantNotAccepted
    | problems.TooManyApiKeys,
    strawberry.union("CreateApiKeyResult"),
]
RevokeApiKeyResult = Annotated[ApiKeyRevoked, strawberry.union("RevokeApiKeyResult")]

"""Making and revoking the keys of a merchant's programs."""

from __future__ import annotations

import strawberry

from domain import merchants
from domain.merchants import Scope, api_keys
from schema import ids
from schema.api_keys import (
    ApiKey,
    ApiKeyCreated,
    ApiKeyRevoked,
    CreateApiKeyInput,
    CreateApiKeyResult,
    RevokeApiKeyInput,
    RevokeApiKeyResult,
)
from schema.context import Info
from schema.problems.base import named


@strawberry.type
class ApiKeyMutations:
    @strawberry.mutation(
        description="A key by which programs act for a merchant. A proof must be fresh: see "
        "`proveIdentity`."
    )
    async def create_api_key(self, info: Info, input: CreateApiKeyInput) -> CreateApiKeyResult:
        context = info.context
        try:
            row, token = await api_keys.create(
                by=context.person,
                merchant_id=ids.parse(input.merchant_id, ids.Prefix.MERCHANT),
                name=input.name,
                scopes={Scope[scope.name] for scope in input.scopes},
                livemode=context.livemode,
                now=context.now,
                address=context.client,
            )
        except merchants.CREATE_KEY_REFUSALS as refusal:
            return named(refusal, context.language)
        return ApiKeyCreated(api_key=ApiKey.of(row, info), token=token)

    @strawberry.mutation(description="Lets nobody in by a key any more, at once.")
    async def revoke_api_key(self, info: Info, input: RevokeApiKeyInput) -> RevokeApiKeyResult:
        context = info.context
        row = await api_keys.revoke(
            by=context.person,
            key_id=ids.parse(input.api_key_id, ids.Prefix.API_KEY),
            now=context.now,
        )
        return ApiKeyRevoked(api_key=ApiKey.of(row, info))

"""Asking how a version of an app stands, and deciding which ones are still answered."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import client_versions
from models import client_versions as rows
from schema.client_versions import (
    ClientPlatform,
    ClientVersion,
    ClientVersionPolicy,
    ClientVersionResult,
    ClientVersionSet,
    SetClientVersionInput,
    SetClientVersionResult,
)
from schema.context import Info
from schema.problems.base import named


@strawberry.type
class ClientVersionQueries:
    @strawberry.field(
        description="How a version of an app stands; needs nobody to be signed in, and is answered "
        "to every app, however old."
    )
    async def client_version(
        self,
        info: Info,
        platform: ClientPlatform,
        version: Annotated[str, strawberry.argument(description="Such as 4.2.1.")],
    ) -> ClientVersionResult:
        try:
            shown = client_versions.parsed(version)
        except client_versions.JUDGE_REFUSALS as refusal:
            return named(refusal, info.context.language, field="version")
        policy = await rows.ClientVersion.get_or_none(platform=platform.value)
        return ClientVersion.of(client_versions.judged(shown, policy), policy, info)


@strawberry.type
class ClientVersionDeskQueries:
    @strawberry.field(description="The policies of all platforms that have one.")
    async def client_versions(self, info: Info) -> list[ClientVersionPolicy]:
        found = await client_versions.policies(by=info.context.person)
        return [ClientVersionPolicy.of(row) for row in found]


@strawberry.type
class ClientVersionDeskMutations:
    @strawberry.mutation(
        description="Decides which versions of an app are still answered; for supervisors and "
        "admins."
    )
    async def set_client_version(
        self, info: Info, input: SetClientVersionInput
    ) -> SetClientVersionResult:
        policy = input.row()
        try:
            await client_versions.set_policy(
                by=info.context.person, wanted=policy, reason=input.reason, now=info.context.now
            )
        except client_versions.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ClientVersionSet(policy=ClientVersionPolicy.of(policy))

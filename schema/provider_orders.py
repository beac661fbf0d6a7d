"""What a payment provider was told of a movement and said of it, for the desk alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import strawberry

from models import providers as rows


@strawberry.type(description="A movement in a payment provider's hands.")
class ProviderOrder:
    provider: str
    reference: str | None = strawberry.field(description="The provider's number for it, if known.")
    decline_code: str | None = strawberry.field(
        description="Why the provider said no, in its own words; never for the customer."
    )
    told_at: datetime | None = strawberry.field(
        description="Since when the provider may have heard of it; null while it has not."
    )
    asks: int = strawberry.field(description="How often it was or will be asked about it.")

    @classmethod
    async def find(cls, movement_id: UUID) -> ProviderOrder | None:
        """The provider's side of a movement, if it has one."""
        row = await rows.ProviderOrder.get_or_none(movement_id=movement_id)
        if row is None:
            return None
        return cls(
            provider=row.provider,
            reference=row.reference,
            decline_code=row.decline_code,
            told_at=row.told_at,
            asks=row.asks,
        )

"""Merchants as everybody may know them who pays there."""

from __future__ import annotations

import strawberry

from models import merchants as rows
from schema import ids


@strawberry.type(description="A merchant, as whoever pays there may know it.")
class MerchantProfile:
    id: strawberry.ID
    number: str = strawberry.field(description="Ten digits, by which people name it.")
    name: str = strawberry.field(description="Never masked.")
    city: str
    country: str = strawberry.field(description="ISO 3166, such as CN.")
    is_accepting: bool = strawberry.field(description="Whether it takes payments at present.")

    @classmethod
    def of(cls, row: rows.Merchant) -> MerchantProfile:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.MERCHANT, row.id)),
            number=row.number,
            name=row.name,
            city=row.city,
            country=row.country,
            is_accepting=row.status is rows.MerchantStatus.ACCEPTING,
        )

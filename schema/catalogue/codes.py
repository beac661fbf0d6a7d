"""The codes as enums of the schema, made from the catalogue."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

import strawberry

from schema.catalogue import at
from schema.catalogue.entries import Place

if TYPE_CHECKING:

    class ProblemCode(Enum):
        """Its members stand in the catalogue, where mypy cannot read them."""

    class FailureCode(Enum):
        """Likewise."""

    class NoticeCode(Enum):
        """Likewise."""

else:

    def _codes(name: str, place: Place, description: str) -> Any:
        members = {
            entry.code: strawberry.enum_value(entry.code, description=entry.meaning)
            for entry in at(place)
        }
        return strawberry.enum(Enum(name, members, module=__name__), description=description)

    ProblemCode = _codes(
        "ProblemCode",
        Place.PROBLEM,
        "What a problem is, for programs; never translated.",
    )
    FailureCode = _codes(
        "FailureCode",
        Place.FAILURE,
        "Why a movement failed, for programs; never translated.",
    )
    NoticeCode = _codes(
        "NoticeCode",
        Place.NOTICE,
        "What is to be known of a payment that is not done, for programs; never translated.",
    )

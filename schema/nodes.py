"""Things with an id of their own."""

from __future__ import annotations

import strawberry


@strawberry.interface(description="Anything that can be found again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="Opaque; the part before the underscore names the type."
    )

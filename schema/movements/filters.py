"""What to look for among movements."""

from __future__ import annotations

from datetime import datetime

import strawberry

from models import movements as rows
from models.history import Filter
from schema import ids
from schema.money import MinorUnits
from schema.movements.states import MovementKind, MovementStatus


@strawberry.input(description="What to look for among a wallet's movements; all of it must fit.")
class MovementFilter:
    kinds: list[MovementKind] | None = None
    statuses: list[MovementStatus] | None = None
    since: datetime | None = strawberry.field(default=None, description="Made at or after this.")
    until: datetime | None = strawberry.field(default=None, description="Made before this.")
    amount_from: MinorUnits | None = strawberry.field(
        default=None, description="At least this, in the wallet's minor units."
    )
    amount_to: MinorUnits | None = strawberry.field(
        default=None, description="At most this, in the wallet's minor units."
    )
    counterparty: strawberry.ID | None = strawberry.field(
        default=None, description="The id of a `Party`."
    )
    text: str | None = strawberry.field(
        default=None, description="Words of the note, in any language; case does not matter."
    )

    def wanted(self) -> Filter:
        party = self.counterparty
        return Filter(
            kinds=[kind.value for kind in self.kinds or ()],
            statuses=[rows.MovementStatus[status.name] for status in self.statuses or ()],
            since=self.since,
            until=self.until,
            least=self.amount_from,
            most=self.amount_to,
            counterparty_id=None if party is None else ids.parse(party, ids.Prefix.PARTY),
            text=self.text and self.text.replace("\0", ""),
        )

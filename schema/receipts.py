"""Receipts: how a movement ended, with what anybody needs to check it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from domain import receipts
from models import movements as rows
from models.seals import Seal
from schema.context import Info
from schema.loaders import sides_of
from schema.money import Money, Sequence, money
from schema.movements import MovementStatus, Party
from schema.problems.receipts import ReceiptUnknown


@strawberry.type(description="Where a movement stands in the chain of everything ever posted.")
class ReceiptSeal:
    seq: Sequence = strawberry.field(description="The number of its last link.")
    hash: str = strawberry.field(
        description="SHA-256 over the link and all links before it, in hexadecimal."
    )

    @classmethod
    def of(cls, seal: Seal) -> ReceiptSeal:
        return cls(seq=Sequence(seal.seq), hash=seal.hash.hex())


@strawberry.interface(description="What a receipt says of how a movement ended.")
class ReceiptFacts:
    status: MovementStatus
    amount: Money = strawberry.field(description="What the receiving side gets.")
    fee: Money = strawberry.field(description="What the paying side pays on top.")
    settled_at: datetime
    source_name: str = strawberry.field(description="Who pays; masked unless a merchant or uPay.")
    target_name: str = strawberry.field(
        description="Who receives; masked unless a merchant or uPay."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")


@strawberry.type(description="A receipt; whoever is shown it can have it checked.")
class Receipt(ReceiptFacts):
    number: str
    code: str = strawberry.field(description="Proves, with the number, that uPay gave it out.")
    row: strawberry.Private[rows.Movement]

    @strawberry.field(
        description="Null for the seconds until it is sealed, and when nothing was ever posted."
    )
    async def seal(self, info: Info) -> ReceiptSeal | None:
        found = await info.context.loaders.seals.load(self.row.id)
        return None if found is None else ReceiptSeal.of(found)

    @classmethod
    async def of(cls, row: rows.Movement, info: Info) -> Receipt | None:
        """The receipt of a movement; None until it is final."""
        if row.settled_at is None:
            return None
        return cls(
            number=receipts.number(row),
            code=receipts.code(row),
            row=row,
            **await _facts(row, row.settled_at, info),
        )


@strawberry.type(description="uPay gave out this receipt, and this is what it says.")
class ReceiptGenuine(ReceiptFacts):
    @classmethod
    async def of(cls, row: rows.Movement, info: Info) -> ReceiptGenuine:
        assert row.settled_at is not None
        return cls(**await _facts(row, row.settled_at, info))


@strawberry.input(description="What stands on a receipt; spaces, dashes and case do not matter.")
class ReceiptCheckInput:
    number: str
    code: str


ReceiptCheckResult = Annotated[
    ReceiptGenuine | ReceiptUnknown, strawberry.union("ReceiptCheckResult")
]


async def _facts(row: rows.Movement, settled_at: datetime, info: Info) -> dict[str, Any]:
    sides = await sides_of((row.source_id, row.target_id))
    language = info.context.language
    return {
        "status": MovementStatus(row.status),
        "amount": money(row.amount, row.currency),
        "fee": money(row.fee, row.currency),
        "settled_at": settled_at,
        "source_name": Party.of(sides[row.source_id], None, language).name,
        "target_name": Party.of(sides[row.target_id], None, language).name,
        "livemode": info.context.livemode,
    }

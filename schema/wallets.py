"""Wallets as their owner sees them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from models import history
from models.wallets import Account
from schema import ids, pages
from schema.context import Info
from schema.money import CurrencyCode, Money, Sequence, money
from schema.movements import Movement, MovementFilter, movements
from schema.nodes import Node
from schema.problems.money import CurrencyNotOffered

if TYPE_CHECKING:
    from schema.limits import Limit


@strawberry.enum(description="What a wallet can do.")
class WalletStatus(Enum):
    OPEN = "open"
    FROZEN = strawberry.enum_value("frozen", description="Nothing leaves it.")
    CLOSED = "closed"


@strawberry.type(description="What is in a wallet.")
class Balance:
    total: Money = strawberry.field(description="All that is yours: available and held.")
    available: Money = strawberry.field(description="What you can spend.")
    held: Money = strawberry.field(description="Set aside for payments under way.")


@strawberry.type(description="A person's money in one currency.")
class Wallet(Node):
    currency: CurrencyCode
    balance: Balance
    status: WalletStatus
    opened_at: datetime
    head_seq: Sequence = strawberry.field(
        description="The last event of this wallet when the balance was read; subscribe to "
        "`walletEvents` after it to miss nothing."
    )
    livemode: bool = strawberry.field(description="False for money of a demo or a test server.")
    row: strawberry.Private[Account]

    @strawberry.field(description="What happened to it, newest first, failures included.")
    async def movements(
        self,
        info: Info,
        filter: MovementFilter | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Movement]:
        found = await history.page(
            self.row,
            limit=pages.size(first) + 1,
            after=pages.parse_cursor(after),
            wanted=history.ANYTHING if filter is None else filter.wanted(),
        )
        return pages.page(
            [(row.created_at, row.id) for row in found],
            await movements(found, info),
            first,
            after,
        )

    @strawberry.field(
        description="How much may leave it: uPay's limits first, then your own. The first that a "
        "payment would pass refuses it."
    )
    async def limits(self, info: Info) -> list[Annotated[Limit, strawberry.lazy("schema.limits")]]:
        from schema import limits  # It imports this module.

        return await limits.limits_of(self.row, info)

    @classmethod
    def of(cls, row: Account, info: Info) -> Wallet:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.WALLET, row.id)),
            currency=CurrencyCode(row.currency),
            balance=Balance(
                total=money(row.balance, row.currency),
                available=money(row.available, row.currency),
                held=money(row.held, row.currency),
            ),
            status=_status(row),
            opened_at=row.opened_at,
            head_seq=Sequence(row.stream_seq),
            livemode=info.context.livemode,
            row=row,
        )


def _status(row: Account) -> WalletStatus:
    if row.closed_at is not None:
        return WalletStatus.CLOSED
    return WalletStatus.FROZEN if row.freeze_level else WalletStatus.OPEN


@strawberry.input
class OpenWalletInput:
    currency: CurrencyCode


@strawberry.type(description="The wallet is there.")
class WalletOpened:
    wallet: Wallet


OpenWalletResult = Annotated[
    WalletOpened | CurrencyNotOffered, strawberry.union("OpenWalletResult")
]

"""Limits as their owner sees them, and how they set their own."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry

from domain import limits
from models.limits import LimitKind as Kind
from models.limits import OwnLimitKind as OwnKind
from models.people import Person
from models.wallets import Account
from schema.context import Info
from schema.money import Money, MoneyInput, money
from schema.problems.limits import NoRaiseOpen
from schema.problems.money import AmountInvalid, CurrencyMismatch
from schema.problems.sessions import ProofNeeded
from schema.wallets import Wallet


@strawberry.enum(
    description="What a limit is on. Days, months and years are those of the wallet's owner's time "
    "zone; a payment counts with its fee, and one that is set aside counts until it fails."
)
class LimitKind(Enum):
    SINGLE = strawberry.enum_value(Kind.SINGLE, description="One payment.")
    DAY = strawberry.enum_value(Kind.DAY, description="All payments of a day.")
    MONTH = strawberry.enum_value(Kind.MONTH, description="All payments of a month.")
    YEAR = strawberry.enum_value(Kind.YEAR, description="All payments of a year.")
    PAYMENTS_PER_DAY = strawberry.enum_value(
        Kind.PAYMENTS_PER_DAY, description="How many payments in a day."
    )


@strawberry.enum(
    description="What you may limit yourself: one payment, or all payments of a day or a month."
)
class OwnLimitKind(Enum):
    SINGLE = OwnKind.SINGLE
    DAY = OwnKind.DAY
    MONTH = OwnKind.MONTH


@strawberry.enum(description="Whose limit it is.")
class LimitSetBy(Enum):
    POLICY = strawberry.enum_value(
        limits.SetBy.POLICY, description="uPay's, for everybody who is verified as far as you."
    )
    YOU = strawberry.enum_value(limits.SetBy.YOU, description="Your own.")


@strawberry.interface(description="One limit on what may leave a wallet.")
class Limit:
    kind: LimitKind
    set_by: LimitSetBy
    resets_at: datetime | None = strawberry.field(
        description="When what was used begins anew; null for SINGLE."
    )

    @staticmethod
    def of(standing: limits.Standing, currency: str) -> Limit:
        """One limit of a wallet in this currency, as it stands."""
        if standing.kind is Kind.PAYMENTS_PER_DAY:
            return CountLimit(
                **_whose(standing),
                payments=standing.limit,
                made=standing.used,
                left=standing.remaining,
            )
        return AmountLimit(
            **_whose(standing),
            limit=money(standing.limit, currency),
            used=money(standing.used, currency),
            remaining=money(standing.remaining, currency),
            raises_at=standing.raises_at,
            raises_to=None if standing.raises_to is None else money(standing.raises_to, currency),
        )


@strawberry.type(description="How much may leave the wallet.")
class AmountLimit(Limit):
    limit: Money
    used: Money = strawberry.field(description="What has left already; always 0 for SINGLE.")
    remaining: Money
    raises_at: datetime | None = strawberry.field(
        description="When a higher limit that you asked for holds; null when none waits."
    )
    raises_to: Money | None = strawberry.field(
        description="What the limit will be then; null when there will be none."
    )


@strawberry.type(description="How many payments may leave the wallet.")
class CountLimit(Limit):
    payments: int = strawberry.field(description="The limit.")
    made: int = strawberry.field(description="How many were made already.")
    left: int = strawberry.field(description="How many may still be made.")


async def limits_of(wallet: Account, info: Info) -> list[Limit]:
    """The wallet's limits as they stand now."""
    asks = info.context.identity
    # An agent, who looks at them as well, lives another day; and who signs in is nobody yet.
    is_own = asks is not None and asks.person_id == wallet.owner_id
    zone = asks.time_zone if asks and is_own else (await Person.get(id=wallet.owner_id)).time_zone
    standing = await limits.standing(wallet, info.context.now, zone)
    return [Limit.of(each, wallet.currency) for each in standing]


def _whose(standing: limits.Standing) -> dict[str, Any]:
    return {
        "kind": LimitKind(standing.kind),
        "set_by": LimitSetBy(standing.set_by),
        "resets_at": standing.resets_at,
    }


@strawberry.input
class SetOwnLimitInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet to limit; yours.")
    kind: OwnLimitKind
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="What may leave it: 0 stops all payments, null takes your limit away.",
    )


@strawberry.input
class WithdrawOwnLimitRaiseInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet; yours.")
    kind: OwnLimitKind


@strawberry.type(description="The limit holds from now on.")
class OwnLimitSet:
    wallet: Wallet


@strawberry.type(description="The higher limit holds after a day; until then you can withdraw it.")
class OwnLimitRaiseAsked:
    wallet: Wallet
    raises_at: datetime


@strawberry.type(description="The limit stays as it is.")
class OwnLimitRaiseWithdrawn:
    wallet: Wallet


SetOwnLimitResult = Annotated[
    OwnLimitSet | OwnLimitRaiseAsked | AmountInvalid | CurrencyMismatch | ProofNeeded,
    strawberry.union("SetOwnLimitResult"),
]
WithdrawOwnLimitRaiseResult = Annotated[
    OwnLimitRaiseWithdrawn | NoRaiseOpen, strawberry.union("WithdrawOwnLimitRaiseResult")
]

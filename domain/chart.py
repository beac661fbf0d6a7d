"""The chart of accounts: the house's own accounts, one of each kind and currency."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from domain.money import EXPONENTS
from models.wallets import Account, AccountKind, Side

_NAMESPACE: Final = UUID("0192d7a0-5e2c-7c3a-9d55-7550617900aa")

NORMAL_SIDES: Final = {
    AccountKind.PROVIDER_CLEARING: Side.DEBIT,
    AccountKind.FEES: Side.CREDIT,
    AccountKind.SUSPENSE: Side.CREDIT,
    AccountKind.IN_TRANSIT: Side.CREDIT,
    AccountKind.EQUITY: Side.CREDIT,
}


def house_account(kind: AccountKind, currency: str) -> UUID:
    """The id of a house account; derived, so that nobody has to look it up."""
    return uuid5(_NAMESPACE, f"{kind}:{currency}")


async def open_accounts(now: datetime) -> None:
    """Opens whatever house accounts are missing; doing it again changes nothing."""
    await Account.bulk_create(
        [
            Account(
                id=house_account(kind, currency),
                kind=kind,
                normal_side=side,
                currency=currency,
                opened_at=now,
            )
            for kind, side in NORMAL_SIDES.items()
            for currency in EXPONENTS
        ],
        ignore_conflicts=True,
    )

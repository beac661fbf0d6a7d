"""How much one payer pays a day by codes without an amount, which anybody can copy or cover."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from domain.limits import local_day
from domain.merchant_codes.refusals import StaticLimitExceeded
from domain.money import MinorUnits
from models.database import client
from models.wallets import Account

# Their day, in any time zone, began less than two days ago.
_LOOKS_BACK: Final = timedelta(days=2)


async def check(wallet: Account, amount: MinorUnits, *, now: datetime, time_zone: str) -> None:
    """Whether a lasting code could be paid `amount` now, in minor units of the wallet's currency.

    A hint for people: the ledger counts again under its locks, what is paid meanwhile too.
    `time_zone` is the payer's.

    Raises:
        StaticLimitExceeded: their day's sum would be passed.
    """
    [found] = await client().execute_query_dict(
        "SELECT static_code_day($1) AS most, static_code_spent($2, $3, $4) AS spent",
        [wallet.currency, wallet.id, local_day(now, time_zone), now - _LOOKS_BACK],
    )
    remaining = max(0, found["most"] - found["spent"])
    if amount > remaining:
        raise StaticLimitExceeded(MinorUnits(found["most"]), MinorUnits(remaining), wallet.currency)

"""What there is to know about a payment before it is judged, read in one statement."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from models.database import client
from models.wallets import Account

LOOKS_BACK: Final = timedelta(days=90)
MOST_ROWS: Final = 500
"""How many of the newest payments are looked at: a wallet's past may be a million of them."""

QUOTE_LIVES: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment that somebody is about to be shown; `amount` is minor units of `currency`.

    `device_id` and `device_since` are None for a session that told of no device. `wallet` pays.
    `payee_id` is a person, a merchant or a bank account of the payer's, and `payee_name` is as they
    see it.
    """

    person_id: UUID
    session_id: UUID
    device_id: UUID | None
    device_since: datetime | None
    address: str
    wallet: Account
    payee_id: UUID
    payee_name: str
    is_person_paid: bool
    amount: int
    currency: str
    is_new_payee: bool
    time_zone: str


@dataclass(frozen=True, slots=True)
class Window:
    """What happened in the last minutes, the payment at hand not counted.

    `payments` were prepared, confirmed or not. `total`, in minor units, is what was paid or set
    aside, and what could still be confirmed.
    """

    payments: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules go by, beside the payment itself.

    `windows` are by their length in minutes. `usual` is the amount, in minor units, that 95 of 100
    payments of the last 90 days stayed within, of `past_payments`. `place` is where the payer is,
    None where nobody knows; `seen_at` is when they were there last, and `is_at_home_somewhere`
    whether any place of theirs is known. `snoozed` names a rule with its device or payee.
    """

    windows: Mapping[int, Window]
    past_payments: int
    usual: int | None
    place: str | None
    seen_at: datetime | None
    is_at_home_somewhere: bool
    snoozed: frozenset[tuple[str, UUID]]


_READ: Final = "SELECT * FROM risk_facts($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def gather(
    payment: Payment, now: datetime, *, minutes: Collection[int], place: str | None
) -> Facts:
    """The facts about a payment; `minutes` are the lengths of the windows to look at.

    One statement. What it costs does not grow with the wallet.
    """
    windows = sorted(minutes)
    begins = [now - timedelta(minutes=each) for each in windows]
    subjects = [payment.payee_id, *filter(None, [payment.device_id])]
    [row] = await client().execute_query_dict(
        _READ,
        [
            payment.person_id,
            payment.wallet.id,
            now,
            now - LOOKS_BACK,
            begins,
            place,
            subjects,
            min([*begins, now - QUOTE_LIVES]),
            MOST_ROWS,
        ],
    )
    pairs = zip(row["counts"], row["totals"], strict=True)
    return Facts(
        windows={each: Window(*pair) for each, pair in zip(windows, pairs, strict=True)},
        past_payments=row["past_payments"],
        usual=row["usual"],
        place=place,
        seen_at=row["seen_at"],
        is_at_home_somewhere=row["is_at_home_somewhere"],
        snoozed=frozenset(zip(row["rules"], row["snoozed_for"], strict=True)),
    )

"""The payments of an archive, as their owner sees them in the app: others by their masked names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from domain import names
from domain.erasures import CLOSED_NAME
from domain.exports.subjects import Row, Subject
from models import history, sides
from models.database import client
from models.movements import Movement, MovementKind
from models.sides import Side
from models.unclaimed import FarEnd, far_ends
from models.wallets import Account

ABOUT: Final = (
    "Money that moved, is moving, or did not move. Amounts are minor units of the currency; the "
    "note is what you wrote, and null where somebody else did."
)
COLUMNS: Final = (
    "id",
    "wallet",
    "kind",
    "direction",
    "status",
    "amount",
    "fee",
    "currency",
    "counterparty",
    "note",
    "failure_code",
    "arrives_at",
    "created_at",
    "settled_at",
)
PAGE_ROWS: Final = 200
"""Reading a page keeps everybody else in the process waiting: some 20 ms."""

_PREFIXES: Final = {
    MovementKind.TRANSFER: "trf",
    MovementKind.TOP_UP: "top",
    MovementKind.ADJUSTMENT: "adj",
    MovementKind.MERCHANT_PAYMENT: "pay",
    MovementKind.REFUND: "ref",
    MovementKind.WITHDRAWAL: "wdr",
    MovementKind.RETURN: "ret",
    MovementKind.REVERSAL: "rev",
    MovementKind.PAYOUT: "pyt",
    MovementKind.FEE: "fee",
}
_HOUSE: Final = "uPay"


async def pages(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    """Every movement of every wallet, newest first; a movement has only one wallet of a person."""
    for wallet in subject.wallets:
        after = None
        while found := await history.page(wallet, limit=PAGE_ROWS, after=after):
            after = (found[-1].created_at, found[-1].id)
            others = {_other_id(row, wallet) for row in found}
            known = await sides.of(client(), others)
            ends = await far_ends(client(), [row.id for row in found])
            yield [_row(row, wallet, known, ends, subject) for row in found]


def _row(
    movement: Movement,
    wallet: Account,
    known: Mapping[UUID, Side],
    ends: Mapping[UUID, FarEnd],
    subject: Subject,
) -> Row:
    side = known[_other_id(movement, wallet)]
    failure = movement.failed_for
    is_mine = movement.person_id == wallet.owner_id
    return {
        "id": f"{_PREFIXES[movement.kind]}_{movement.id.hex}",
        "wallet": f"wal_{wallet.id.hex}",
        "kind": movement.kind.value,
        "direction": "out" if movement.source_id == wallet.id else "in",
        "status": movement.status.value,
        "amount": movement.amount,
        "fee": movement.fee,
        "currency": movement.currency,
        "counterparty": _counterparty(side, ends.get(movement.id)),
        "note": movement.note if is_mine else None,
        "failure_code": subject.told(failure) if failure else None,
        "arrives_at": movement.arrives_at,
        "created_at": movement.created_at,
        "settled_at": movement.settled_at,
    }


def _other_id(movement: Movement, wallet: Account) -> UUID:
    return movement.target_id if movement.source_id == wallet.id else movement.source_id


def _counterparty(side: Side, end: FarEnd | None) -> str:
    """The other side; of money for a telephone number that number, or whoever sent it."""
    if end is None:
        return _name(side)
    return end.masked or _name(replace(side, owner=end.payer))


def _name(side: Side) -> str:
    """The other side as the app shows it."""
    if side.owner is None:
        return _HOUSE
    if side.owner.is_closed:
        return CLOSED_NAME
    is_merchant = side.owner.is_merchant
    return side.owner.display_name if is_merchant else names.masked_name(side.owner.display_name)

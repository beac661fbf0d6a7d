"""From rows to movements: each as the type of its kind, with the parties its viewer may know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from domain.merchants import Actor
from models import movements as rows
from models.sides import Side
from models.unclaimed import FarEnd
from models.wallets import AccountKind
from schema import ids, money
from schema.context import Info
from schema.loaders import far_ends_of, sides_of
from schema.movements.kinds import (
    Adjustment,
    Movement,
    Payout,
    Refund,
    SettlementFee,
    TopUp,
    TopUpReversal,
    Transfer,
    Withdrawal,
    WithdrawalReturn,
)
from schema.movements.parties import Party
from schema.movements.states import MovementStatus
from schema.texts import Language


async def movement(row: rows.Movement, info: Info, *, actor: Actor | None = None) -> Movement:
    """The movement as the type of its kind, as its viewer or `actor` may see it."""
    [seen] = await movements([row], info, actor=actor)
    return seen


async def movements(
    found: Sequence[rows.Movement], info: Info, *, actor: Actor | None = None
) -> list[Movement]:
    """Each movement as the type of its kind; who stands on their sides is one statement.

    With `actor` as the merchant sees it that they act for.
    """
    sides = await sides_of({id for row in found for id in (row.source_id, row.target_id)})
    context = info.context
    viewer = context.identity.person_id if context.identity else None
    if actor is not None:
        viewer = actor.merchant_id
    parties = {id: Party.of(side, viewer, context.language) for id, side in sides.items()}
    ends = await _far_ends(found, sides)
    seen = [_movement(row, parties, info, actor) for row in found]
    for each in seen:
        if isinstance(each, Transfer) and each.row.id in ends:
            _put_in_place(each, ends[each.row.id], viewer, context.language)
    return seen


async def _far_ends(
    found: Sequence[rows.Movement], sides: Mapping[UUID, Side]
) -> Mapping[UUID, FarEnd]:
    """What is seen in place of the house, where money waits or waited for a telephone number."""
    waiting = [
        row.id
        for row in found
        if row.kind is rows.MovementKind.TRANSFER
        and AccountKind.IN_TRANSIT in {sides[row.source_id].kind, sides[row.target_id].kind}
    ]
    return await far_ends_of(waiting) if waiting else {}


def _put_in_place(
    transfer: Transfer, end: FarEnd, viewer_id: UUID | None, language: Language
) -> None:
    party = Party.at(end, viewer_id, language)
    if end.payer is None:
        transfer.target = party
        transfer.returns_at = None if transfer.row.status.is_final else end.returns_at
    else:
        transfer.source = party


def _movement(
    row: rows.Movement, parties: Mapping[UUID, Party], info: Info, actor: Actor | None
) -> Movement:
    from schema.merchant_payments import MerchantPayment  # It imports this module.

    common: dict[str, Any] = {
        "id": strawberry.ID(ids.of_movement(row)),
        "status": MovementStatus(row.status),
        "amount": money.money(row.amount, row.currency),
        "fee": money.money(row.fee, row.currency),
        "note": row.note,
        "created_at": row.created_at,
        "settled_at": row.settled_at,
        "head_seq": money.Sequence(row.stream_seq),
        "livemode": info.context.livemode,
        "source": parties[row.source_id],
        "target": parties[row.target_id],
        "row": row,
    }
    match row.kind:
        case rows.MovementKind.TRANSFER:
            return Transfer(arrives_at=row.arrives_at, **common)
        case rows.MovementKind.TOP_UP:
            return TopUp(**common)
        case rows.MovementKind.ADJUSTMENT:
            return Adjustment(**common)
        case rows.MovementKind.MERCHANT_PAYMENT:
            return MerchantPayment(actor=actor, **common)
        case rows.MovementKind.REFUND:
            return Refund(actor=actor, **common)
        case rows.MovementKind.WITHDRAWAL:
            return Withdrawal(**common)
        case rows.MovementKind.RETURN:
            return WithdrawalReturn(**common)
        case rows.MovementKind.REVERSAL:
            return TopUpReversal(**common)
        case rows.MovementKind.PAYOUT:
            return Payout(**common)
        case rows.MovementKind.FEE:
            return SettlementFee(**common)

"""What the tests tell the ledger, in few words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from domain import ledger
from domain.chart import house_account
from domain.money import MinorUnits
from models.ids import new_id
from models.movements import Hold, Movement, MovementKind
from models.quotes import Challenge, Quote
from models.wallets import Account, AccountKind
from tests.factories import some_key
from tests.moments import NOON

WEEK = timedelta(days=7)


def transfer(
    source: Account,
    target: Account,
    amount: int,
    *,
    fee: int = 0,
    challenge: UUID | None = None,
    day: date | None = None,
) -> ledger.Order:
    """An order of the source's owner; with `day` it counts for their limits."""
    assert source.owner_id is not None
    return ledger.Order(
        kind=MovementKind.TRANSFER,
        person_id=source.owner_id,
        source_id=source.id,
        target_id=target.id,
        amount=MinorUnits(amount),
        currency=source.currency,
        fee=MinorUnits(fee),
        fees_id=house_account(AccountKind.FEES, source.currency) if fee else None,
        challenge_id=challenge,
        counted_on=day,
    )


def top_up(target: Account, amount: int) -> ledger.Order:
    """An order for money that a provider owes the target's owner."""
    assert target.owner_id is not None
    return ledger.Order(
        kind=MovementKind.TOP_UP,
        person_id=target.owner_id,
        source_id=house_account(AccountKind.PROVIDER_CLEARING, target.currency),
        target_id=target.id,
        amount=MinorUnits(amount),
        currency=target.currency,
    )


def pay(
    source: Account,
    target: Account,
    amount: int,
    *,
    key: ledger.Key | None = None,
    fee: int = 0,
    day: date | None = None,
) -> ledger.Command:
    order = transfer(source, target, amount, fee=fee, day=day)
    return ledger.pay(order, key=key or some_key(), at=NOON)


def hold(
    source: Account,
    target: Account,
    amount: int,
    *,
    key: ledger.Key | None = None,
    fee: int = 0,
    expires_at: datetime = NOON + WEEK,
    day: date | None = None,
) -> ledger.Command:
    return ledger.hold(
        transfer(source, target, amount, fee=fee, day=day),
        key=key or some_key(),
        at=NOON,
        expires_at=expires_at,
    )


async def placed(
    source: Account, target: Account, amount: int, *, fee: int = 0, day: date | None = None
) -> tuple[Movement, Hold]:
    """Money already set aside, as a verb would read it back."""
    posted = await ledger.post(hold(source, target, amount, fee=fee, day=day))
    assert posted.movement is not None
    return posted.movement, await Hold.get(movement_id=posted.movement.id)


async def challenge(
    source: Account, target: Account, amount: int, *, expires_at: datetime = NOON + WEEK
) -> UUID:
    """Something proved for exactly that transfer."""
    quote = await Quote.create(
        id=new_id(),
        person_id=source.owner_id,
        source_id=source.id,
        target_id=target.id,
        payee_id=target.owner_id,
        amount=amount,
        currency=source.currency,
        arrival="now",
        created_at=NOON,
        expires_at=expires_at,
    )
    proved = await Challenge.create(
        id=new_id(),
        quote_id=quote.id,
        person_id=source.owner_id,
        digest=bytes(32),
        expires_at=expires_at,
    )
    return proved.id

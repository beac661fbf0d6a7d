"""What chance wishes, the commands that say it to the ledger, and its answers in the same words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from domain import keys, ledger
from domain.chart import house_account
from domain.money import MinorUnits
from models.ids import new_id
from models.movements import Hold, Movement, MovementStatus
from models.wallets import Account, AccountKind
from tests.domain import orders
from tests.domain.oracle import Answer, Fact, KeyName, Verb, Wish

VERBS: Final[Sequence[Verb]] = (
    *("pay", "pay", "pay", "hold", "hold", "capture", "capture", "capture"),
    *("release", "record", "settle", "mark"),
)
ENDS: Final = (MovementStatus.CANCELLED, MovementStatus.FAILED, MovementStatus.UNKNOWN)


class Dice:
    """What chance wants; the machine makes a wish of it that fits the books.

    Thrown from one number, because Hypothesis takes long to choose a dozen things one by one.
    """

    def __init__(self, number: int) -> None:
        chance = random.Random(number)
        self.verb = chance.choice(VERBS)
        self.currency = chance.randrange(3)
        self.payer = chance.randrange(3)
        self.payee = chance.randrange(1, 3)
        self.amount = chance.randint(1, 150)
        self.fee = chance.choice([0, 0, 1, 7])
        self.key = chance.choice([*[""] * 12, "a", "b", "c"])
        self.words = chance.randrange(2)
        self.is_proved = chance.random() < 0.3
        self.pick = chance.randrange(100)
        self.is_final = chance.random() < 0.5
        self.is_whole = chance.random() < 0.5
        self.days = chance.choice([-1, 0, 0, 0, 0, 1]) if chance.random() < 0.8 else None
        self.status = chance.choice(ENDS[:2] if self.verb == "release" else ENDS)


def key_of(throw: Dice) -> KeyName:
    """One of a few that come again and again, or one that nobody used."""
    return (throw.key, throw.words) if throw.key else (new_id().hex, 0)


def captured(wish: Wish, fact: Fact, throw: Dice) -> Wish:
    """All that remains with its fee, or a part without one."""
    remaining = fact.remaining or 0
    if throw.is_whole or not remaining:
        fee = fact.fee if throw.is_final and remaining > fact.fee else 0
        return replace(wish, amount=remaining, fee=fee, is_final=throw.is_final)
    part = 1 + throw.amount % remaining
    return replace(wish, amount=part, is_final=throw.is_final)


def naming_nothing_twice(wishes: Sequence[Wish]) -> list[Wish]:
    """Those of the wishes that may stand in one batch."""
    kept: list[Wish] = []
    named: set[object] = set()
    for wish in wishes:
        names = {wish.key[0], wish.movement_id, wish.challenge or wish.movement_id}
        if named.isdisjoint(names):
            named |= names
            kept.append(wish)
    return kept


async def command_for(wish: Wish) -> ledger.Command:
    """What a verb would tell the ledger, from the rows as they are now."""
    name, words = wish.key
    key = ledger.Key(owner_id=keys.SYSTEM, key=name, digest=keys.digest("wish", words))
    if not wish.is_made:
        return await _change(wish, key)
    order = await _order(wish)
    match wish.verb:
        case "hold":
            assert wish.expires_at is not None
            made = ledger.hold(order, key=key, at=wish.at, expires_at=wish.expires_at)
        case "record":
            made = ledger.record(order, key=key, at=wish.at)
        case _:
            made = ledger.pay(order, key=key, at=wish.at)
    return replace(made, movement_id=wish.movement_id)


async def _order(wish: Wish) -> ledger.Order:
    source, target = await Account.get(id=wish.source), await Account.get(id=wish.target)
    if wish.verb == "record":
        return orders.top_up(target, wish.amount)
    order = orders.transfer(source, target, wish.amount, fee=wish.fee, challenge=wish.challenge)
    return replace(order, counted_on=wish.day)


async def _change(wish: Wish, key: ledger.Key) -> ledger.Command:
    movement = await Movement.get(id=wish.movement_id)
    held = await Hold.get_or_none(movement_id=wish.movement_id)
    code = "PROVIDER_SAID_NO" if wish.status is MovementStatus.FAILED else None
    match wish.verb:
        case "settle":
            return ledger.settle(movement, key=key, at=wish.at)
        case "mark":
            return ledger.mark(movement, wish.status, key=key, at=wish.at, failure_code=code)
    assert held is not None
    if wish.verb == "release":
        return ledger.release(
            movement, held, key=key, at=wish.at, to=wish.status, failure_code=code
        )
    is_part = wish.amount != held.remaining
    return ledger.capture(
        movement,
        held,
        key=key,
        at=wish.at,
        amount=MinorUnits(wish.amount) if is_part or not wish.fee else None,
        is_final=wish.is_final,
        fees_id=house_account(AccountKind.FEES, movement.currency) if wish.fee else None,
    )


def answer_of(posted: ledger.Posted) -> Answer:
    """The ledger's answer in the oracle's words."""
    movement = posted.movement
    is_replay = posted.outcome in {ledger.Outcome.REPLAYED, ledger.Outcome.KEY_REUSED}
    return Answer(
        outcome=posted.outcome,
        movement_id=None if movement is None else movement.id,
        status=None if is_replay or movement is None else movement.status,
        code=posted.code,
        missing=posted.missing,
    )

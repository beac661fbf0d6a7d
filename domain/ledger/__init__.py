"""The books: balances change here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from tortoise.connection import get_connections

from domain.decisions import Announce
from domain.ledger import wire
from domain.ledger.commands import (
    Command,
    Key,
    Line,
    Order,
    Outcome,
    Posted,
    capture,
    hold,
    mark,
    pay,
    record,
    release,
    settle,
)
from domain.ledger.queue import PostingQueue
from models.database import Client, client

__all__ = [
    "Command",
    "Key",
    "Line",
    "Order",
    "Outcome",
    "Posted",
    "capture",
    "here",
    "hold",
    "mark",
    "pay",
    "post",
    "post_all_in",
    "post_in",
    "record",
    "release",
    "settle",
    "settled",
]

_queues: WeakKeyDictionary[Client, PostingQueue] = WeakKeyDictionary()


async def post(command: Command) -> Posted:
    """Posts one command in a transaction of its own, shared with whoever else is waiting.

    Not for use inside a decision, whose writes it could not join: see `post_in`.

    Raises:
        Busy: too many are waiting; nothing was recorded.
        OutcomeUnknown: the database stayed away; the same key gives the answer later.
    """
    return await here().post(command)


async def post_in(announce: Announce, command: Command) -> Posted:
    """Posts one command inside the caller's open decision.

    It takes its locks in the ledger's one order, so a decision that has locked nothing yet posts
    first and writes the rest after.
    """
    [posted] = await post_all_in(announce, [command])
    return posted


async def post_all_in(announce: Announce, commands: Sequence[Command]) -> list[Posted]:
    """Posts several commands inside the caller's open decision, which take their locks together.

    Each has its own answer, in the same order; whoever needs all of them or none raises. No two may
    share a key, a challenge, an order or a movement.
    """
    transaction = get_connections().get("default")
    async with transaction.acquire_connection() as connection:
        answers = await wire.send(connection, commands)
    for posted in answers:
        here().tally.commands[posted.outcome] += 1
        for topic in posted.topics:
            announce(topic)
    return answers


async def settled() -> None:
    """Returns when every command of this process has its answer."""
    await here().settled()


def here() -> PostingQueue:
    """The commands of this process on their way to its database."""
    database = client()
    queue = _queues.get(database)
    if queue is None:
        queue = _queues[database] = PostingQueue(database.pool)
    return queue

"""The ordinary way to build this in Python, to compare with: Strawberry's view, Tortoise's models.

As their documentation has it: rows are loaded with `select_for_update`, changed and saved within
`in_transaction`; related rows come through data loaders. It writes the same rows as uPay does, and
knows no sessions, PINs, quotes or limits.
"""

from __future__ import annotations

import asyncio
import base64
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import strawberry
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.dataloader import DataLoader
from tortoise import Tortoise
from tortoise.connection import get_connections
from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from models import movements as rows
from models.config import tortoise_config
from models.ids import new_id
from models.people import Person as PersonRow
from models.postings import Posting, PostingKind
from models.streams import StreamEvent
from models.wallets import Account, AccountKind


async def _accounts(ids: list[UUID]) -> list[Account]:
    found = {row.id: row for row in await Account.filter(id__in=ids)}
    return [found[id] for id in ids]


async def _people(ids: list[UUID]) -> list[PersonRow]:
    found = {row.id: row for row in await PersonRow.filter(id__in=ids)}
    return [found[id] for id in ids]


@dataclass
class Context:
    accounts: DataLoader[UUID, Account] = field(default_factory=lambda: DataLoader(_accounts))
    people: DataLoader[UUID, PersonRow] = field(default_factory=lambda: DataLoader(_people))


Info: TypeAlias = strawberry.Info[Context, None]


@strawberry.type
class Party:
    id: UUID
    display_name: str


@strawberry.type
class Movement:
    id: UUID
    direction: str
    status: str
    amount: int
    currency: str
    note: str
    created_at: datetime
    other_id: strawberry.Private[UUID]

    @strawberry.field
    async def counterparty(self, info: Info) -> Party | None:
        account = await info.context.accounts.load(self.other_id)
        if account.owner_id is None:
            return None
        owner = await info.context.people.load(account.owner_id)
        return Party(id=owner.id, display_name=owner.display_name)


@strawberry.type
class Edge:
    cursor: str
    node: Movement


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class Connection:
    edges: list[Edge]
    page_info: PageInfo


@strawberry.type
class Wallet:
    id: UUID
    currency: str
    total: int
    available: int
    held: int

    @strawberry.field
    async def movements(self, first: int = 20) -> Connection:
        mine = Q(source_id=self.id) | Q(target_id=self.id, status="completed")
        newest = rows.Movement.filter(mine).order_by("-created_at", "-id")
        found = await newest.limit(first + 1)
        edges = [Edge(cursor=_cursor(row), node=_movement(row, self.id)) for row in found[:first]]
        info = PageInfo(
            has_next_page=len(found) > first, end_cursor=edges[-1].cursor if edges else None
        )
        return Connection(edges=edges, page_info=info)


@strawberry.type
class Person:
    id: UUID
    account_name: str
    display_name: str

    @strawberry.field
    async def wallets(self) -> list[Wallet]:
        return [
            Wallet(
                id=row.id,
                currency=row.currency,
                total=row.balance,
                available=row.available,
                held=row.held,
            )
            for row in await Account.filter(owner_id=self.id, kind=AccountKind.WALLET)
        ]


@strawberry.type
class Query:
    @strawberry.field
    async def person(self, id: UUID) -> Person | None:
        row = await PersonRow.get_or_none(id=id)
        if row is None:
            return None
        return Person(id=row.id, account_name=row.account_name, display_name=row.display_name)


@strawberry.input
class TransferInput:
    key: str
    owner_id: UUID
    source_id: UUID
    target_id: UUID
    amount: int


@strawberry.type
class Answer:
    movement_id: UUID
    outcome: str
    amount: int


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def transfer(self, input: TransferInput) -> Answer:
        async with in_transaction():
            used = await rows.IdempotencyKey.get_or_none(owner_id=input.owner_id, key=input.key)
            if used is not None:
                return Answer(movement_id=used.movement_id, outcome="replayed", amount=input.amount)
            wanted = Account.filter(id__in=[input.source_id, input.target_id])
            locked = {row.id: row for row in await wanted.order_by("id").select_for_update()}
            source, target = locked[input.source_id], locked[input.target_id]
            if source.freeze_level or target.freeze_level > 1 or target.closed_at:
                raise ValueError("frozen")
            if source.available < input.amount:
                raise ValueError("insufficient funds")
            movement = await _moved(input, source, target)
        return Answer(movement_id=movement.id, outcome="done", amount=input.amount)


_ENTER: Final = """
    INSERT INTO entries (account_id, version, posting_id, side, posted, pending, balance_after)
    VALUES ($1, $2, $3, 'D', $4, 0, $5), ($6, $7, $3, 'C', $4, 0, $8)
"""


async def _moved(input: TransferInput, source: Account, target: Account) -> rows.Movement:
    now = datetime.now(UTC)
    movement = await rows.Movement.create(
        id=new_id(),
        kind=rows.MovementKind.TRANSFER,
        status=rows.MovementStatus.COMPLETED,
        person_id=input.owner_id,
        source_id=source.id,
        target_id=target.id,
        amount=input.amount,
        currency=source.currency,
        stream_seq=1,
        created_at=now,
        settled_at=now,
    )
    await rows.IdempotencyKey.create(
        owner_id=input.owner_id, key=input.key, digest=b"", movement_id=movement.id, created_at=now
    )
    posting = await Posting.create(
        id=new_id(),
        kind=PostingKind.MOVE,
        movement_id=movement.id,
        currency=source.currency,
        posted_at=now,
    )
    source.posted_debits += input.amount
    target.posted_credits += input.amount
    for account in (source, target):
        account.version += 1
        account.stream_seq += 1
        await account.save()
    # Both in one statement, as the table's trigger wants; `bulk_create` would send two.
    connection = get_connections().get("default")
    await connection.execute_query(
        _ENTER,
        [
            *(source.id, source.version, posting.id, input.amount, source.balance),
            *(target.id, target.version, target.balance),
        ],
    )
    streams = ((source.id, source.stream_seq), (target.id, target.stream_seq), (movement.id, 1))
    await StreamEvent.bulk_create(
        [
            StreamEvent(
                stream_id=stream_id,
                seq=seq,
                kind="movement",
                subject_id=movement.id,
                status=movement.status.value,
                at=now,
            )
            for stream_id, seq in streams
        ]
    )
    return movement


def _movement(row: rows.Movement, wallet_id: UUID) -> Movement:
    is_out = row.source_id == wallet_id
    return Movement(
        id=row.id,
        direction="OUT" if is_out else "IN",
        status=row.status.value,
        amount=row.amount,
        currency=row.currency,
        note=row.note,
        created_at=row.created_at,
        other_id=row.target_id if is_out else row.source_id,
    )


def _cursor(row: rows.Movement) -> str:
    return base64.urlsafe_b64encode(f"{row.created_at.isoformat()}|{row.id}".encode()).decode()


class _View(GraphQL[Context, None]):
    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        return Context()


async def _serve() -> None:
    settings: dict[str, Any] = tortoise_config(
        os.environ["DATABASE_URL"], pool_size=int(os.environ["POOL"])
    )
    settings["connections"]["default"]["engine"] = "tortoise.backends.asyncpg"
    await Tortoise.init(config=settings, _enable_global_fallback=True)
    app = _View(strawberry.Schema(query=Query, mutation=Mutation))
    server = uvicorn.Server(
        uvicorn.Config(app, port=int(os.environ["PORT"]), log_level="warning", access_log=False)
    )
    print("up", flush=True)
    await server.serve()


if __name__ == "__main__":
    asyncio.run(_serve())

"""A schema in which everything can go wrong, for plans and graphql-core to answer alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from enum import Enum
from typing import Annotated, Any, Generic, TypeVar

import strawberry

from server.errors import no

T = TypeVar("T")


@strawberry.enum
class Mood(Enum):
    CALM = "calm"
    LOUD = "loud"


@strawberry.interface
class Resident:
    name: str

    @strawberry.field
    async def neighbour(self, info: strawberry.Info) -> Annotated[Dog, strawberry.lazy(".towns")]:
        await asyncio.sleep(0)
        return Dog(name=f"{self.name}'s dog", barks=None)


@strawberry.type
class Cat(Resident):
    lives: int
    mood: Mood | None = None

    @strawberry.field
    def hiss(self) -> str:
        raise ValueError("hiss")

    @strawberry.field
    def purr(self) -> str | None:
        raise ValueError("purr")


@strawberry.type
class Dog(Resident):
    barks: int | None

    @strawberry.field
    async def tail(self, info: strawberry.Info, wags: int = 1) -> str | None:
        await asyncio.sleep(0)
        if wags > 5:
            raise no("TIRED", "enough")
        return f"{'wag ' * wags}{info.context.word}"


@strawberry.type
class Box(Generic[T]):
    content: T
    labels: list[str | None]


@strawberry.input
class Where:
    street: str
    number: int = 7
    near: list[Annotated[Where, strawberry.lazy(".towns")]] | None = None
    mood: Mood = Mood.CALM
    tags: list[str] | None = None
    floor: strawberry.Maybe[int]


Anybody = Annotated[Cat | Dog, strawberry.union("Anybody")]


@strawberry.type
class Query:
    @strawberry.field
    async def all(self, info: strawberry.Info) -> list[Anybody]:
        return _everybody()

    @strawberry.field
    def residents(self) -> list[Resident]:
        return list(_everybody())

    @strawberry.field
    async def maybe(self, there: bool) -> Anybody | None:
        return Cat(name="Tom", lives=9) if there else None

    @strawberry.field
    async def never(self) -> Cat:
        return None  # type: ignore[return-value]

    @strawberry.field
    def holes(self) -> list[Cat | None]:
        return [None, Cat(name="Tom", lives=9), None]

    @strawberry.field
    async def gaps(self) -> list[Cat]:
        return [Cat(name="Tom", lives=9), None]  # type: ignore[list-item]

    @strawberry.field
    def broken(self) -> Cat | None:
        return Cat(name="Tom", lives="nine")  # type: ignore[arg-type]

    @strawberry.field
    async def box(self) -> Box[Cat]:
        return Box(content=Cat(name="Tom", lives=9, mood=Mood.LOUD), labels=["a", None])

    @strawberry.field
    def boxes(self) -> list[Box[Dog]] | None:
        return [Box(content=Dog(name="Rex", barks=3), labels=[])]

    @strawberry.field
    def echo(self, where: Where, more: list[Mood] | None = None) -> str:
        return f"{where} {more}"

    @strawberry.field
    async def odd(self, n: int | None = 3) -> str | None:
        if n is None or n % 2:
            raise ValueError(f"odd {n}")
        return str(n)


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def say(self, info: strawberry.Info, word: str) -> list[str]:
        heard: list[str] = info.context.heard
        await asyncio.sleep(0 if len(heard) % 2 else 0.001)
        heard.append(word)
        if word == "boom":
            raise ValueError(word)
        return list(heard)


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def passers(
        self, info: strawberry.Info, ends: str = "well"
    ) -> AsyncGenerator[Anybody, None]:
        for each in _everybody():
            yield each
        if ends == "badly":
            raise no("GONE", "gone")


def _everybody() -> list[Any]:
    return [Cat(name="Tom", lives=9), Dog(name="Rex", barks=3), Cat(name="Kit", lives=1)]


schema = strawberry.Schema(Query, Mutation, Subscription, types=[Cat, Dog])

"""How long a sign-in that fails takes: whether a name exists must not be read from a stopwatch."""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import statistics
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg

from benchmarks import tables
from benchmarks.servers import Served
from benchmarks.worlds import World
from domain import contacts, guards, passwords, people
from models.ids import new_id
from models.people import Contact, ContactKind, Person, Role

RATIO_AT_MOST: Final = 1.25
APART_AT_MOST_MS: Final = 8.0
"""One of the two is enough: of a short answer a quarter is less than a network adds by itself."""

_PASSWORD: Final = "correct horse 7 battery"  # noqa: S105 - of somebody who is nobody
_WRONG: Final = "wrong horse 7 battery"
_DOCUMENT: Final = """mutation ($name: String!, $password: String!) {
  signIn(input: { name: $name, password: $password }) { ... on Problem { code } } }"""


@dataclass(frozen=True)
class _Try:
    """One way of not getting in; compared with the first of the same `code`."""

    what: str
    name: str
    code: str = "SIGN_IN_REFUSED"
    password: str = _WRONG


_TRIES: Final = (
    _Try("wrong password", "ada"),
    _Try("nobody's name", "nobody"),
    _Try("wrong password, by e-mail", "ada@example.org"),
    _Try("nobody's e-mail", "nobody@example.org"),
    _Try("wrong password, by telephone", "+8613800138000"),
    _Try("nobody's telephone", "+8613900139000"),
    _Try("no name at all", "?"),
    _Try("right password of a closed account", "gone", password=_PASSWORD),
    _Try("right password of an agent", "lin", password=_PASSWORD),
    _Try("locked", "locked-ada", code="SIGN_IN_LOCKED"),
    _Try("locked, nobody's name", "locked-nobody", code="SIGN_IN_LOCKED"),
)


async def measured(world: World, ours: Served, asked: Namespace) -> str:
    """A table of medians in milliseconds: every way once in each round, in a new order each time.

    Raises:
        AssertionError: an answer was another than it should be.
    """
    await _people()
    owner = await asyncpg.connect(world.postgres.urls.owner)
    caller = http.client.HTTPConnection("127.0.0.1", ours.port, timeout=10)
    order = random.Random(7)
    times: dict[str, list[float]] = {each.what: [] for each in _TRIES}
    try:
        for number in range(asked.sign_ins + 1):
            await _forgotten(owner)
            for each in order.sample(_TRIES, len(_TRIES)):
                took = await asyncio.to_thread(_took_ms, caller, each)
                # The first round warms up.
                if number:
                    times[each.what].append(took)
    finally:
        caller.close()
        await owner.close()
    return _table({what: statistics.median(each) for what, each in times.items()}, asked.sign_ins)


async def _people() -> None:
    kept = await passwords.hashed(_PASSWORD)
    ada = await _person("ada", kept)
    for kind, value in (
        (ContactKind.EMAIL, "ada@example.org"),
        (ContactKind.PHONE, "+8613800138000"),
    ):
        contact = await contacts.add(ada.id, kind, value, ada.created_at)
        long_ago = ada.created_at - timedelta(days=30)
        await Contact.filter(id=contact.id).update(verified_at=long_ago, usable_at=long_ago)
    await _person("gone", kept, closed_at=ada.created_at)
    await _person("lin", kept, role=Role.AGENT)
    await _person("locked-ada", kept)


async def _person(
    name: str, kept: str, *, role: Role = Role.CUSTOMER, closed_at: datetime | None = None
) -> Person:
    return await Person.create(
        id=new_id(),
        account_name=name,
        display_name=name.title(),
        role=role,
        locale="en",
        time_zone="UTC",
        password_hash=kept,
        created_at=datetime.now(UTC),
        closed_at=closed_at,
    )


async def _forgotten(owner: asyncpg.Connection) -> None:
    """Everybody may try again, but at the two names that are locked."""
    locked = await Person.get(account_name="locked-ada")
    nobody = guards.stranger(people.spelled("locked-nobody"))
    until = datetime.now(UTC) + timedelta(minutes=15)
    await owner.execute("DELETE FROM address_guards")
    await owner.execute("DELETE FROM sign_in_guards")
    await owner.executemany(
        "INSERT INTO sign_in_guards (subject_id, wrong_tries, locked_until) VALUES ($1, 10, $2)",
        [(locked.id, until), (nobody, until)],
    )


def _took_ms(caller: http.client.HTTPConnection, one: _Try) -> float:
    words = {"name": one.name, "password": one.password}
    body = json.dumps({"query": _DOCUMENT, "variables": words})
    began = time.perf_counter()
    caller.request("POST", "/graphql", body, {"content-type": "application/json"})
    answer = caller.getresponse().read()
    took = (time.perf_counter() - began) * 1e3
    said = json.loads(answer)
    assert said["data"]["signIn"]["code"] == one.code, said
    return took


def _table(medians: Mapping[str, float], rounds: int) -> str:
    rows = [_row(each, medians) for each in _TRIES]
    head = ("what", "median ms", "of the first's", "apart, ms", "met")
    return f"{tables.markdown(head, rows)}\n\nMedians of {rounds}, one caller."


def _row(one: _Try, medians: Mapping[str, float]) -> Sequence[str]:
    first = medians[next(each.what for each in _TRIES if each.code == one.code)]
    mine = medians[one.what]
    ratio, apart = mine / first, abs(mine - first)
    is_met = max(ratio, 1 / ratio) <= RATIO_AT_MOST or apart <= APART_AT_MOST_MS
    return (one.what, f"{mine:.1f}", f"{ratio:.2f}", f"{apart:.1f}", "yes" if is_met else "no")

"""Keys are replaced while everybody keeps what they had, and one that is needed is never missed."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Final

import pyotp
import pytest

from domain import key_uses, pins, second_factors, secrets, sessions
from domain.key_uses import KeyUse
from domain.pins import PinLocked, WrongPin
from domain.secrets import Keyring
from domain.sessions import SessionEnded
from models.people import Person, Pin, Totp
from models.sessions import Audience
from server import key_checks, keys
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from server.refusals import Refused
from tests import factories
from tests.moments import NOON
from tests.server.servers import ran, serving, started

OLD: Final = bytes(range(32))
NEW: Final = bytes(range(1, 33))
BEFORE: Final = Keyring(current="old", keys={"old": OLD})
AFTER: Final = Keyring(current="new", keys={"new": NEW, "old": OLD})
ALONE: Final = Keyring(current="new", keys={"new": NEW})
PIN, WRONG, OTHER = "246810", "135790", "908172"


@pytest.fixture
def before(database: DatabaseUrls) -> None:
    """The server still works with the old key alone."""
    secrets.install(BEFORE)


async def somebody(name: str = "ada") -> Person:
    person = await factories.person(name)
    await pins.set_pin(person.id, PIN, NOON)
    return person


@pytest.mark.usefixtures("before")
async def test_a_pin_that_is_proved_is_kept_with_the_new_key_from_then_on() -> None:
    ada, bob = await somebody("ada"), await somebody("bob")
    secrets.install(AFTER)

    await pins.prove(ada.id, PIN, NOON)

    of_ada, of_bob = await Pin.get(person_id=ada.id), await Pin.get(person_id=bob.id)
    assert (of_ada.key_id, of_bob.key_id) == ("new", "old")
    secrets.install(ALONE)
    await pins.prove(ada.id, PIN, NOON)
    with pytest.raises(WrongPin):
        await pins.prove(ada.id, WRONG, NOON)


@pytest.mark.usefixtures("before")
async def test_a_wrong_pin_changes_no_key_and_is_counted_as_ever() -> None:
    ada = await somebody()
    kept = await Pin.get(person_id=ada.id)
    secrets.install(AFTER)

    for tries_left in (4, 3, 2, 1):
        with pytest.raises(WrongPin) as wrong:
            await pins.prove(ada.id, WRONG, NOON)
        assert wrong.value.tries_left == tries_left
    for pin in (WRONG, PIN):
        with pytest.raises(PinLocked):
            await pins.prove(ada.id, pin, NOON)

    now = await Pin.get(person_id=ada.id)
    assert (now.mac, now.key_id) == (kept.mac, "old")


@pytest.mark.usefixtures("before")
async def test_who_is_right_twice_at_once_is_right_twice() -> None:
    ada = await somebody()
    secrets.install(AFTER)

    await asyncio.gather(*(pins.prove(ada.id, PIN, NOON) for _ in range(8)))

    kept = await Pin.get(person_id=ada.id)
    assert (kept.key_id, kept.wrong_tries) == ("new", 0)


@pytest.mark.usefixtures("before")
async def test_a_pin_of_the_old_key_can_be_changed() -> None:
    ada = await somebody()
    secrets.install(AFTER)

    await pins.change_pin(ada.id, PIN, OTHER, NOON)

    secrets.install(ALONE)
    await pins.prove(ada.id, OTHER, NOON)


@pytest.mark.usefixtures("before")
async def test_second_factors_are_sealed_anew_in_batches_and_stay_right() -> None:
    people = [await factories.person(f"person{number}") for number in range(5)]
    shown = [await second_factors.enrol(person.id, NOON) for person in people]
    secrets.install(AFTER)

    sealed = [await second_factors.reseal(limit=2) for _ in range(4)]

    assert sealed == [2, 2, 1, 0]
    assert await key_uses.counted() == [KeyUse(place="totps", key_id="new", rows=5)]
    secrets.install(ALONE)
    for person, secret in zip(people, shown, strict=True):
        assert await second_factors.accept(person.id, pyotp.TOTP(secret).at(NOON), NOON)


@pytest.mark.usefixtures("before")
async def test_a_code_is_taken_once_also_when_its_secret_is_sealed_anew_at_that_moment() -> None:
    people = [await factories.person(f"person{number}") for number in range(20)]
    codes = [pyotp.TOTP(await second_factors.enrol(each.id, NOON)).at(NOON) for each in people]
    secrets.install(AFTER)

    pairs = [
        second_factors.accept(person.id, code, NOON)
        for person, code in zip(people, codes, strict=True)
        for _ in range(2)
    ]
    *taken, _, _ = await asyncio.gather(
        *pairs, second_factors.reseal(limit=20), second_factors.reseal(limit=20)
    )

    assert [sum(taken[first : first + 2]) for first in range(0, 40, 2)] == [1] * 20
    while await second_factors.reseal(limit=20):
        pass
    assert await key_uses.counted() == [KeyUse(place="totps", key_id="new", rows=20)]


@pytest.mark.usefixtures("before")
async def test_what_a_lost_key_sealed_keeps_nothing_else_from_being_sealed_anew() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    await second_factors.enrol(ada.id, NOON)
    secrets.install(Keyring(current="middle", keys={"middle": bytes(32)}))
    await second_factors.enrol(bob.id, NOON)
    secrets.install(Keyring(current="new", keys={"new": NEW, "middle": bytes(32)}))

    sealed = await second_factors.reseal(limit=10)

    assert sealed == 1
    assert secrets.sealed_with((await Totp.get(person_id=ada.id)).sealed_secret) == "old"
    assert secrets.sealed_with((await Totp.get(person_id=bob.id)).sealed_secret) == "new"


@pytest.mark.usefixtures("before")
async def test_a_renewal_is_repeated_alike_although_the_key_changed_in_between() -> None:
    ada = await factories.session(await factories.person("ada"), Audience.PUBLIC, NOON)
    first = await sessions.refresh(ada.tokens.refresh, Audience.PUBLIC, NOON)
    secrets.install(AFTER)

    again = await sessions.refresh(ada.tokens.refresh, Audience.PUBLIC, NOON + timedelta(seconds=5))

    assert again == first
    assert await sessions.refresh(again.refresh, Audience.PUBLIC, NOON + timedelta(seconds=6))


@pytest.mark.usefixtures("before")
async def test_a_renewal_of_a_key_that_is_gone_cannot_be_repeated_and_ends_nothing() -> None:
    ada = await factories.session(await factories.person("ada"), Audience.PUBLIC, NOON)
    first = await sessions.refresh(ada.tokens.refresh, Audience.PUBLIC, NOON)
    secrets.install(ALONE)

    with pytest.raises(SessionEnded):
        await sessions.refresh(ada.tokens.refresh, Audience.PUBLIC, NOON + timedelta(seconds=5))

    assert await sessions.identity(first.access, NOON) is not None


@pytest.mark.usefixtures("before")
async def test_a_key_that_is_needed_and_missing_is_named_before_anybody_is_served(
    database: DatabaseUrls,
) -> None:
    ada = await somebody()
    await second_factors.enrol(ada.id, NOON)
    known = [SecretKey("new", NEW), SecretKey("old", OLD)]

    await key_checks.refuse_lost(known, database.application)
    with pytest.raises(Refused, match="The key old is not among the secret keys, and 1 PINs, 1"):
        await key_checks.refuse_lost(known[:1], database.application)


@pytest.mark.usefixtures("before")
async def test_what_a_lost_key_kept_can_be_taken_away_and_nothing_else_is() -> None:
    ada, bob = await somebody("ada"), await somebody("bob")
    await second_factors.enrol(ada.id, NOON)
    secrets.install(AFTER)
    await pins.prove(bob.id, PIN, NOON)

    gone = await key_uses.forget("old")

    assert gone == 2
    assert await key_uses.counted() == [KeyUse(place="pins", key_id="new", rows=1)]
    await pins.set_pin(ada.id, OTHER, NOON)


@pytest.mark.slow
def test_an_operator_replaces_the_key_of_a_town_while_it_runs(town: Path) -> None:
    [old] = keys.kept(town / "upay-data", mode="demo")
    with serving(town):
        added = ran(town, "keys", "add")
        early = ran(town, "keys", "rotate")
    [new, _] = keys.kept(town / "upay-data", mode="demo")

    with serving(town):
        rotated = [ran(town, "keys", "rotate") for _ in range(2)]
        status = ran(town, "keys", "status")
        needed = ran(town, "keys", "remove", old.id)

    assert added.stdout.startswith(f"{new.id} is in front of ")
    assert f"so that it knows {new.id}; then rotate" in early.stderr
    assert [each.stdout.split(" ", 1)[0] for each in rotated] == ["3", "0"]
    assert _rows(status.stdout) == {new.id: (0, 3), old.id: (3, 0)}
    assert needed.stderr == f"uPay: {old.id} is still needed: 3 PINs are kept with it.\n"


@pytest.mark.slow
def test_a_town_whose_needed_key_was_taken_out_does_not_start(town: Path) -> None:
    data = town / "upay-data"
    [old] = keys.kept(data, mode="demo")
    keys.keep(data, [keys.new("demo-")])

    with started(town, "serve") as refused:
        code = refused.wait()
    status = ran(town, "keys", "status")
    forgotten = ran(town, "keys", "forget", old.id)

    assert code == 1
    assert f"The key {old.id} is not among the secret keys" in refused.output
    assert f"{old.id}" in status.stdout
    assert "MISSING: bring it back" in status.stdout
    assert forgotten.stdout.startswith("6 PINs, second factors and files of the lost key")
    with serving(town):
        pass


@pytest.mark.slow
def test_a_key_that_nothing_needs_can_be_taken_out(town: Path) -> None:
    [old] = keys.kept(town / "upay-data", mode="demo")
    unused = keys.new("demo-")
    keys.keep(town / "upay-data", [old, unused])

    current = ran(town, "keys", "remove", old.id)
    removed = ran(town, "keys", "remove", unused.id)

    assert current.returncode == 1
    assert removed.stdout.startswith(f"{unused.id} was removed.")
    assert keys.kept(town / "upay-data", mode="demo") == (old,)


def test_keys_that_come_from_outside_are_changed_there(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    refused = ran(
        folder,
        "keys",
        "add",
        UPAY_MODE="live",
        UPAY_SECRET_KEYS=keys.new().text,
        UPAY_DATABASE_URL=database_urls.application,
    )

    assert refused.returncode == 1
    assert "The keys of this server come from UPAY_SECRET_KEYS: change them there" in refused.stderr


def _rows(table: str) -> dict[str, tuple[int, int]]:
    """The PINs and the second factors of each key."""
    found = re.findall(r"^(demo-\w+) +(\d+) +(\d+)", table, re.MULTILINE)
    return {key_id: (int(pin), int(totp)) for key_id, pin, totp in found}

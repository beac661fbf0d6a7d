"""Choosing another password: who may, which one, and what ends with the old one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from domain import guards, password_changes, passwords, sessions
from domain.guards import SignInLocked
from domain.password_changes import CurrentPasswordWrong
from domain.passwords import PasswordTooWeak, PasswordUsedBefore
from domain.refusals import Refusal
from domain.sessions import Identity
from models.passwords import PasswordHash
from models.people import Person
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

ANOTHER = "other horse 8 battery"
LATER = NOON + timedelta(minutes=1)


async def change(
    by: Identity, current: str = PASSWORD, new: str = ANOTHER, minutes: int = 1
) -> Person:
    now = NOON + timedelta(minutes=minutes)
    return await password_changes.change(
        by=by, current=current, new=new, address="192.0.2.7", now=now
    )


async def test_whoever_knows_the_password_gives_themselves_another() -> None:
    ada = await registers.resident("ada")

    await change(await registers.identity_of(ada))

    ada = await Person.get(id=ada.id)
    assert await passwords.is_right(ANOTHER, ada.password_hash)
    assert not await passwords.is_right(PASSWORD, ada.password_hash)
    assert ada.password_set_at == LATER


async def test_every_other_session_ends_and_this_one_goes_on() -> None:
    ada = await registers.resident("ada")
    bob = await factories.person("bob")
    here = await registers.identity_of(ada)
    there = await registers.identity_of(ada)
    bobs = await registers.identity_of(bob)

    await change(here)

    open_ones = {here.session_id, there.session_id, bobs.session_id}
    assert await sessions.live(open_ones, LATER) == {here.session_id, bobs.session_id}


async def test_the_owner_is_told_and_can_freeze_from_there() -> None:
    ada = await registers.resident("ada")
    by = await registers.identity_of(ada)

    await change(by)

    event = await SecurityEvent.get(person_id=ada.id, kind=EventKind.PASSWORD_CHANGED)
    assert (event.session_id, event.address, event.at) == (by.session_id, "192.0.2.7", LATER)
    assert PASSWORD not in str(event.detail)


async def test_a_session_that_could_only_do_this_may_do_everything_afterwards() -> None:
    ada = await registers.resident("ada", created_at=NOON - timedelta(days=91))
    opened = await sessions.sign_in(
        name="ada", password=PASSWORD, audience=Audience.PUBLIC, client="", now=NOON
    )
    limited = await sessions.identity(opened.tokens.access, NOON)
    assert limited is not None
    assert limited.limited_to is not None

    await change(limited)

    free = await sessions.identity(opened.tokens.access, LATER)
    assert free is not None
    assert free.limited_to is None
    assert not await passwords.must_change(await Person.get(id=ada.id), LATER)


async def test_a_password_that_others_may_know_is_put_right_by_another() -> None:
    ada = await registers.resident("ada", password_compromised_at=NOON)

    await change(await registers.identity_of(ada))

    assert (await Person.get(id=ada.id)).password_compromised_at is None


@pytest.mark.parametrize(
    ("current", "new", "refusal"),
    [
        ("wrong horse 7 battery", ANOTHER, CurrentPasswordWrong),
        ("", ANOTHER, CurrentPasswordWrong),
        ("x" * 60_000, ANOTHER, CurrentPasswordWrong),
        (PASSWORD, "short", PasswordTooWeak),
        (PASSWORD, "ada is my name 1", PasswordTooWeak),
        (PASSWORD, "x" * 60_000, PasswordTooWeak),
        (PASSWORD, PASSWORD, PasswordUsedBefore),
    ],
)
async def test_what_is_refused_changes_nothing(
    current: str, new: str, refusal: type[Refusal]
) -> None:
    ada = await registers.resident("ada")
    by, other = await registers.identity_of(ada), await registers.identity_of(ada)

    with pytest.raises(refusal):
        await change(by, current, new)

    assert await Person.get(id=ada.id) == ada
    assert (await Person.get(id=ada.id)).password_hash == ada.password_hash
    assert await sessions.live({other.session_id}, LATER) == {other.session_id}
    assert not await SecurityEvent.exists(person_id=ada.id)
    assert not await PasswordHash.exists()


async def test_the_last_four_are_not_chosen_again_and_the_fifth_may_be() -> None:
    ada = await registers.resident("ada")
    by = await registers.identity_of(ada)
    chosen = [PASSWORD, *(f"horse number {each} of hers" for each in range(1, 5))]
    for minute, (current, new) in enumerate(pairwise(chosen), 1):
        await change(by, current, new, minute)

    for used in chosen[1:]:
        with pytest.raises(PasswordUsedBefore):
            await change(by, chosen[-1], used, 9)
    await change(by, chosen[-1], PASSWORD, 9)

    assert await PasswordHash.filter(person_id=ada.id).count() == 3


async def test_of_many_guesses_at_once_ten_are_looked_at() -> None:
    by = await registers.identity_of(await registers.resident("ada"))

    answers = await asyncio.gather(
        *(change(by, "wrong horse 7 battery") for _ in range(25)), return_exceptions=True
    )

    kinds = [type(answer) for answer in answers]
    assert kinds.count(CurrentPasswordWrong) == guards.MAX_WRONG_TRIES
    assert kinds.count(SignInLocked) == 25 - guards.MAX_WRONG_TRIES
    with pytest.raises(SignInLocked):
        await change(by)


async def test_of_two_changes_at_once_one_happens() -> None:
    ada = await registers.resident("ada")
    by = await registers.identity_of(ada)

    answers = await asyncio.gather(
        change(by, new="first horse 8 battery"),
        change(by, new="second horse 9 battery"),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["CurrentPasswordWrong", "Person"]
    assert await SecurityEvent.filter(kind=EventKind.PASSWORD_CHANGED).count() == 1
    assert await PasswordHash.all().count() == 1

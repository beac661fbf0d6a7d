"""How long a password is good for, and what happens when others may know it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from domain import passwords, second_factors, sessions
from domain.passwords import Policy, Profile
from models.people import Person
from models.sessions import Audience
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

AGE = timedelta(days=90)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def usual_policy() -> Iterator[None]:
    yield
    passwords.install(None)


async def test_a_password_must_be_another_after_ninety_days() -> None:
    ada = await factories.person("ada")

    assert await passwords.expires_at(ada) == NOON + AGE
    assert not await passwords.must_change(ada, NOON + AGE - TICK)
    assert await passwords.must_change(ada, NOON + AGE)


async def test_a_password_that_was_chosen_later_is_good_for_longer() -> None:
    ada = await factories.person("ada", password_set_at=NOON + timedelta(days=30))

    assert await passwords.expires_at(ada) == NOON + timedelta(days=120)
    assert not await passwords.must_change(ada, NOON + timedelta(days=119))


async def test_whoever_has_a_second_factor_keeps_a_password_for_ever() -> None:
    ada = await factories.person("ada")

    await second_factors.enrol(ada.id, NOON)

    assert await passwords.expires_at(ada) is None
    assert not await passwords.must_change(ada, NOON + timedelta(days=9_000))


async def test_by_nist_nothing_grows_old() -> None:
    ada = await factories.person("ada")

    passwords.install(Policy(Profile.NIST))

    assert await passwords.expires_at(ada) is None
    assert not await passwords.must_change(ada, NOON + timedelta(days=9_000))


@pytest.mark.parametrize("profile", Profile)
async def test_a_password_that_others_may_know_must_be_another_at_once(profile: Profile) -> None:
    passwords.install(Policy(profile))
    ada = await factories.person("ada")
    await second_factors.enrol(ada.id, NOON)

    await passwords.mark_compromised(ada.id, NOON)
    await passwords.mark_compromised(ada.id, NOON + AGE)

    ada = await Person.get(id=ada.id)
    assert ada.password_compromised_at == NOON
    assert await passwords.must_change(ada, NOON)


async def test_whoever_signs_in_with_a_password_that_leaked_meanwhile_must_change_it(
    tmp_path: Path,
) -> None:
    ada, bob = await registers.resident("ada"), await factories.person("bob")
    leaked = tmp_path / "leaked.txt"
    leaked.write_text(f"{PASSWORD}\n")

    with closing(passwords.block_list(leaked)) as block_list:
        passwords.install(Policy(Profile.NIST, block_list))
        opened = await sessions.sign_in(
            name="ada", password=PASSWORD, audience=Audience.PUBLIC, client="", now=NOON
        )

    assert opened.session.limited_to is not None
    assert (await Person.get(id=ada.id)).password_compromised_at == NOON
    assert (await Person.get(id=bob.id)).password_compromised_at is None

"""The payment PIN: five guesses, however many come at once, then longer and longer nothing."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from domain import pins, secrets
from domain.decisions import decision
from domain.pins import PinAlreadySet, PinLocked, PinNotSet, PinTooSimple, WrongPin
from models.ids import new_id
from models.people import Person, Pin
from tests import factories
from tests.conftest import KEYRING
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

PIN, WRONG, OTHER = "246810", "135790", "908172"
MOMENT = timedelta(microseconds=1)


async def ada_with_a_pin() -> Person:
    ada = await factories.person("ada")
    await pins.set_pin(ada.id, PIN, NOON)
    return ada


async def lock(person: Person, now: datetime = NOON) -> PinLocked:
    """Guesses wrong until the PIN is locked."""
    for _ in range(4):
        with pytest.raises(WrongPin):
            await pins.prove(person.id, WRONG, now)
    with pytest.raises(PinLocked) as locked:
        await pins.prove(person.id, WRONG, now)
    return locked.value


async def test_the_pin_that_was_set_proves() -> None:
    ada = await ada_with_a_pin()

    await pins.prove(ada.id, PIN, NOON)


async def test_a_pin_is_kept_only_as_a_digest_of_our_key_and_its_owner() -> None:
    ada, bob = await ada_with_a_pin(), await factories.person("bob")
    await pins.set_pin(bob.id, PIN, NOON)

    of_ada, of_bob = await Pin.get(person_id=ada.id), await Pin.get(person_id=bob.id)
    assert of_ada.mac != of_bob.mac
    assert of_ada.mac == secrets.mac("pin", ada.id.bytes + PIN.encode())
    assert of_ada.key_id == secrets.current_key_id()


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "24681",
        "2468101",
        "24681a",
        "24 810",
        "-24681",
        "２４６８１０",
        "\x00" * 6,
        "\ud800" * 6,
        "000000",
        "111111",
        "999999",
        "123456",
        "012345",
        "654321",
        "987654",
        "1" * 1_048_576,
    ],
)
async def test_a_pin_that_everybody_guesses_first_is_refused(pin: str) -> None:
    ada = await factories.person("ada")
    before = await registers.picture()

    with pytest.raises(PinTooSimple):
        await pins.set_pin(ada.id, pin, NOON)

    assert await registers.picture() == before


async def test_a_pin_is_set_only_once() -> None:
    ada = await ada_with_a_pin()
    before = await registers.picture()

    with pytest.raises(PinAlreadySet):
        await pins.set_pin(ada.id, OTHER, NOON)

    assert await registers.picture() == before


async def test_of_ten_pins_set_at_once_exactly_one_is() -> None:
    ada = await factories.person("ada")
    wanted = [f"{number}24681" for number in range(10)]

    answers = await asyncio.gather(
        *(pins.set_pin(ada.id, pin, NOON) for pin in wanted), return_exceptions=True
    )

    [kept] = [pin for pin, answer in zip(wanted, answers, strict=True) if answer is None]
    assert [type(answer) for answer in answers].count(PinAlreadySet) == 9
    await pins.prove(ada.id, kept, NOON)


async def test_whoever_has_no_pin_proves_nothing() -> None:
    ada = await factories.person("ada")

    for person_id in (ada.id, new_id()):
        with pytest.raises(PinNotSet):
            await pins.prove(person_id, PIN, NOON)
        with pytest.raises(PinNotSet):
            await pins.change_pin(person_id, PIN, OTHER, NOON)

    assert await Pin.all().count() == 0


async def test_somebody_elses_pin_is_a_wrong_one() -> None:
    ada, bob = await ada_with_a_pin(), await factories.person("bob")
    await pins.set_pin(bob.id, OTHER, NOON)

    with pytest.raises(WrongPin):
        await pins.prove(ada.id, OTHER, NOON)


@pytest.mark.parametrize(
    "pin", ["", PIN + "0", PIN[:5], "２４６８１０", "\x00", "\ud800", "2" * 1_048_576]
)
async def test_what_is_no_pin_is_a_wrong_one_and_counted(pin: str) -> None:
    ada = await ada_with_a_pin()

    with pytest.raises(WrongPin) as wrong:
        await pins.prove(ada.id, pin, NOON)

    assert wrong.value.tries_left == 4


async def test_five_wrong_guesses_lock_the_pin_for_a_quarter_of_an_hour() -> None:
    ada = await ada_with_a_pin()
    left = []

    for _ in range(4):
        with pytest.raises(WrongPin) as wrong:
            await pins.prove(ada.id, WRONG, NOON)
        left.append(wrong.value.tries_left)
    with pytest.raises(PinLocked) as locked:
        await pins.prove(ada.id, WRONG, NOON)

    assert left == [4, 3, 2, 1]
    assert locked.value.until == NOON + timedelta(minutes=15)


async def test_while_it_is_locked_no_guess_is_looked_at_not_even_a_right_one() -> None:
    ada = await ada_with_a_pin()
    until = (await lock(ada)).until
    before = await registers.picture()

    for pin in (PIN, WRONG):
        with pytest.raises(PinLocked) as locked:
            await pins.prove(ada.id, pin, until - MOMENT)
        assert locked.value.until == until

    assert await registers.picture() == before
    await pins.prove(ada.id, PIN, until)


async def test_each_lock_lasts_longer_until_the_right_pin_starts_over() -> None:
    ada = await ada_with_a_pin()
    lasted, now = [], NOON

    for _ in range(4):
        until = (await lock(ada, now)).until
        lasted.append(until - now)
        now = until
    await pins.prove(ada.id, PIN, now)

    hours = timedelta(hours=1)
    assert lasted == [hours / 4, hours, 24 * hours, 24 * hours]
    assert (await lock(ada, now)).until - now == hours / 4


async def test_a_right_pin_gives_all_five_tries_back() -> None:
    ada = await ada_with_a_pin()
    for _ in range(4):
        with pytest.raises(WrongPin):
            await pins.prove(ada.id, WRONG, NOON)

    await pins.prove(ada.id, PIN, NOON)

    with pytest.raises(WrongPin) as wrong:
        await pins.prove(ada.id, WRONG, NOON)
    assert wrong.value.tries_left == 4


async def test_of_two_hundred_guesses_at_once_exactly_five_are_looked_at() -> None:
    ada = await ada_with_a_pin()

    answers = await asyncio.gather(
        *(pins.prove(ada.id, f"{number:06d}", NOON) for number in range(200)),
        return_exceptions=True,
    )

    wrong = [answer.tries_left for answer in answers if isinstance(answer, WrongPin)]
    locked = [answer.until for answer in answers if isinstance(answer, PinLocked)]
    assert sorted(wrong) == [1, 2, 3, 4]
    assert locked == [NOON + timedelta(minutes=15)] * 196
    kept = await Pin.get(person_id=ada.id)
    assert (kept.lockouts, kept.wrong_tries) == (1, 0)


async def test_a_wrong_guess_stays_counted_when_the_decision_around_it_is_undone() -> None:
    ada = await ada_with_a_pin()

    with pytest.raises(WrongPin):
        async with decision():
            await pins.prove(ada.id, WRONG, NOON)

    assert (await Pin.get(person_id=ada.id)).wrong_tries == 1


async def test_twenty_right_ones_at_once_all_prove() -> None:
    ada = await ada_with_a_pin()

    await asyncio.gather(*(pins.prove(ada.id, PIN, NOON) for _ in range(20)))

    kept = await Pin.get(person_id=ada.id)
    assert (kept.lockouts, kept.wrong_tries, kept.locked_until) == (0, 0, None)


async def test_a_changed_pin_proves_and_the_former_one_does_not() -> None:
    ada = await ada_with_a_pin()

    await pins.change_pin(ada.id, PIN, OTHER, NOON + MOMENT)

    await pins.prove(ada.id, OTHER, NOON)
    with pytest.raises(WrongPin):
        await pins.prove(ada.id, PIN, NOON)
    assert (await Pin.get(person_id=ada.id)).set_at == NOON + MOMENT


async def test_a_pin_is_not_changed_to_a_simple_one_and_the_current_one_not_looked_at() -> None:
    ada = await ada_with_a_pin()
    before = await registers.picture()

    with pytest.raises(PinTooSimple):
        await pins.change_pin(ada.id, WRONG, "111111", NOON)

    assert await registers.picture() == before


async def test_whoever_changes_a_pin_guesses_as_often_as_whoever_pays() -> None:
    ada = await ada_with_a_pin()

    for _ in range(4):
        with pytest.raises(WrongPin):
            await pins.change_pin(ada.id, WRONG, OTHER, NOON)
    with pytest.raises(PinLocked):
        await pins.change_pin(ada.id, WRONG, OTHER, NOON)
    with pytest.raises(PinLocked):
        await pins.change_pin(ada.id, PIN, OTHER, NOON)

    await pins.prove(ada.id, PIN, NOON + timedelta(minutes=15))


async def test_of_five_changes_of_one_pin_at_once_exactly_one_is_made() -> None:
    ada = await ada_with_a_pin()
    wanted = [f"{number}24681" for number in range(5)]

    answers = await asyncio.gather(
        *(pins.change_pin(ada.id, PIN, pin, NOON) for pin in wanted), return_exceptions=True
    )

    [made] = [pin for pin, answer in zip(wanted, answers, strict=True) if answer is None]
    assert [type(answer) for answer in answers].count(WrongPin) == 4
    await pins.prove(ada.id, made, NOON)


async def test_a_pin_outlives_a_change_of_the_servers_key() -> None:
    ada = await ada_with_a_pin()
    keys = {**KEYRING.keys, "next": b"n" * 32}
    secrets.install(secrets.Keyring(current="next", keys=keys))

    await pins.prove(ada.id, PIN, NOON)
    await pins.change_pin(ada.id, PIN, OTHER, NOON)

    assert (await Pin.get(person_id=ada.id)).key_id == "next"
    await pins.prove(ada.id, OTHER, NOON)

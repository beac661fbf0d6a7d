"""Guards: what is counted where, whom a lock keeps out, and whom it must not."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any, Final

import pyotp
import pytest

from domain import guards, second_factors, sessions
from domain.devices import Shown
from domain.guards import SignInLocked, SignInThrottled
from domain.refusals import Refusal
from domain.sessions import SignedIn, SignInRefused
from jobs.sign_in_locks import tell_sign_in_lock
from models.jobs import Job
from models.people import AddressGuard, ContactKind, GuardedFactor, Person, SignInGuard
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience, Session
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

QUARTER: Final = timedelta(minutes=15)
MOMENT: Final = timedelta(microseconds=1)
WRONG: Final = "wrong horse 7 battery"
HERE: Final = "192.0.2.1"


async def sign_in(name: str, password: str = PASSWORD, **changes: Any) -> SignedIn:
    asked: dict[str, Any] = {"audience": Audience.PUBLIC, "client": HERE, "now": NOON}
    return await sessions.sign_in(name=name, password=password, **{**asked, **changes})


async def answer(name: str, password: str = WRONG, **changes: Any) -> type[Refusal] | str:
    """The refusal, or who got in."""
    try:
        return (await sign_in(name, password, **changes)).person.account_name
    except Refusal as refusal:
        return type(refusal)


async def locked(name: str, **changes: Any) -> None:
    """Somebody far away has guessed until nothing more is looked at."""
    for _ in range(guards.MAX_WRONG_TRIES):
        await answer(name, client="203.0.113.9", **changes)


async def told() -> list[SecurityEvent]:
    """What people learn once the jobs about locks are done."""
    for job in await Job.filter(kind=guards.TELL_JOB, done_at__isnull=True):
        await tell_sign_in_lock(job, job.due_at)
    return await SecurityEvent.filter(kind=EventKind.SIGN_IN_LOCKED)


async def test_strangers_who_lock_an_account_do_not_lock_its_owner_out_of_a_known_device() -> None:
    await registers.resident("ada")
    token = (await sign_in("ada")).device_token
    await locked("ada")

    elsewhere = await answer("ada", PASSWORD)
    at_home = await answer("ada", PASSWORD, device=Shown(token=token))

    assert elsewhere is SignInLocked
    assert at_home == "ada"
    assert await answer("ada", PASSWORD) is SignInLocked


async def test_a_known_device_is_locked_after_ten_wrong_tries_of_its_own() -> None:
    await registers.resident("ada")
    known = Shown(token=(await sign_in("ada")).device_token)

    answers = [await answer("ada", device=known) for _ in range(10)]

    assert answers == [SignInRefused] * 10
    assert await answer("ada", PASSWORD, device=known) is SignInLocked
    assert await answer("ada", PASSWORD) == "ada"


async def test_of_forty_guesses_at_once_on_a_known_device_exactly_ten_are_looked_at() -> None:
    await registers.resident("ada")
    known = Shown(token=(await sign_in("ada")).device_token)

    answers = await asyncio.gather(*(answer("ada", device=known) for _ in range(40)))

    assert Counter(answers) == {SignInRefused: 10, SignInLocked: 30}


async def test_anothers_device_is_no_way_around_the_lock() -> None:
    await registers.resident("ada")
    await registers.resident("eve")
    eves = Shown(token=(await sign_in("eve")).device_token)
    await locked("ada")

    answers = [await answer("ada", PASSWORD, device=eves), await answer("ada", device=eves)]

    assert answers == [SignInLocked] * 2


async def test_a_forgotten_device_is_no_way_around_the_lock() -> None:
    await registers.resident("ada")
    opened = await sign_in("ada")
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    assert identity.device_id is not None
    await sessions.forget_device(by=identity, device_id=identity.device_id, address=HERE, now=NOON)
    await locked("ada")

    assert await answer("ada", PASSWORD, device=Shown(token=opened.device_token)) is SignInLocked


async def test_whoever_chose_another_password_starts_over_on_all_their_devices() -> None:
    ada = await registers.resident("ada")
    known = Shown(token=(await sign_in("ada")).device_token)
    await locked("ada")
    await locked("ada", device=known)

    await guards.forget_tries(ada.id)

    assert await answer("ada", PASSWORD) == "ada"
    assert await answer("ada", PASSWORD, device=known) == "ada"


async def ada_with_an_app() -> tuple[Person, pyotp.TOTP]:
    ada = await registers.resident("ada")
    return ada, pyotp.TOTP(await second_factors.enrol(ada.id, NOON))


async def test_five_wrong_codes_lock_the_second_factor_for_a_quarter_of_an_hour() -> None:
    ada, totp = await ada_with_an_app()

    answers = [await answer("ada", PASSWORD, totp="000000") for _ in range(5)]
    early = await answer("ada", PASSWORD, totp=totp.at(NOON), now=NOON + QUARTER - MOMENT)
    right = totp.at(NOON + QUARTER)

    assert answers == [SignInRefused] * 5
    assert early is SignInLocked
    assert await answer("ada", PASSWORD, totp=right, now=NOON + QUARTER) == "ada"
    assert await Session.filter(person_id=ada.id).count() == 1


async def test_of_nine_wrong_codes_at_once_exactly_five_are_looked_at() -> None:
    _, totp = await ada_with_an_app()
    code = registers.different(totp.at(NOON))

    answers = await asyncio.gather(*(answer("ada", PASSWORD, totp=code) for _ in range(9)))

    assert Counter(answers) == {SignInRefused: 5, SignInLocked: 4}


async def test_guesses_at_the_second_factor_at_once_are_counted_one_by_one() -> None:
    ada, _ = await ada_with_an_app()

    async def guess() -> type[Refusal] | None:
        try:
            await guards.take_try(ada.id, NOON, factor=GuardedFactor.CODE)
        except SignInLocked as refusal:
            return type(refusal)
        return None

    answers = await asyncio.gather(*(guess() for _ in range(40)))

    assert Counter(answers) == {None: 5, SignInLocked: 35}


async def test_codes_are_counted_apart_from_passwords() -> None:
    ada, totp = await ada_with_an_app()
    for _ in range(4):
        await answer("ada", PASSWORD, totp="000000")

    await guards.forget_tries(ada.id)
    last = await answer("ada", PASSWORD, totp="000000")

    # Whoever can reset the password gets no more guesses at the second factor by it.
    assert last is SignInRefused
    assert await answer("ada", PASSWORD, totp=totp.at(NOON)) is SignInLocked


async def test_a_right_code_starts_its_count_over() -> None:
    _, totp = await ada_with_an_app()
    for _ in range(4):
        await answer("ada", PASSWORD, totp="000000")

    assert await answer("ada", PASSWORD, totp=totp.at(NOON)) == "ada"

    assert [await answer("ada", PASSWORD, totp="000000") for _ in range(5)] == [SignInRefused] * 5


async def test_one_address_gets_a_hundred_wrong_tries_at_all_accounts_together() -> None:
    await registers.resident("ada")
    answers = await asyncio.gather(*(answer(f"nobody{number}") for number in range(120)))

    late = await answer("ada", PASSWORD)
    elsewhere = await answer("ada", PASSWORD, client="192.0.2.2")

    assert Counter(answers) == {SignInRefused: 100, SignInThrottled: 20}
    assert late is SignInThrottled
    assert elsewhere == "ada"


async def test_an_address_that_is_refused_locks_nobodys_account() -> None:
    ada = await registers.resident("ada")
    await spent(HERE)

    answers = [await answer("ada") for _ in range(12)]

    assert answers == [SignInThrottled] * 12
    assert not await SignInGuard.exists(subject_id=ada.id)


async def test_an_address_is_heard_again_a_quarter_of_an_hour_after_its_first_try() -> None:
    await registers.resident("ada")
    await spent(HERE)

    with pytest.raises(SignInThrottled) as refused:
        await sign_in("ada", now=NOON + QUARTER - MOMENT)

    assert refused.value.until == NOON + QUARTER
    assert await answer("ada", PASSWORD, now=NOON + QUARTER) == "ada"


async def test_a_right_sign_in_takes_back_its_own_try_and_no_wrong_one() -> None:
    await registers.resident("ada")
    for _ in range(3):
        await answer("ada")

    await sign_in("ada")

    assert [guard.wrong_tries for guard in await AddressGuard.all()] == [3]


async def test_a_known_device_is_heard_from_an_address_that_guessed_too_often() -> None:
    await registers.resident("ada")
    known = Shown(token=(await sign_in("ada")).device_token)
    await spent(HERE)

    assert await answer("ada", PASSWORD) is SignInThrottled
    assert await answer("ada", PASSWORD, device=known) == "ada"


@pytest.mark.parametrize(
    ("first", "second", "is_shared"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("", "", True),
        ("nonsense", "nonsense", True),
        ("\x00\ud800" * 20_000, "\x00\ud800" * 20_000, True),
    ],
)
async def test_whose_tries_are_counted_together(first: str, second: str, is_shared: bool) -> None:
    await answer("ada", client=first)
    await answer("ada", client=second)

    counted = sorted(guard.wrong_tries for guard in await AddressGuard.all())
    assert counted == ([2] if is_shared else [1, 1])


async def test_addresses_cannot_fill_the_database() -> None:
    for number in range(3):
        await answer("ada", client=f"2001:db8:0:{number}::1")

    assert all(0 <= guard.slot < guards.ADDRESS_SLOTS for guard in await AddressGuard.all())


async def test_the_owner_of_a_locked_account_is_told_once() -> None:
    ada = await registers.resident("ada")
    await locked("ada")
    for _ in range(5):
        await answer("ada")

    [event] = await told()

    assert (event.person_id, event.address) == (ada.id, "203.0.113.9")
    assert event.detail == {"factor": "password"}
    assert len(await told()) == 1


async def test_every_further_lock_is_told_again() -> None:
    await registers.resident("ada")
    await locked("ada")
    await told()
    await locked("ada", now=NOON + QUARTER)

    assert len(await told()) == 2


async def test_a_lock_on_a_device_and_one_of_codes_are_told_to_whose_they_are() -> None:
    ada, _ = await ada_with_an_app()
    for _ in range(5):
        await answer("ada", PASSWORD, totp="000000")

    [event] = await told()

    assert (event.person_id, event.detail) == (ada.id, {"factor": "code"})


async def test_nobody_is_told_of_a_last_try_that_was_right() -> None:
    await registers.resident("ada")
    for _ in range(9):
        await answer("ada")

    assert await answer("ada", PASSWORD) == "ada"

    assert await told() == []


async def test_a_lock_costs_the_same_whether_or_not_there_is_somebody_to_tell() -> None:
    ada = await registers.resident("ada")
    await locked("ada")
    await locked("nobody")

    jobs = await Job.filter(kind=guards.TELL_JOB).order_by("id")

    assert [job.subject_id for job in jobs] == [ada.id, guards.stranger("nobody")]
    assert [event.person_id for event in await told()] == [ada.id]


async def test_what_somebody_can_do_is_said_alike_of_names_that_exist_and_that_do_not() -> None:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")

    said = [
        (refusal.ways, str(refusal), vars(refusal))
        for name in ("ada", "ada@example.org", "nobody", "nobody@example.org", "")
        for refusal in [await _refusal(name)]
    ]

    assert said == [said[0]] * 5
    assert said[0][0] == ("reset_password", "other_factor", "contact_support")


async def test_a_refused_sign_in_is_logged_with_whose_account_it_was_and_without_the_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ada = await registers.resident("ada")

    with caplog.at_level("INFO", logger="domain.sessions"):
        await answer("ada", "hunter2")
        await answer("nobody", "hunter2")

    assert [vars(record)["person"] for record in caplog.records] == [str(ada.id), None]
    assert "hunter2" not in caplog.text
    assert "nobody" not in caplog.text


async def _refusal(name: str) -> SignInRefused:
    with pytest.raises(SignInRefused) as refused:
        await sign_in(name, WRONG)
    return refused.value


async def spent(address: str) -> None:
    """All wrong tries of an address are made."""
    for _ in range(guards.ADDRESS_MAX_WRONG_TRIES):
        await guards.take_try_from(address, NOON)

"""Signing in: who gets in, what the others learn (nothing), and how often they may try."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from passlib.hash import argon2

from domain import contacts, passwords, second_factors, sessions
from domain.guards import SignInLocked
from domain.refusals import Refusal
from domain.sessions import SecondFactorRequired, SignedIn, SignInRefused
from models.people import ContactKind, Person, Role, SignInGuard
from models.sessions import Audience, Session, SessionToken
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

QUARTER = timedelta(minutes=15)
STEP = timedelta(seconds=30)


async def sign_in(name: str, password: str = PASSWORD, **changes: Any) -> SignedIn:
    asked: dict[str, Any] = {"audience": Audience.PUBLIC, "client": "test", "now": NOON}
    return await sessions.sign_in(name=name, password=password, **{**asked, **changes})


async def answer(name: str, password: str, **changes: Any) -> tuple[object, ...]:
    """All that somebody learns who is not let in."""
    with pytest.raises(Refusal) as refused:
        await sign_in(name, password, **changes)
    return type(refused.value), str(refused.value), vars(refused.value)


async def lin_with_an_app() -> tuple[Person, pyotp.TOTP]:
    lin = await registers.resident("lin", role=Role.AGENT)
    return lin, pyotp.TOTP(await second_factors.enrol(lin.id, NOON))


async def test_the_right_password_opens_a_session() -> None:
    ada = await registers.resident("ada")

    opened = await sign_in("ada")

    assert opened.person == ada
    assert await Session.get() == opened.session
    assert opened.tokens.access_expires_at == NOON + QUARTER
    assert (
        opened.tokens.session_expires_at == opened.session.expires_at == NOON + timedelta(days=30)
    )
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    assert (identity.person_id, identity.session_id) == (ada.id, opened.session.id)
    assert (identity.role, identity.audience, identity.locale) == (
        Role.CUSTOMER,
        Audience.PUBLIC,
        "en",
    )


async def test_tokens_say_what_they_are_and_are_kept_only_as_digests() -> None:
    await registers.resident("ada")

    tokens = (await sign_in("ada")).tokens

    assert tokens.access.startswith("upa_")
    assert tokens.refresh.startswith("upr_")
    assert len(tokens.access) == len(tokens.refresh) == 47
    kept = str(await registers.picture())
    assert tokens.access not in kept
    assert tokens.refresh not in kept
    assert tokens.access not in repr(tokens)
    assert tokens.refresh not in repr(tokens)


@pytest.mark.parametrize("name", ["ADA", "ada@example.org", "Ada@Example.org", "+86 138 0013 8000"])
async def test_any_name_that_was_proved_lets_its_owner_in(name: str) -> None:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    await registers.proved(ada, ContactKind.PHONE, "+8613800138000")

    assert (await sign_in(name)).person == ada


async def test_a_contact_that_was_not_proved_is_no_name() -> None:
    ada = await registers.resident("ada")
    await contacts.add(ada.id, ContactKind.EMAIL, "ada@example.org", NOON)

    with pytest.raises(SignInRefused):
        await sign_in("ada@example.org")


async def test_all_who_are_not_let_in_learn_the_same() -> None:
    await registers.resident("ada")
    await registers.resident("gone", closed_at=NOON)
    await registers.resident("lin", role=Role.AGENT)
    await factories.person("nopassword")

    answers = [
        await answer("ada", "wrong"),
        await answer("ada", ""),
        await answer("ada", "\ud800"),
        await answer("ada", "x" * 1_048_576),
        await answer("nobody", PASSWORD),
        await answer("nobody@example.org", PASSWORD),
        await answer("+8613800138000", PASSWORD),
        await answer("\x00\ud800", PASSWORD),
        await answer("gone", PASSWORD),
        await answer("lin", PASSWORD),
        await answer("nopassword", "!"),
        await answer("ada", PASSWORD, audience=Audience.DESK),
    ]

    assert answers == [(SignInRefused, "The name or the password is not right.", {})] * 12
    assert await Session.all().count() == await SessionToken.all().count() == 0


async def test_an_unknown_name_costs_what_a_wrong_password_costs() -> None:
    await registers.resident("ada")

    wrong, nobodys = await _cheapest("ada"), await _cheapest("nobody")

    assert wrong / 2 < nobodys < wrong * 2


@pytest.mark.parametrize("name", ["ada", "nobody", "nobody@example.org"])
async def test_after_ten_wrong_tries_nothing_is_looked_at_whether_or_not_the_name_is_known(
    name: str,
) -> None:
    await registers.resident("ada")

    answers = [(await answer(name, "wrong"))[0] for _ in range(10)]
    locked = [await answer(name, password) for password in ("wrong", PASSWORD)]

    assert answers == [SignInRefused] * 10
    assert locked == [(SignInLocked, "Too many wrong tries.", {"until": NOON + QUARTER})] * 2
    assert (await answer(name, "wrong", now=NOON + QUARTER))[0] is SignInRefused


async def test_the_lock_ends_by_itself() -> None:
    ada = await registers.resident("ada")
    for _ in range(10):
        await answer("ada", "wrong")

    early = await answer("ada", PASSWORD, now=NOON + QUARTER - timedelta(microseconds=1))
    opened = await sign_in("ada", now=NOON + QUARTER)

    assert early[0] is SignInLocked
    assert opened.person == ada


@pytest.mark.parametrize("name", ["ada", "nobody"])
async def test_of_two_hundred_guesses_at_once_exactly_ten_are_looked_at(name: str) -> None:
    await registers.resident("ada")

    answers = await asyncio.gather(
        *(sign_in(name, "wrong") for _ in range(200)), return_exceptions=True
    )

    kinds = [type(answer) for answer in answers]
    assert (kinds.count(SignInRefused), kinds.count(SignInLocked)) == (10, 190)


async def test_whoever_gets_in_starts_over() -> None:
    await registers.resident("ada")
    for _ in range(9):
        await answer("ada", "wrong")

    await sign_in("ada")

    assert [(await answer("ada", "wrong"))[0] for _ in range(10)] == [SignInRefused] * 10


async def test_all_names_of_one_person_share_their_ten_tries() -> None:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")

    for _ in range(5):
        await answer("ada", "wrong")
        await answer("ada@example.org", "wrong")

    assert (await answer("ada", PASSWORD))[0] is SignInLocked


async def test_guessing_at_one_person_locks_nobody_else() -> None:
    await registers.resident("ada")
    bob = await registers.resident("bob")

    for _ in range(11):
        await answer("ada", "wrong")

    assert (await sign_in("bob")).person == bob


async def test_a_guess_is_counted_even_when_whoever_made_it_hung_up() -> None:
    ada = await registers.resident("ada")

    guess = asyncio.create_task(sign_in("ada", "wrong"))
    while not await SignInGuard.exists(subject_id=ada.id):
        pass
    guess.cancel()
    await asyncio.gather(guess, return_exceptions=True)

    assert (await SignInGuard.get(subject_id=ada.id)).wrong_tries == 1


async def test_names_of_nobody_cannot_fill_the_database() -> None:
    for number in range(3):
        await answer(f"nobody{number}", "wrong")

    assert all(guard.subject_id.int < 65_536 for guard in await SignInGuard.all())


async def test_the_desk_wants_a_second_factor() -> None:
    lin, totp = await lin_with_an_app()

    asked = await answer("lin", PASSWORD, audience=Audience.DESK)
    wrong = await answer("lin", PASSWORD, audience=Audience.DESK, totp="000000")
    opened = await sign_in("lin", audience=Audience.DESK, totp=totp.at(NOON))

    assert asked[0] is SecondFactorRequired
    assert wrong[0] is SignInRefused
    assert opened.person == lin
    assert opened.session.audience is Audience.DESK


async def test_an_agent_who_never_set_up_an_app_does_not_get_in() -> None:
    await registers.resident("lin", role=Role.AGENT)

    assert (await answer("lin", PASSWORD, audience=Audience.DESK))[0] is SecondFactorRequired
    assert (await answer("lin", PASSWORD, audience=Audience.DESK, totp="000000"))[0] is (
        SignInRefused
    )


async def test_a_customer_who_set_up_an_app_needs_it() -> None:
    ada = await registers.resident("ada")
    totp = pyotp.TOTP(await second_factors.enrol(ada.id, NOON))

    assert (await answer("ada", PASSWORD))[0] is SecondFactorRequired
    assert (await sign_in("ada", totp=totp.at(NOON))).person == ada


async def test_whether_a_second_factor_is_needed_is_told_only_to_who_knows_the_password() -> None:
    await lin_with_an_app()

    assert (await answer("lin", "wrong", audience=Audience.DESK))[0] is SignInRefused
    assert (await answer("lin", PASSWORD))[0] is SignInRefused


async def test_a_code_lets_somebody_in_once() -> None:
    _, totp = await lin_with_an_app()
    await sign_in("lin", audience=Audience.DESK, totp=totp.at(NOON))

    again = await answer("lin", PASSWORD, audience=Audience.DESK, totp=totp.at(NOON))

    assert again[0] is SignInRefused
    assert await Session.all().count() == 1


async def test_a_right_password_without_a_code_gives_no_tries_back() -> None:
    await lin_with_an_app()

    answers = [(await answer("lin", PASSWORD, audience=Audience.DESK))[0] for _ in range(11)]

    assert answers == [SecondFactorRequired] * 10 + [SignInLocked]


async def test_a_password_kept_at_a_former_cost_is_kept_at_todays_after_signing_in() -> None:
    former = str(argon2.using(type="ID", memory_cost=8_192, time_cost=1).hash(PASSWORD))
    ada = await factories.person("ada", password_hash=former)
    await answer("ada", "wrong")
    unchanged = (await Person.get(id=ada.id)).password_hash

    await sign_in("ada")

    kept = (await Person.get(id=ada.id)).password_hash
    assert unchanged == former
    assert not passwords.is_outdated(kept)
    assert await passwords.is_right(PASSWORD, kept)


@pytest.mark.parametrize(
    ("client", "kept"),
    [
        ("uPay 1.2 (iPhone)", "uPay 1.2 (iPhone)"),
        ("a\x00b\nc\ud800", "abc"),
        ("x" * 999, "x" * 200),
    ],
)
async def test_what_a_client_calls_itself_is_kept_as_far_as_it_can_be_shown(
    client: str, kept: str
) -> None:
    await registers.resident("ada")

    await sign_in("ada", client=client)

    assert (await Session.get()).client == kept


async def _cheapest(name: str) -> float:
    """CPU seconds of the cheapest of five refusals."""
    costs = []
    for _ in range(5):
        began = time.process_time()
        await answer(name, "wrong")
        costs.append(time.process_time() - began)
    return min(costs)

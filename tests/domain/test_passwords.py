"""Passwords: which may be chosen, how they are kept, and that checking them stops nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from passlib.hash import argon2

from domain import passwords
from domain.passwords import PasswordTooWeak

GOOD = "correct horse 7 battery"


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "abcdefghij1!",
        "密码很长很长很长很长1!密",
        "ａｂｃｄｅｆｇｈｉｊ１！",
        "a1!" + "x" * 1_021,
    ],
)
def test_a_long_password_of_three_kinds_may_be_chosen(password: str) -> None:
    passwords.check(password, account_name="ada")


@pytest.mark.parametrize(
    ("password", "reasons"),
    [
        ("", ["short", "letters", "digits", "symbols"]),
        ("abcdefghi1!", ["short"]),
        ("123456789012!", ["letters"]),
        ("abcdefghijkl!", ["digits"]),
        ("abcdefghijkl1", ["symbols"]),
        ("my-ada-password-1", ["name"]),
        ("my-ADA-password-1", ["name"]),
        ("my-ＡＤＡ-password-1", ["name"]),
        ("a1!" + "x" * 1_022, ["long"]),
        ("a1!" + "王" * 341, ["long"]),
        ("a1!" + "\ufdfa" * 100, ["long"]),  # one character that becomes eighteen
    ],
)
def test_a_password_is_refused_with_every_reason(password: str, reasons: list[str]) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        passwords.check(password, account_name="ada")

    assert refused.value.reasons == reasons


async def test_a_password_is_kept_as_argon2id_with_the_cost_that_was_decided() -> None:
    kept = await passwords.hashed(GOOD)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert GOOD not in kept
    assert kept != await passwords.hashed(GOOD)
    assert not passwords.is_outdated(kept)


async def test_only_the_right_password_is_right() -> None:
    kept = await passwords.hashed(GOOD)

    assert await passwords.is_right(GOOD, kept)
    assert not await passwords.is_right(GOOD + " ", kept)
    assert not await passwords.is_right(GOOD.upper(), kept)
    assert not await passwords.is_right("", kept)
    assert not await passwords.is_right("\ud800", kept)


async def test_a_password_is_right_from_whatever_keyboard_it_comes() -> None:
    kept = await passwords.hashed("caf\u00e9 horse 7 １２３")

    assert await passwords.is_right("cafe\u0301 horse 7 123", kept)


@pytest.mark.parametrize("kept", [None, "", "!"])
async def test_whoever_has_no_password_cannot_be_right(kept: str | None) -> None:
    assert not await passwords.is_right(GOOD, kept)


@pytest.mark.parametrize("kept", [None, "!"])
async def test_nobodys_password_costs_as_much_as_a_wrong_one(kept: str | None) -> None:
    right = await passwords.hashed(GOOD)
    await passwords.is_right(GOOD, None)

    wrong = await _cheapest(lambda: passwords.is_right("wrong", right))
    nobodys = await _cheapest(lambda: passwords.is_right("wrong", kept))

    assert wrong / 2 < nobodys < wrong * 2


async def test_a_mebibyte_of_password_is_refused_without_being_hashed() -> None:
    kept, flood = await passwords.hashed(GOOD), "a1!" + "x" * 1_048_576

    wrong = await _cheapest(lambda: passwords.is_right("wrong", kept))
    flooding = await _cheapest(lambda: passwords.is_right(flood, kept))

    assert not await passwords.is_right(flood, kept)
    assert flooding < wrong / 4
    with pytest.raises(PasswordTooWeak):
        passwords.check(flood, account_name="ada")


async def test_whatever_was_kept_at_another_cost_is_outdated_and_still_right() -> None:
    kept = str(argon2.using(type="ID", memory_cost=8_192, time_cost=1, parallelism=1).hash(GOOD))

    assert await passwords.is_right(GOOD, kept)
    assert passwords.is_outdated(kept)


async def test_others_are_served_while_passwords_are_hashed() -> None:
    hashing = asyncio.gather(*(passwords.hashed(GOOD) for _ in range(3)))
    turns = 0

    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1

    assert len(set(await hashing)) == 3
    assert turns > 100


async def _cheapest(work: Callable[[], Awaitable[object]]) -> float:
    """CPU seconds of the cheapest of five: a busy machine makes some dearer, and none cheaper."""
    costs = []
    for _ in range(5):
        began = time.process_time()
        await work()
        costs.append(time.process_time() - began)
    return min(costs)

"""Passwords: which may be chosen, how they are kept, and that checking them stops nobody else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from passlib.hash import argon2

from domain import passwords
from domain.passwords import Owner, PasswordTooWeak, Policy, Profile

GOOD = "correct horse 7 battery"


@pytest.fixture
def nist() -> Iterator[None]:
    passwords.install(Policy(Profile.NIST))
    yield
    passwords.install(None)


async def reasons(password: str, **known: Any) -> list[str]:
    """Why `password` may not be chosen; nothing when it may."""
    try:
        await passwords.check(password, Owner(**known))
    except PasswordTooWeak as refusal:
        return [reason.value for reason in refusal.reasons]
    return []


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "我的猫昨天睡在树上 1 整天",
        "ｋｄ７ｍ－ｘｗ２ｖ－９ｆｔｒ",
        "kd7m xw2v 9f\u0000tr",
        "kd7m\U0001f600xw2v9ftr",
        "".join(f"{word} {word * 7} " for word in range(3, 40))[:255] + "x",
        "a passphrase of a good ninety characters, which is what ASVS wants 1 to be able to choose",
    ],
)
async def test_a_long_password_of_three_kinds_may_be_chosen(password: str) -> None:
    assert await reasons(password, account_name="ada") == []


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("", ["short", "letters", "digits", "symbols"]),
        ("kd7m-xw2v-9", ["short"]),
        ("730184926150!", ["letters"]),
        ("kdwmexwzvjut!", ["digits"]),
        ("kdwmexwzvjut7", ["symbols"]),
        ("my-ada-password-1", ["name"]),
        ("my-ADA-password-1", ["name"]),
        ("my-ＡＤＡ-password-1", ["name"]),
        ("love-lovelace-1", ["display_name"]),
        ("the 王小明 password 1", ["display_name"]),
        ("countess-2-and-more", ["email"]),
        ("my uPay password 1", ["brand"]),
        ("abcdefghij1!", ["pattern"]),
        ("asdfghjkl-0987-", ["common"]),
        ("passwordpassword1!", ["common"]),
        ("zxcvb-09876-qwert!", ["pattern"]),
        ("aaaaaaaaaaa1!", ["pattern"]),
        ("kite1!kite1!kite1!", ["pattern"]),
        ("qwertyuiop1!", ["common"]),
        ("Password2024!!", ["common"]),
        ("P@ssw0rd2024!", ["common"]),
        ("$hadow-99-!!!", ["common"]),
        ("monkey 1234 ....", ["common"]),
        ("k7-" + "x" * 254, ["long"]),
        ("a1!" + "王" * 341, ["long"]),
        ("a1!" + "\ufdfa" * 100, ["long"]),  # one character that becomes eighteen
    ],
)
async def test_a_password_is_refused_with_every_reason(password: str, broken: list[str]) -> None:
    known = {
        "account_name": "ada",
        "display_name": "Ada Lovelace 王小明",
        "emails": ("countess@example.org", "a@example.org"),
    }

    assert await reasons(password, **known) == broken


@pytest.mark.parametrize(
    ("password", "has_second_factor", "broken"),
    [
        ("kdwmexwzvjutbre", False, []),
        ("kdwmexwzvjutbr", False, ["short"]),
        ("kdwmexwz", True, []),
        ("kdwmexw", True, ["short"]),
        ("kdwabcde", True, ["pattern"]),
        ("passwordpassword", False, ["common"]),
        ("1qaz2wsx3edc4rfv", False, ["common"]),
        ("countess-lovelace", False, ["email"]),
    ],
)
async def test_by_nist_length_alone_counts_and_a_second_factor_halves_it(
    nist: None, password: str, has_second_factor: bool, broken: list[str]
) -> None:
    known = {"emails": ("countess@example.org",), "has_second_factor": has_second_factor}

    assert await reasons(password, **known) == broken


async def test_what_is_suggested_may_always_be_chosen() -> None:
    suggested = {passwords.suggestion("ada") for _ in range(50)}

    assert len(suggested) == 50
    for each in suggested:
        assert await reasons(each, account_name="ada") == []


async def test_a_password_is_compared_to_its_last_character() -> None:
    kept = await passwords.hashed("x" * 72 + "one")

    assert not await passwords.is_right("x" * 72 + "two", kept)
    assert not await passwords.is_right("x" * 72, kept)
    assert await passwords.is_right("x" * 72 + "one", kept)
    assert not await passwords.is_right("kd7m\0other", await passwords.hashed("kd7m\0one"))


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
    refusing = await _cheapest(lambda: reasons(flood))
    assert await reasons(flood) == ["long"]
    assert refusing < wrong / 4


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

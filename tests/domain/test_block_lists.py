"""What an operator refuses: words that are held, and breached passwords that are looked up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha1
from pathlib import Path

import pytest

from domain import passwords
from domain.passwords import BlockListUnusable, Owner, PasswordTooWeak, Policy, Reason

COUNT = 1_000


def digest(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "block-list.txt"


@pytest.fixture(autouse=True)
def usual_policy() -> Iterator[None]:
    yield
    passwords.install(None)


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("count", ["", ":{}"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_every_breached_password_is_found_and_no_other(
    file: Path, ending: str, count: str, is_ended: bool
) -> None:
    listed = sorted(digest(f"word {each}") for each in range(COUNT))
    lines = [hash + count.format(10 ** (place % 8)) for place, hash in enumerate(listed)]
    file.write_bytes((ending.join(lines) + (ending if is_ended else "")).encode())

    with closing(passwords.block_list(file)) as block_list:
        found = [block_list.holds(f"word {each}") for each in range(COUNT)]
        strangers = [block_list.holds(f"other {each}") for each in range(COUNT)]

    assert all(found)
    assert not any(strangers)


@pytest.mark.parametrize("length", [1, 2, 3])
def test_the_shortest_lists_are_searched_as_well(file: Path, length: int) -> None:
    words = sorted((f"word {each}" for each in range(9)), key=digest)
    file.write_text("\n".join(digest(word).lower() for word in words[:length]))

    with closing(passwords.block_list(file)) as block_list:
        assert [block_list.holds(word) for word in words] == [True] * length + [False] * (
            9 - length
        )


def test_words_are_compared_without_regard_to_capitals(file: Path) -> None:
    file.write_text("Harbour-Street-9\n\n  straße am meer 1  \n", "utf-8")

    with closing(passwords.block_list(file)) as block_list:
        assert block_list.holds("HARBOUR-street-9")
        assert block_list.holds("STRASSE AM MEER 1")
        assert not block_list.holds("harbour-street-8")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"\xff\xfe\x00", "it is not text in UTF-8"),
        (b"\n".join(b"%040X" % each for each in range(300, 0, -1)), "not sorted"),
        (b"%040X\n" % 7 + b"a word among them\n" * 90, "not every line of it is a SHA-1"),
        (b"word\n" * 3_400_000, "larger than 16 MiB"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(file: Path, content: bytes, why: str) -> None:
    file.write_bytes(content)

    with pytest.raises(BlockListUnusable, match=why):
        passwords.block_list(file)


def test_a_file_that_is_not_there_says_so(file: Path) -> None:
    with pytest.raises(BlockListUnusable, match="No such file"):
        passwords.block_list(file)


@pytest.fixture
def words(file: Path) -> Iterator[None]:
    """A policy that refuses one word."""
    file.write_text("river-stone-42x\n")
    with closing(passwords.block_list(file)) as block_list:
        passwords.install(Policy(block_list=block_list))
        yield


async def test_what_the_operator_lists_nobody_may_choose(words: None) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        await passwords.check("River-Stone-42x", Owner())

    await passwords.check("river-stone-43x", Owner())

    assert refused.value.reasons == [Reason.LISTED]

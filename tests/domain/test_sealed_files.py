"""Sealed files: only the server's keys open them, and a change of keys keeps them open."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.exceptions import InvalidTag
from tortoise.exceptions import DoesNotExist, IntegrityError

from domain import key_uses, sealed_files, secrets
from domain.key_uses import KeyUse
from domain.sealed_files import PART_BYTES
from models.sealed_files import SealedFile, SealedPart
from tests.moments import NOON
from tests.server.test_key_rotation import AFTER, ALONE, BEFORE

pytestmark = pytest.mark.usefixtures("database")

SAID = b"nobody reads this in the database"


@pytest.mark.parametrize("length", [0, 1, PART_BYTES - 1, PART_BYTES, 2 * PART_BYTES + 7])
async def test_what_was_sealed_comes_out_as_it_went_in(length: int) -> None:
    plain = bytes(number % 251 for number in range(length))

    file = await sealed_files.keep(plain, NOON)

    assert await sealed_files.whole(file.id) == plain
    parts = await SealedPart.filter(file_id=file.id).order_by("number")
    assert [len(part.sealed) - 16 for part in parts] == [
        min(PART_BYTES, length - start) for start in range(0, length, PART_BYTES)
    ]


async def test_the_database_alone_tells_nothing_of_it() -> None:
    file = await sealed_files.keep(SAID, NOON)

    part = await SealedPart.get(file_id=file.id)

    assert SAID not in part.sealed
    assert SAID not in (await SealedFile.get(id=file.id)).sealed_key


async def test_a_part_moved_to_another_file_or_another_place_is_noticed() -> None:
    mine, other = await sealed_files.keep(SAID, NOON), await sealed_files.keep(SAID, NOON)
    part = await SealedPart.get(file_id=other.id)

    await SealedPart.filter(file_id=mine.id).update(sealed=part.sealed)

    with pytest.raises(InvalidTag):
        await sealed_files.whole(mine.id)
    await SealedPart.create(file_id=other.id, number=1, sealed=part.sealed)
    with pytest.raises(InvalidTag):
        await sealed_files.whole(other.id)


async def test_no_part_is_written_twice_or_to_a_file_that_is_gone() -> None:
    file = await sealed_files.keep(SAID, NOON)

    with pytest.raises(IntegrityError):
        await sealed_files.add(file, 0, b"another")
    await sealed_files.remove(file.id)
    with pytest.raises(IntegrityError):
        await sealed_files.add(file, 1, b"more")

    with pytest.raises(DoesNotExist):
        await sealed_files.whole(file.id)
    assert await SealedPart.all().count() == 0


async def test_files_are_sealed_anew_in_batches_without_touching_what_is_in_them() -> None:
    secrets.install(BEFORE)
    kept = [await sealed_files.keep(bytes([number]), NOON) for number in range(5)]
    before = await SealedPart.all().order_by("file_id").values_list("sealed", flat=True)
    secrets.install(AFTER)

    sealed = [await sealed_files.reseal(limit=2) for _ in range(4)]

    assert sealed == [2, 2, 1, 0]
    assert await key_uses.counted() == [KeyUse(place="sealed_files", key_id="new", rows=5)]
    assert await SealedPart.all().order_by("file_id").values_list("sealed", flat=True) == before
    secrets.install(ALONE)
    for number, file in enumerate(kept):
        assert await sealed_files.whole(file.id) == bytes([number])


async def test_a_file_can_be_read_while_it_is_sealed_anew() -> None:
    secrets.install(BEFORE)
    kept = [await sealed_files.keep(SAID, NOON) for _ in range(20)]
    secrets.install(AFTER)

    *read, _, _ = await asyncio.gather(
        *(sealed_files.whole(file.id) for file in kept),
        sealed_files.reseal(limit=20),
        sealed_files.reseal(limit=20),
    )

    assert read == [SAID] * 20


async def test_files_of_a_lost_key_are_taken_away_with_it() -> None:
    secrets.install(BEFORE)
    await sealed_files.keep(SAID, NOON)

    gone = await key_uses.forget("old")

    assert gone == 1
    assert await SealedPart.all().count() == 0

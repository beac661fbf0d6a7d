"""Sealed files: kept in parts that only the server's keys open; none is ever whole in memory.

Each file has a key of its own, and that key is sealed with the server's. A change of the server's
keys therefore seals a few bytes anew for each file, not the file; and a file whose row is gone can
be opened by nobody, whatever became of its parts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise.connection import get_connection

from domain import secrets
from domain.decisions import decision
from models.ids import new_id
from models.sealed_files import SealedFile, SealedPart

PART_BYTES: Final = 262_144
"""How much of a file a part holds at most, before it is sealed."""

_PURPOSE: Final = "sealed-file"
_KEY_BITS: Final = 256
# Each key seals every part once, so the number of the part is a nonce that never comes twice.
_NONCE_BYTES: Final = 12


async def begin(now: datetime) -> SealedFile:
    """An empty file."""
    key = AESGCM.generate_key(_KEY_BITS)
    return await SealedFile.create(
        id=new_id(), sealed_key=secrets.seal(_PURPOSE, key), created_at=now
    )


async def add(file: SealedFile, number: int, plain: bytes) -> None:
    """Adds a part; they are numbered from 0, and none is added twice.

    Raises:
        IntegrityError: the file is gone, or has this part.
    """
    sealed = await asyncio.to_thread(_cipher(file).encrypt, _nonce(number), plain, file.id.bytes)
    await SealedPart.create(file_id=file.id, number=number, sealed=sealed)


async def keep(plain: bytes, now: datetime) -> SealedFile:
    """A file that holds all of `plain`; joins the caller's decision."""
    file = await begin(now)
    for number, start in enumerate(range(0, len(plain), PART_BYTES)):
        await add(file, number, plain[start : start + PART_BYTES])
    return file


async def parts(file_id: UUID) -> AsyncIterator[bytes]:
    """What the file holds, a part at a time; each is read when it is asked for.

    Raises:
        DoesNotExist: there is no such file, from the beginning or by now.
        InvalidTag: it was tampered with, or its key is not on the keyring.
    """
    file = await SealedFile.get(id=file_id)
    number = 0
    while part := await SealedPart.get_or_none(file_id=file_id, number=number):
        yield await asyncio.to_thread(
            _cipher(file).decrypt, _nonce(number), part.sealed, file_id.bytes
        )
        number += 1


async def whole(file_id: UUID) -> bytes:
    """All of a small file at once; raises as `parts` does."""
    return b"".join([part async for part in parts(file_id)])


async def remove(*file_ids: UUID) -> None:
    """Takes files away, and what stands for nothing without them; joins the caller's decision."""
    await SealedFile.filter(id__in=file_ids).delete()


# Whoever is removing one at this moment is not waited for.
_SEALED_BEFORE: Final = """
    SELECT id, sealed_key FROM sealed_files
    WHERE substr(sealed_key, 2, get_byte(sealed_key, 0)) = ANY ($1)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""


async def reseal(*, limit: int) -> int:
    """Seals the keys of up to `limit` files with the server's current one; returns how many.

    0 means that none is left whose key is on the keyring, but for those being changed just now.

    Raises:
        InvalidTag: a key was not sealed with the server's key of that id; this batch stays as it
            was.
    """
    older = [key_id.encode() for key_id in secrets.key_ids()[1:]]
    async with decision():
        rows = await get_connection("default").execute_query_dict(_SEALED_BEFORE, [older, limit])
        for row in rows:
            key = secrets.unseal(_PURPOSE, row["sealed_key"])
            await SealedFile.filter(id=row["id"]).update(sealed_key=secrets.seal(_PURPOSE, key))
    return len(rows)


def _cipher(file: SealedFile) -> AESGCM:
    return AESGCM(secrets.unseal(_PURPOSE, file.sealed_key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(_NONCE_BYTES)

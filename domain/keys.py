"""Idempotency keys: one key of one person answers one question, for ever the same way."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from domain.refusals import KeyReused, Refusal
from models.movements import IdempotencyKey, Movement

MAX_LENGTH: Final = 64
SYSTEM: Final = UUID(int=0)
"""The owner of keys that the house gives itself, such as one per provider's answer."""


class KeyInvalid(Refusal):
    """An idempotency key is 1 to 64 visible ASCII characters."""

    def __init__(self) -> None:
        super().__init__("An idempotency key is 1 to 64 visible ASCII characters.")


def checked(key: str) -> str:
    """The key as it is kept.

    Raises:
        KeyInvalid: it is empty, too long, or has characters that cannot be seen.
    """
    if not 1 <= len(key) <= MAX_LENGTH or not all("!" <= char <= "~" for char in key):
        raise KeyInvalid
    return key


def digest(operation: str, *words: object) -> bytes:
    """What a key was given for: SHA-256 over the operation and its words, each with its length.

    Proofs (PIN, passkey) are never among the words: a retry may prove anew.
    """
    hashed = hashlib.sha256()
    for word in (operation, *words):
        text = str(word).encode()
        hashed.update(len(text).to_bytes(4) + text)
    return hashed.digest()


async def answered(owner_id: UUID, key: str) -> Movement | None:
    """What became of a key: the movement it was used for, or None when it never was."""
    try:
        used = await IdempotencyKey.get_or_none(owner_id=owner_id, key=checked(key))
    except KeyInvalid:
        return None
    return None if used is None else await Movement.get(id=used.movement_id)


async def replay(owner_id: UUID, key: str, words: bytes) -> Movement | None:
    """The movement this key already answered with, or None when it is unused.

    Raises:
        KeyReused: it was given for something else.
    """
    used = await IdempotencyKey.get_or_none(owner_id=owner_id, key=key)
    if used is None:
        return None
    if used.digest != words:
        raise KeyReused
    return await Movement.get(id=used.movement_id)

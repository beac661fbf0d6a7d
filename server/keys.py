"""The server's secret keys: as people write them, and as demo and test keep them."""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.secrets import Keyring
from server import private_files
from server.refusals import Refused

KEY_BYTES: Final = 32
FILE: Final = "keys.json"

_ID: Final = re.compile(r"[a-z0-9-]{1,16}")
_MADE_HERE: Final = ("demo-", "test-")


@dataclass(frozen=True, slots=True)
class SecretKey:
    """One key with the id under which the database remembers it."""

    id: str
    value: bytes = field(repr=False)

    @property
    def is_made_here(self) -> bool:
        """Whether uPay made it by itself, for people and money that are not real."""
        return self.id.startswith(_MADE_HERE)

    @property
    def text(self) -> str:
        """The key as `parsed` reads it."""
        return f"{self.id}:{base64.b64encode(self.value).decode()}"


def keyring(keys: Sequence[SecretKey]) -> Keyring:
    """The keys as a process holds them, the first one in use."""
    return Keyring(current=keys[0].id, keys={key.id: key.value for key in keys})


def new(prefix: str = "") -> SecretKey:
    """A fresh key. Its id is random too, so that no two servers' keys are taken for each other."""
    return SecretKey(f"{prefix}{secrets.token_hex(4)}", secrets.token_bytes(KEY_BYTES))


def parsed(text: str) -> tuple[SecretKey, ...]:
    """The keys in a text such as `2026b:c2Vj…,2026a:cmV0…`, the one in use first.

    Raises:
        ValueError: what is wrong, without any part of a key.
    """
    keys = tuple(_key(part.strip()) for part in text.split(",") if part.strip())
    if len({key.id for key in keys}) < len(keys):
        raise ValueError("two of its keys have the same id")
    return keys


def kept(folder: Path, *, mode: str) -> tuple[SecretKey, ...]:
    """The keys in the data folder, made there the first time (readable by their owner only).

    Raises:
        Refused: the file is not readable, or is gone while the data it opens are there.
    """
    file = folder / FILE
    if not file.exists() and (folder / "postgres").exists():
        raise _lost(file, "is missing")
    try:
        return read(private_files.kept(file, lambda: written([new(f"{mode}-")])))
    except (OSError, ValueError, TypeError) as error:
        raise _lost(file, "cannot be read") from error


def read(words: str) -> tuple[SecretKey, ...]:
    """The keys in what a file of keys says, the one in use first.

    Raises:
        ValueError, TypeError: it is no such file.
    """
    keys = parsed(",".join(json.loads(words)))
    if not keys:
        raise ValueError("it holds no key")
    return keys


def written(keys: Sequence[SecretKey]) -> str:
    """What a file says that `read` reads."""
    return json.dumps([key.text for key in keys])


def keep(folder: Path, keys: Sequence[SecretKey]) -> None:
    """Makes the data folder's file hold these keys, the one in use first.

    Raises:
        OSError: it cannot be written.
    """
    private_files.write(folder / FILE, written(keys))


def _key(text: str) -> SecretKey:
    name, _, encoded = text.partition(":")
    if not _ID.fullmatch(name):
        raise ValueError("each key must be id:base64, with an id of 1 to 16 of a-z, 0-9 and -")
    try:
        value = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"the key {name} is not in base64") from None
    if len(value) != KEY_BYTES:
        raise ValueError(f"the key {name} must be {KEY_BYTES} bytes in base64")
    return SecretKey(name, value)


def _lost(file: Path, what: str) -> Refused:
    return Refused(
        f"The keys of these data, {file}, are not to be had (the file {what}): bring it back from "
        "a backup, or move the data folder away to begin with an empty one."
    )

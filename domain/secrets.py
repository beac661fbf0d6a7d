"""The server's own keys: what is signed or sealed with them, never the keys themselves."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16

_installed: Keyring | None = None


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys of at least 32 bytes by id; new work is done with `current`, old work stays readable."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)
    _subkeys: dict[tuple[str, str], bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.current not in self.keys or any(len(key) < 32 for key in self.keys.values()):
            raise ValueError("A keyring holds its current key, and keys of at least 32 bytes.")

    def subkey(self, purpose: str, key_id: str) -> bytes:
        """The key of one purpose; derived once, because payments need the same ones all day."""
        found = self._subkeys.get((purpose, key_id))
        if found is None:
            found = hmac.digest(self.keys[key_id], f"uPay/{purpose}".encode(), hashlib.sha256)
            self._subkeys[purpose, key_id] = found
        return found


def install(keyring: Keyring | None) -> None:
    """Makes `keyring` the one this process works with; None takes it away."""
    global _installed
    _installed = keyring


def current_key_id() -> str:
    """The id to keep beside what was made with `mac`, so that it can be checked after a change."""
    return _keyring().current


def key_ids() -> tuple[str, ...]:
    """The ids of all keys on the keyring, the current one first."""
    ring = _keyring()
    return (ring.current, *(key_id for key_id in ring.keys if key_id != ring.current))


def mac(purpose: str, message: bytes, *, key_id: str | None = None) -> bytes:
    """HMAC-SHA256 of `message` with a key of its own for each purpose; 32 bytes."""
    return hmac.digest(_subkey(purpose, key_id or current_key_id()), message, "sha256")


def seal(purpose: str, plain: bytes) -> bytes:
    """`plain` encrypted and authenticated (AES-256-GCM), with the key's id in front."""
    key_id = current_key_id()
    name = key_id.encode()
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_subkey(purpose, key_id)).encrypt(nonce, plain, name)
    return bytes([len(name)]) + name + nonce + sealed


def unseal(purpose: str, sealed: bytes) -> bytes:
    """What was sealed for the same purpose.

    Raises:
        InvalidTag: it was tampered with, or its key is not on the keyring.
    """
    key_id = sealed_with(sealed)
    name = key_id.encode()
    rest = sealed[1 + len(name) :]
    if key_id not in _keyring().keys or len(rest) < NONCE_BYTES + TAG_BYTES:
        raise InvalidTag
    subkey = _subkey(purpose, key_id)
    return AESGCM(subkey).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], name)


def sealed_with(sealed: bytes) -> str:
    """The id of the key that something was sealed with, whether or not it is on the keyring."""
    length = sealed[0] if sealed else 0
    return sealed[1 : 1 + length].decode(errors="replace")


def is_same(shown: str, kept: str) -> bool:
    """Whether two texts are the same, without telling by time where they differ."""
    return hmac.compare_digest(as_bytes(shown), as_bytes(kept))


def as_bytes(text: str) -> bytes:
    """Any text that JSON can carry, halves of a surrogate pair included: all of it can be shown."""
    return text.encode(errors="surrogatepass")


def _subkey(purpose: str, key_id: str) -> bytes:
    return _keyring().subkey(purpose, key_id)


def _keyring() -> Keyring:
    if _installed is None:
        raise RuntimeError("No keyring is installed: call domain.secrets.install(...) at start.")
    return _installed

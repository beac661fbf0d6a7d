"""What a backup says of itself: of which uPay it is, what it needs, what must be in it."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from server.keys import SecretKey
from server.refusals import Refused

FORMAT: Final = 1
FINGERPRINT_LENGTH: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class NeededKey:
    """A key without which the data are not whole; `fingerprint` is None if it was lost already."""

    id: str
    fingerprint: str | None
    uses: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file in the backup: its length in bytes and its SHA-256 (hex)."""

    length: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Everything that is known of a backup without opening its dump.

    `facts` are the counts, the sums and the head of the chain in the same snapshot as the dump.
    """

    format: int = FORMAT
    upay: str
    made_at: str
    mode: str
    postgresql: str
    dumped_by: int
    migrations: Sequence[str]
    tables: Sequence[str]
    facts: Mapping[str, Any]
    keys: Sequence[NeededKey]
    dump: Part

    def text(self) -> bytes:
        """As it is kept."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Raises:
        ValueError: this is no manifest that can be read.
        Refused: it was written by a newer uPay.
        """
        try:
            words = json.loads(text)
            if words["format"] > FORMAT:
                raise Refused(
                    "The backup was made by a newer uPay, in a form that this one cannot read: "
                    f"restore it with uPay {words['upay']} or newer."
                )
            keys = [NeededKey(**key) for key in words.pop("keys")]
            return cls(keys=keys, dump=Part(**words.pop("dump")), **words)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("the manifest lacks something") from error


def seal(text: bytes, key: SecretKey) -> bytes:
    """What binds a manifest to the server that made it: who has no key can alter no backup."""
    return f"{key.id}:{_mac('seal', text, key)}".encode()


def is_sealed(text: bytes, sealed: bytes, keys: Sequence[SecretKey]) -> bool:
    """Whether one of the keys sealed just this manifest."""
    return any(hmac.compare_digest(sealed, seal(text, key)) for key in keys)


def fingerprint(key: SecretKey) -> str:
    """Tells two keys apart, and nothing of either."""
    return _mac("fingerprint", key.id.encode(), key)[:FINGERPRINT_LENGTH]


def refuse_keys(manifest: Manifest, keys: Sequence[SecretKey]) -> None:
    """Raises:
    Refused: a key that the backup needs is missing, or another one has its id.
    """
    known = {key.id: fingerprint(key) for key in keys}
    for needed in manifest.keys:
        if needed.fingerprint is None:
            continue
        if needed.id not in known:
            raise Refused(
                f"The backup needs the key {needed.id}, which is not among the secret keys: bring "
                "it from where it is kept."
            )
        if known[needed.id] != needed.fingerprint:
            raise Refused(
                f"The key {needed.id} is another one than that of the backup, under the same id: "
                "bring the right one from where it is kept."
            )


def _mac(purpose: str, message: bytes, key: SecretKey) -> str:
    own = hmac.digest(key.value, f"uPay/backup/{purpose}".encode(), "sha256")
    return hmac.digest(own, message, "sha256").hex()

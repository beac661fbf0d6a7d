"""The relying party: for whom this server's passkeys are made, and on which pages they count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

_installed: RelyingParty | None = None


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id` is a domain: a device keeps its passkeys apart by it, so another one finds none of them.

    `origins` are the pages that may ask for them, as browsers spell them.
    """

    id: str
    name: str
    origins: tuple[str, ...]

    @classmethod
    def at(
        cls, public_url: str, *, domain: str | None = None, allowed_origins: Sequence[str] = ()
    ) -> Self:
        """The one of a server that is reached at `public_url`; `domain` is its host or above it."""
        parts = urlsplit(public_url)
        own = f"{parts.scheme}://{parts.netloc}"
        host = parts.hostname or "localhost"
        return cls(domain or host, "uPay", tuple(dict.fromkeys((own, *allowed_origins))))


def install(relying_party: RelyingParty | None) -> None:
    """Makes it the one this process works for; None takes it away."""
    global _installed
    _installed = relying_party


def installed() -> RelyingParty:
    """The one this process works for."""
    if _installed is None:
        raise RuntimeError("No relying party is installed: call passkeys.install(...) at start.")
    return _installed

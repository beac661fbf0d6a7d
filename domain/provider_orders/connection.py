"""Which provider this process moves money through, if any."""

from __future__ import annotations

_provider: str | None = None


def install(provider: str | None) -> None:
    """Says which provider money is meant for; with None nothing is asked of any."""
    global _provider
    _provider = provider


def connected() -> str | None:
    """The name of the provider; None where there is none."""
    return _provider

"""Limits that nobody in a benchmark meets; they are counted all the same."""

from __future__ import annotations

from pathlib import Path

from domain.limits import LEVELS, policies
from domain.limits.policies import MAX_PAYMENTS, Policy
from domain.money import EXPONENTS, MAX_MINOR_UNITS

_GENEROUS = {
    **dict.fromkeys(("single", "day", "month", "year"), MAX_MINOR_UNITS),
    "payments_per_day": MAX_PAYMENTS,
}


def policy() -> Policy:
    return policies.parse(_text())


def write(folder: Path) -> Path:
    """Writes the policy file and says where it is."""
    path = folder / "limits.toml"
    path.write_text(_text(), "utf-8")
    return path


def _text() -> str:
    limits = "".join(f"{name} = {limit}\n" for name, limit in _GENEROUS.items())
    return "".join(
        f"[level.{level}.{currency}]\n{limits}" for level in LEVELS for currency in EXPONENTS
    )

"""What a password must be on this server: one policy, installed when the server starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from domain.passwords.block_lists import BlockList

MAX_LENGTH: Final = 256
"""Characters; a passphrase of forty words fits."""


class Profile(StrEnum):
    """Which school of rules a server follows; docs/operate/passwords.md compares the two."""

    CLASSES = "classes"
    NIST = "nist"


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one profile; `block_list` holds what the operator refuses besides."""

    profile: Profile = Profile.CLASSES
    block_list: BlockList | None = None

    def min_length(self, *, has_second_factor: bool) -> int:
        """How many characters a password has at the least."""
        if self.needs_classes:
            return 12
        return 8 if has_second_factor else 15

    @property
    def needs_classes(self) -> bool:
        """Whether a password holds letters, digits and symbols."""
        return self.profile is Profile.CLASSES

    @property
    def max_age(self) -> timedelta | None:
        """How long a password is good for by itself; None for ever."""
        return timedelta(days=90) if self.profile is Profile.CLASSES else None


_installed = Policy()


def install(policy: Policy | None) -> None:
    """Makes `policy` the one this process works with; None brings the usual one back."""
    global _installed
    _installed = policy or Policy()


def policy() -> Policy:
    """The policy of this process."""
    return _installed

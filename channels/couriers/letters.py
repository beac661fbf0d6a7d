"""Letters, and what those who carry them may say of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Letter:
    """Words to one person, by e-mail or to a telephone; the same id is the same letter.

    `kind` is "email" or "phone". Ids sort by the time they were made.
    """

    id: UUID
    to: str
    kind: str
    subject: str
    text: str


class Undeliverable(Exception):
    """Nobody will ever carry this letter to where it should go; trying again is of no use."""


class NotCarried(Exception):
    """The letter was not taken this time; the same letter may be given again later."""


class Courier(Protocol):
    """Carries letters; may be given the same letter again when it is not sure that it went."""

    async def send(self, letter: Letter) -> None:
        """Returns when somebody else answers for the letter.

        Raises:
            Undeliverable: it can never arrive.
            NotCarried: it may, later.
        """

"""What can be wrong with how a code is made, or paid."""

from __future__ import annotations

from domain.money import MinorUnits
from domain.refusals import Refusal


class CodeAmountDiffers(Refusal):
    """The payer names another amount than the code, which asks for `expected` of `currency`."""

    def __init__(self, expected: MinorUnits, currency: str) -> None:
        super().__init__("The code asks for another amount.")
        self.expected = expected
        self.currency = currency


class CodeNoteInvalid(Refusal):
    """The note in a code is at most 40 characters of visible text."""

    def __init__(self) -> None:
        super().__init__("The note in a code is at most 40 characters of visible text.")

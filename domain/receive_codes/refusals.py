"""Why a scanned code is not followed."""

from __future__ import annotations

from domain.money import MinorUnits
from domain.refusals import Refusal


class QrInvalid(Refusal):
    """The text is no payment code, or was not read whole."""

    def __init__(self) -> None:
        super().__init__("This is not a payment code.")


class QrForeign(Refusal):
    """It is a payment code, of somebody other than uPay."""

    def __init__(self) -> None:
        super().__init__("This payment code is not one of uPay's.")


class QrTampered(Refusal):
    """It says that it is uPay's, but this uPay did not write it like this.

    Also of a code of another uPay, whose keys are not here: nothing tells the two apart.
    """

    def __init__(self) -> None:
        super().__init__("This code was altered, or comes from another uPay.")


class QrExpired(Refusal):
    """Its time is over, or its owner has replaced it."""

    def __init__(self) -> None:
        super().__init__("This code has expired, or was replaced.")


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

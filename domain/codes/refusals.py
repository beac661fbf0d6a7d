"""Why a scanned code is not followed."""

from __future__ import annotations

from typing import Final

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


class QrOfAnotherKind(Refusal):
    """A code of this uPay: a merchant's where a person is to be paid, or the other way round."""

    def __init__(self) -> None:
        super().__init__("This code is for another kind of payment.")


NOT_FOLLOWED: Final = (QrInvalid, QrForeign, QrTampered, QrExpired, QrOfAnotherKind)
"""Why a scanned code leads to nobody."""

"""Problems around codes to be paid by: scanned ones, and those being made."""

from __future__ import annotations

from typing import Any

import strawberry

from domain import receive_codes
from schema.money import Money, money
from schema.problems.base import Problem, names


@names(receive_codes.QrInvalid, code="QR_INVALID", field="payee.receiveCode")
@strawberry.type(description="What was scanned is no payment code, or only part of one.")
class QrInvalid(Problem):
    pass


@names(receive_codes.QrForeign, code="QR_FOREIGN", field="payee.receiveCode")
@strawberry.type(description="A payment code, but none of uPay's.")
class QrForeign(Problem):
    pass


@names(receive_codes.QrTampered, code="QR_TAMPERED", field="payee.receiveCode")
@strawberry.type(
    description="The code says it is uPay's, but was altered or comes from another uPay: warn."
)
class QrTampered(Problem):
    pass


@names(receive_codes.QrExpired, code="QR_EXPIRED", field="payee.receiveCode")
@strawberry.type(description="The code's time is over, or its owner replaced it.")
class QrExpired(Problem):
    pass


@names(receive_codes.QrOfAnotherKind, code="QR_OF_ANOTHER_KIND", field="payee.receiveCode")
@strawberry.type(
    description="A code of this uPay, but a merchant's where a person is to be paid, or the other "
    "way round: `readCode` says which."
)
class QrOfAnotherKind(Problem):
    pass


@names(receive_codes.CodeAmountDiffers, code="CODE_AMOUNT_DIFFERS", field="amount")
@strawberry.type(description="The code asks for another amount: leave `amount` out, or repeat it.")
class CodeAmountDiffers(Problem):
    expected: Money = strawberry.field(description="What the code asks for.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"expected": money(refusal.expected, refusal.currency)}


@names(receive_codes.CodeNoteInvalid, code="CODE_NOTE_INVALID", field="note")
@strawberry.type(
    description="The note is too long for a code, or has characters that cannot be seen."
)
class CodeNoteInvalid(Problem):
    pass

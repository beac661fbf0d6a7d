"""Problems around receipts."""

from __future__ import annotations

import strawberry

from domain import receipts
from schema.problems.base import Problem, names


@names(receipts.ReceiptUnknown, code="RECEIPT_UNKNOWN")
@strawberry.type(
    description="uPay gave out no receipt with this number and this code; which of them is wrong "
    "is not told."
)
class ReceiptUnknown(Problem):
    pass

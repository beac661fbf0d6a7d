"""What can be wrong with a receipt that somebody was shown."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

RECEIPTS: Final = (
    Entry(
        code="RECEIPT_UNKNOWN",
        meaning="uPay gave out no receipt with this number and this code.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This is not a receipt of ours.", zh="未找到该凭证。"),
        step=Text(
            en="Compare number and code. If both are right, do not rely on this receipt.",
            zh="请核对凭证编号与校验码；若均无误，请勿采信该凭证。",
        ),
    ),
)

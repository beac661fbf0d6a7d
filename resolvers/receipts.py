"""Checking a receipt that somebody was shown; nobody needs to sign in for that."""

from __future__ import annotations

import strawberry

from domain import receipts
from schema.context import Info
from schema.problems.base import named
from schema.receipts import ReceiptCheckInput, ReceiptCheckResult, ReceiptGenuine


@strawberry.type
class ReceiptQueries:
    @strawberry.field(
        description="Whether a receipt is uPay's, and what it says; for whoever was shown it."
    )
    async def receipt_check(self, info: Info, input: ReceiptCheckInput) -> ReceiptCheckResult:
        try:
            row = await receipts.check(input.number, input.code)
        except receipts.CHECK_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await ReceiptGenuine.of(row, info)

"""Why a movement failed, in the words for whoever looks."""

from __future__ import annotations

import strawberry

from models import movements as rows
from schema import catalogue
from schema.catalogue.codes import FailureCode
from schema.catalogue.entries import RetryAdvice
from schema.context import Info
from schema.money import Money, money


@strawberry.type(description="Why a movement failed, and what to do now.")
class Failure:
    code: FailureCode = strawberry.field(description="For programs; never translated.")
    title: str
    detail: str
    next_step: str
    retry: RetryAdvice

    @classmethod
    def of(cls, row: rows.Movement, info: Info, *, is_merchant: bool = False) -> Failure | None:
        """Why it failed, in the words for its payer, or for the merchant that was to be paid."""
        if row.failed_for is None:
            return None
        missing = money(row.failure_missing or 0, row.currency)
        return cls.said(row.failed_for, missing, info, is_merchant=is_merchant)

    @classmethod
    def said(cls, code: str, missing: Money, info: Info, *, is_merchant: bool = False) -> Failure:
        """What a recorded code says to whoever looks; `missing` is how far funds fell short."""
        language = info.context.language
        entry = (
            catalogue.failure_for_merchant(code)
            if is_merchant
            else catalogue.failure(code, info.context.audience)
        )
        return cls(
            code=FailureCode[entry.code],
            title=entry.heading(language),
            detail=entry.message(language, missing=missing),
            next_step=entry.next_step(language) or "",
            retry=entry.retry,
        )

"""Notices: what to know of a payment before it is confirmed, while it waits, or as it is let go."""

from __future__ import annotations

from collections.abc import Iterator

import strawberry

from domain.preparing import Shown
from models import movements as rows
from models import purchases
from schema import catalogue, ids
from schema.catalogue.codes import NoticeCode
from schema.catalogue.entries import RetryAdvice
from schema.context import Info

_WAITING = {
    rows.MovementStatus.IN_REVIEW: "RISK_REVIEW",
    rows.MovementStatus.UNKNOWN: "PROVIDER_TIMEOUT",
}


@strawberry.type(description="Something to know of a payment that is not done.")
class PaymentNotice:
    code: NoticeCode = strawberry.field(description="For programs; never translated.")
    title: str
    detail: str
    next_step: str
    retry: RetryAdvice
    movement_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of `DUPLICATE_SUSPECTED`: the payment made before."
    )


def of_quote(shown: Shown, info: Info) -> list[PaymentNotice]:
    """What to know before confirming, the most important first."""
    return list(_before(shown, info))


def of_movement(row: rows.Movement, info: Info) -> PaymentNotice | None:
    """What to know while it waits; None for one that ended, or goes its ordinary way."""
    code = _WAITING.get(row.status)
    return None if code is None else _notice(code, info)


def of_payment(found: purchases.Purchase, info: Info) -> PaymentNotice | None:
    """The same for who paid a merchant: also that it was not accepted in the end."""
    is_back = found.movement.status is rows.MovementStatus.CANCELLED
    if is_back and not found.is_recalled:
        return _notice("MERCHANT_REJECTED", info)
    return of_movement(found.movement, info)


def _before(shown: Shown, info: Info) -> Iterator[PaymentNotice]:
    twin = shown.twin
    if twin is not None:
        minutes = int((info.context.now - twin.created_at).total_seconds() // 60)
        notice = _notice("DUPLICATE_SUSPECTED", info, minutes=minutes)
        notice.movement_id = strawberry.ID(ids.of_movement(twin))
        yield notice
    if shown.quote.is_reviewed:
        yield _notice("RISK_REVIEW", info)
    if shown.quote.is_slowed:
        yield _notice("NEW_PAYEE_COOLING", info)
    if shown.challenge.is_strong:
        yield _notice("NEW_DEVICE_COOLING" if shown.is_device_new else "RISK_STEP_UP", info)


def _notice(code: str, info: Info, **facts: object) -> PaymentNotice:
    entry, language = catalogue.notice(code), info.context.language
    return PaymentNotice(
        code=NoticeCode[code],
        title=entry.heading(language),
        detail=entry.message(language, **facts),
        next_step=entry.next_step(language, **facts) or "",
        retry=entry.retry,
    )

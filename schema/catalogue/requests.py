"""What can be wrong with any request, and what uPay may be unable to answer."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import (
    TOP_LEVEL,
    Disclosure,
    Entry,
    Outcome,
    RetryAdvice,
    Statuses,
)
from schema.texts import Text

_LOOK_FIRST: Final = Text(
    en="Look in your history before you try again.", zh="重试前请先查看账单。"
)

REQUESTS: Final = (
    Entry(
        code="KEY_INVALID",
        meaning="The idempotency key is not 1 to 64 visible ASCII characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The request key is not valid.", zh="请求标识无效。"),
    ),
    Entry(
        code="KEY_REUSED",
        meaning="The idempotency key was given before for something else.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This request key was already used for something else.",
            zh="该请求标识已用于其他操作。",
        ),
        step=Text(
            en="Look for the payment in your history first, then start again.",
            zh="请先在账单中查看，再重新发起。",
        ),
    ),
    Entry(
        code="BUSY",
        meaning="Too much is waiting; nothing was recorded.",
        retry=RetryAdvice.SAME_KEY_LATER,
        text=Text(en="uPay is very busy just now.", zh="系统繁忙。"),
        step=Text(en="Try again in a moment. Nothing was charged.", zh="本次未扣款，请稍后再试。"),
    ),
    Entry(
        code="OUTCOME_UNKNOWN",
        meaning="The database did not answer in time; it may have been recorded.",
        outcome=Outcome.UNKNOWN,
        retry=RetryAdvice.ASK_STATUS,
        text=Text(en="We do not know yet whether this went through.", zh="暂时无法确认是否成功。"),
        step=Text(
            en="Please do not pay again. Look it up in your history in a moment.",
            zh="请勿重复付款，稍后可在账单中查看结果。",
        ),
    ),
    Entry(
        code="NOT_FOUND",
        meaning="There is no such thing, or it is somebody else's; the two look the same.",
        places=TOP_LEVEL,
        statuses=Statuses(404),
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.NEVER,
        text=Text(
            en="There is no such thing, or it is not yours to see.", zh="内容不存在或您无权查看。"
        ),
    ),
    Entry(
        code="UNAVAILABLE",
        meaning="Something that uPay stands on does not answer; it may have been recorded.",
        places=TOP_LEVEL,
        statuses=Statuses(503, json=503),
        outcome=Outcome.UNKNOWN,
        retry=RetryAdvice.SAME_KEY_LATER,
        text=Text(en="uPay cannot be reached just now.", zh="暂时无法使用 uPay。"),
        step=_LOOK_FIRST,
    ),
    Entry(
        code="TIMEOUT",
        meaning="The request came in too slowly, or the operation was broken off because it took "
        "too long; then it may have been recorded.",
        places=TOP_LEVEL,
        statuses=Statuses(408, json=408),
        outcome=Outcome.UNKNOWN,
        retry=RetryAdvice.SAME_KEY_LATER,
        text=Text(en="This took too long.", zh="处理超时。"),
        step=_LOOK_FIRST,
    ),
    Entry(
        code="INTERNAL",
        meaning="Something broke; `requestId` finds it in the log. It may have been recorded.",
        places=TOP_LEVEL,
        statuses=Statuses(500, json=500),
        disclosure=Disclosure.GENERAL,
        outcome=Outcome.UNKNOWN,
        retry=RetryAdvice.ASK_STATUS,
        text=Text(en="Something went wrong on our side.", zh="系统出了点问题。"),
        step=_LOOK_FIRST,
    ),
)

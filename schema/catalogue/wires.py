"""What can be wrong with how a request comes, before anybody looks at what it asks."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import TOP_LEVEL, Entry, RetryAdvice, Statuses
from schema.texts import Text

WIRES: Final = (
    Entry(
        code="BAD_REQUEST",
        meaning="The body is not JSON, or not a GraphQL request.",
        places=TOP_LEVEL,
        statuses=Statuses(400, json=400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This is not a GraphQL request.", zh="这不是有效的 GraphQL 请求。"),
    ),
    Entry(
        code="FORBIDDEN",
        meaning="The desk's cookies are only for its own pages, which say so by `x-upay-desk`.",
        places=TOP_LEVEL,
        statuses=Statuses(403, json=403),
        retry=RetryAdvice.NEVER,
        text=Text(en="Only the desk's own pages may ask this.", zh="仅限客服台页面访问。"),
    ),
    Entry(
        code="METHOD_NOT_ALLOWED",
        meaning="The HTTP method is none that is listed in `Allow`.",
        places=TOP_LEVEL,
        statuses=Statuses(405, json=405),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This HTTP method is not allowed here.", zh="此处不支持该 HTTP 方法。"),
    ),
    Entry(
        code="NOT_ACCEPTABLE",
        meaning="`Accept` names no media type that uPay answers in.",
        places=TOP_LEVEL,
        statuses=Statuses(406, json=406),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Accept application/graphql-response+json or application/json.",
            zh="Accept 请包含 application/graphql-response+json 或 application/json。",
        ),
    ),
    Entry(
        code="BODY_TOO_LARGE",
        meaning="The body is larger than uPay reads.",
        places=TOP_LEVEL,
        statuses=Statuses(413, json=413),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The request is too large.", zh="请求内容过大。"),
    ),
    Entry(
        code="MEDIA_TYPE_UNSUPPORTED",
        meaning="The body is not said to be `application/json` in UTF-8.",
        places=TOP_LEVEL,
        statuses=Statuses(415, json=415),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Send the request as application/json.", zh="请以 application/json 格式发送请求。"
        ),
    ),
    Entry(
        code="RATE_LIMITED",
        meaning="Too many requests in a short time; `Retry-After` says how long to wait.",
        places=TOP_LEVEL,
        statuses=Statuses(429, json=429),
        retry=RetryAdvice.LATER,
        text=Text(en="Too many requests in a short time.", zh="操作过于频繁。"),
        step=Text(en="Wait a moment, then try again.", zh="请稍后再试。"),
    ),
    Entry(
        code="TOO_MANY_SUBSCRIPTIONS",
        meaning="More subscriptions are open than one client may have.",
        places=TOP_LEVEL,
        statuses=Statuses(429, json=429),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Too many subscriptions are open.", zh="打开的订阅过多。"),
        step=Text(en="End one, then try again.", zh="请先关闭部分订阅再试。"),
    ),
)

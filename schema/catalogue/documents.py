"""What can be wrong with a GraphQL document, before anything of it is done."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import TOP_LEVEL, Entry, RetryAdvice, Statuses
from schema.texts import Text

DOCUMENTS: Final = (
    Entry(
        code="DOCUMENT_INVALID",
        meaning="The document is not GraphQL, or does not fit the schema.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The document does not fit the schema.", zh="请求文档与 Schema 不符。"),
    ),
    Entry(
        code="VARIABLES_INVALID",
        meaning="A variable is missing, or does not fit its type.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The variables do not fit the operation.", zh="变量与所选操作不符。"),
    ),
    Entry(
        code="OPERATION_NAME_REQUIRED",
        meaning="The document has several operations, and `operationName` says none of them.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Say by operationName which operation is meant.",
            zh="请用 operationName 指明要执行的操作。",
        ),
    ),
    Entry(
        code="OPERATION_UNKNOWN",
        meaning="The document has no operation of the name that `operationName` says.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The document has no operation of this name.", zh="请求文档中没有该名称的操作。"
        ),
    ),
    Entry(
        code="SUBSCRIPTION_NEEDS_STREAM",
        meaning="A subscription came by a request that can be answered only once.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="A subscription needs a WebSocket, or Accept: text/event-stream.",
            zh="订阅请使用 WebSocket，或设置 Accept: text/event-stream。",
        ),
    ),
    Entry(
        code="LIMIT_EXCEEDED",
        meaning="The document is too long, too deep, or asks for too much at once.",
        places=TOP_LEVEL,
        statuses=Statuses(400),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This asks for too much at once.", zh="单次请求的内容过多。"),
        step=Text(en="Ask for less, or in several requests.", zh="请减少内容，或分多次请求。"),
    ),
)

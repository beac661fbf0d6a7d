"""What can be said no to between people who know each other, or do not want to."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

ACQUAINTANCES: Final = (
    Entry(
        code="PAYEE_NAME_MISMATCH",
        meaning="The payee goes by another surname than the payer named.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The name does not match this payee.", zh="姓名与收款账户不符。"),
        step=Text(
            en="Check whom you mean to pay. You can try {tries_left} more times today.",
            zh="请核对收款人，今日还可尝试 {tries_left} 次。",
        ),
    ),
    Entry(
        code="PAYEE_NAMES_PAUSED",
        meaning="Three surnames were wrong within a day.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Too many names were wrong. You can check again from {until}.",
            zh="姓名核对错误次数过多，{until} 后可再次核对。",
        ),
        step=Text(
            en="Ask the payee for their code, and scan it instead.", zh="请改为扫描对方的收款码。"
        ),
    ),
    Entry(
        code="REQUEST_CLOSED",
        meaning="The request for money was paid, declined or taken back, or its time is over.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This request is closed.", zh="该收款请求已结束。"),
        step=Text(
            en="Look at it in your requests before you pay another way.",
            zh="请先在收款请求中查看，再决定是否另行付款。",
        ),
    ),
    Entry(
        code="REQUEST_AMOUNT_DIFFERS",
        meaning="The request asks for another amount than the payer named.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You were asked for {expected}.", zh="对方请求的金额是 {expected}。"),
        step=Text(
            en="Pay that amount, or send a transfer of your own.", zh="请按该金额付款，或另行转账。"
        ),
    ),
    Entry(
        code="TOO_MANY_REQUESTS",
        meaning="Twenty requests of the asker are open, or three to one person.",
        retry=RetryAdvice.LATER,
        text=Text(en="Too many of your requests are open.", zh="未结束的收款请求过多。"),
        step=Text(
            en="Wait for an answer, or take one of them back.", zh="请等待对方处理，或先撤回一些。"
        ),
    ),
    Entry(
        code="REQUEST_EXPIRY_INVALID",
        meaning="A request is open for 1 to 30 days.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This time is too short or too long.", zh="有效期过短或过长。"),
        step=Text(en="Choose 1 to 30 days.", zh="请选择 1 至 30 天。"),
    ),
    Entry(
        code="ALIAS_INVALID",
        meaning="An alias is at most 32 characters of visible text.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This name cannot be used.", zh="该备注名不可用。"),
        step=Text(
            en="Use at most 32 ordinary characters.", zh="请控制在 32 字以内，并去掉特殊字符。"
        ),
    ),
    Entry(
        code="TOO_MANY_FAVOURITES",
        meaning="At most 100 payees can be kept.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You keep 100 payees already.", zh="您的常用收款人已达 100 位。"),
        step=Text(en="Remove one first.", zh="请先删除一位。"),
    ),
    Entry(
        code="TOO_MANY_BLOCKS",
        meaning="At most 200 people can be blocked.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You have blocked 200 people already.", zh="您已拉黑 200 人。"),
        step=Text(en="Unblock somebody first.", zh="请先将一人移出黑名单。"),
    ),
)

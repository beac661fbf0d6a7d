"""What limits say no with."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Entry, RetryAdvice
from schema.texts import Text

LIMITS: Final = (
    Entry(
        code="IDENTITY_REQUIRED",
        meaning="The house lets nobody at the payer's level of verification pay anything.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Identity check needed", zh="需完成身份认证"),
        text=Text(en="You can pay once your identity is verified.", zh="完成身份认证后才能付款。"),
        step=Text(en="Verify your identity first.", zh="请先完成身份认证。"),
    ),
    Entry(
        code="LIMIT_PER_PAYMENT",
        meaning="The payment with its fee is larger than one payment may be at the payer's level "
        "of verification.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Above the limit for one payment", zh="超过单笔限额"),
        text=Text(
            en="This is {missing} more than one payment may be.", zh="超过单笔限额 {missing}。"
        ),
        step=Text(
            en="Pay a lower amount, or verify your identity for a higher limit.",
            zh="请减少金额，或完成身份认证以提高限额。",
        ),
    ),
    Entry(
        code="LIMIT_DAY",
        meaning="The payment would pass what may leave the wallet on one day of its owner's time "
        "zone.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Above today's limit", zh="超过单日限额"),
        text=Text(
            en="This is {missing} more than you can still pay today.",
            zh="超过今日剩余限额 {missing}。",
        ),
        step=Text(en="Pay a lower amount, or wait until tomorrow.", zh="请减少金额，或明天再付。"),
    ),
    Entry(
        code="LIMIT_MONTH",
        meaning="The payment would pass what may leave the wallet in one month.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Above this month's limit", zh="超过当月限额"),
        text=Text(
            en="This is {missing} more than you can still pay this month.",
            zh="超过本月剩余限额 {missing}。",
        ),
        step=Text(
            en="Pay a lower amount, wait until next month, or verify your identity for a higher "
            "limit.",
            zh="请减少金额，或下月再付，也可以完成身份认证以提高限额。",
        ),
    ),
    Entry(
        code="LIMIT_YEAR",
        meaning="The payment would pass what may leave the wallet in one year.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Above this year's limit", zh="超过年度限额"),
        text=Text(
            en="This is {missing} more than you can still pay this year.",
            zh="超过本年剩余限额 {missing}。",
        ),
        step=Text(
            en="Pay a lower amount, or verify your identity for a higher limit.",
            zh="请减少金额，或完成身份认证以提高限额。",
        ),
    ),
    Entry(
        code="LIMIT_COUNT",
        meaning="As many payments left the wallet today as may.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Too many payments today", zh="今日付款笔数已达上限"),
        text=Text(
            en="You have made as many payments as a day allows.", zh="您今日的付款笔数已达上限。"
        ),
        step=Text(en="Pay again tomorrow.", zh="请明天再付。"),
    ),
    Entry(
        code="LIMIT_SELF_SET",
        meaning="The payment would pass a limit that the payer set themselves.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Above your own limit", zh="超过您设置的限额"),
        text=Text(
            en="This is {missing} more than the limit you set allows.",
            zh="超过您自己设置的限额 {missing}。",
        ),
        step=Text(
            en="Pay a lower amount, or raise your limit, which takes a day.",
            zh="请减少金额，或调高您的限额（24 小时后生效）。",
        ),
    ),
    Entry(
        code="NO_LIMIT_RAISE",
        meaning="No higher limit of this kind waits for this wallet: it was withdrawn, or holds "
        "already.",
        retry=RetryAdvice.NEVER,
        text=Text(en="No higher limit is waiting.", zh="没有等待生效的限额调高申请。"),
        step=Text(en="Look at your limits.", zh="请查看当前限额。"),
    ),
)

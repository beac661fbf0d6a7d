"""What can be wrong with transfers to telephone numbers that are nobody's yet."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, Entry, RetryAdvice
from schema.texts import Text

UNCLAIMED: Final = (
    Entry(
        code="UNCLAIMED",
        meaning="Nobody proved the telephone number and claimed the money within a day.",
        retry=RetryAdvice.AFTER_FIX,
        places=FAILURE,
        title=Text(en="Nobody claimed it", zh="无人领取"),
        text=Text(
            en="Nobody claimed this money within 24 hours, so it is yours again.",
            zh="对方 24 小时内未领取，款项已退回您的钱包。",
        ),
        step=Text(
            en="Ask whether the number is right, then send it again.",
            zh="请与对方核对手机号后重新转账。",
        ),
    ),
    Entry(
        code="TOO_MANY_UNCLAIMED",
        meaning="Five transfers of this payer to telephone numbers wait to be claimed.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Five of your transfers wait to be claimed.",
            zh="您已有 5 笔转账等待对方领取。",
        ),
        step=Text(
            en="Wait until one is claimed, or cancel one.",
            zh="请等待对方领取，或先撤回其中一笔。",
        ),
    ),
    Entry(
        code="NOT_CLAIMABLE",
        meaning="It was claimed, called back or returned, can be claimed only later, or a freeze "
        "on either side keeps it.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This money cannot be claimed now.", zh="该笔转账目前无法领取。"),
        step=Text(
            en="Look at what waits for you, or ask whoever sent it.",
            zh="请刷新待领取列表，或联系付款方。",
        ),
    ),
)

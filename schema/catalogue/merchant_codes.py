"""What can be wrong with a merchant's codes, and with those that customers show."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Entry, Outcome, RetryAdvice
from schema.texts import Text

MERCHANT_CODES: Final = (
    Entry(
        code="LABEL_INVALID",
        meaning="The label of a store or a till is longer than 25 characters or has characters "
        "that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The label is too long or contains unusual characters.",
            zh="门店或收银台名称过长或含有特殊字符。",
        ),
        step=Text(
            en="Shorten it to 25 ordinary characters.",
            zh="请控制在 25 字以内，并去掉特殊字符。",
        ),
    ),
    Entry(
        code="TOO_MANY_MERCHANT_CODES",
        meaning="The merchant has five hundred lasting codes already.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="There are five hundred codes already, and that is the most.",
            zh="收款码已有 500 个，不能再添加。",
        ),
        step=Text(en="Let several tills share a code.", zh="请让多个收银台共用一个收款码。"),
    ),
    Entry(
        code="LIMIT_QR_STATIC",
        meaning="The payment would pass what one payer may pay in a day by codes without an "
        "amount.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Above today's limit for printed codes", zh="超过静态码当日限额"),
        text=Text(
            en="This is more than you can still pay today by codes without an amount.",
            zh="超过今日扫静态收款码付款的剩余额度。",
        ),
        step=Text(en="Ask for a code with the amount in it.", zh="请商户出示带金额的动态收款码。"),
    ),
    Entry(
        code="PAYMENT_CODE_UNUSABLE",
        meaning="The eighteen digits are no code, or it was used, or its time is over: which of "
        "these is not said.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This payment code cannot be used.", zh="付款码无效或已过期。"),
        step=Text(
            en="Ask the customer for a fresh code and scan that.",
            zh="请顾客刷新付款码后重新扫描。",
        ),
    ),
    Entry(
        code="PAYMENT_CODE_TRIES_EXHAUSTED",
        meaning="The merchant showed too many codes that are none, within a quarter of an hour.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Too many codes could not be used.",
            zh="无效付款码过多，暂时不能扫码收款。",
        ),
        step=Text(
            en="Wait a few minutes, or show the customer a code to scan.",
            zh="请稍等几分钟再扫，或请顾客扫您的收款码。",
        ),
    ),
    Entry(
        code="USER_PAYING",
        meaning="The customer is asked to confirm the payment. The order waits for them; the same "
        "key tells how it stands.",
        retry=RetryAdvice.SAME_KEY_LATER,
        outcome=Outcome.UNKNOWN,
        text=Text(en="Waiting for the customer to confirm.", zh="等待顾客确认付款。"),
        step=Text(
            en="Ask again in a few seconds, or close the order.",
            zh="请几秒后再查询，或关闭订单。",
        ),
    ),
    Entry(
        code="USER_CANCELLED",
        meaning="The customer declined to pay; the order is closed.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The customer declined this payment.", zh="顾客取消了付款。"),
        step=Text(
            en="Scan another code under a new reference, or take another way to pay.",
            zh="请用新的订单号重新扫码，或换一种收款方式。",
        ),
    ),
)

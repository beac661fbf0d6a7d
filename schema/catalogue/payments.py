"""What can be wrong with a payment itself: its amount, its currency, its note, its bank."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, Entry, RetryAdvice
from schema.texts import Text

PAYMENTS: Final = (
    Entry(
        code="AMOUNT_INVALID",
        meaning="The amount is zero, negative or too large.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This amount cannot be used.", zh="金额无效。"),
        step=Text(en="Enter an amount above zero.", zh="请输入大于零的金额。"),
    ),
    Entry(
        code="CURRENCY_MISMATCH",
        meaning="The amount is in another currency than the wallet.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The amount is not in this wallet's currency.", zh="金额币种与钱包币种不一致。"
        ),
        step=Text(en="Choose the wallet in that currency.", zh="请选择对应币种的钱包。"),
    ),
    Entry(
        code="CURRENCY_NOT_OFFERED",
        meaning="uPay keeps no wallets in this currency.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This currency is not offered.", zh="暂不支持该币种。"),
        step=Text(en="Choose another currency.", zh="请选择其他币种。"),
    ),
    Entry(
        code="NOTE_INVALID",
        meaning="The note is longer than 140 characters or has characters that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The note is too long or contains unusual characters.", zh="备注过长或含有特殊字符。"
        ),
        step=Text(
            en="Shorten it to 140 ordinary characters.",
            zh="请控制在 140 字以内，并去掉特殊字符。",
        ),
    ),
    Entry(
        code="TOP_UPS_UNAVAILABLE",
        meaning="No payment provider is connected.",
        retry=RetryAdvice.LATER,
        text=Text(en="Topping up is not available at present.", zh="暂时无法充值。"),
        step=Text(en="Try again later.", zh="请稍后再试。"),
    ),
    Entry(
        code="HOLD_EXPIRED",
        meaning="The money set aside was not paid out in time, and is the payer's again.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Waited too long", zh="等待超时"),
        text=Text(
            en="The money set aside for this payment waited too long.",
            zh="预留的款项等待超时，付款未完成。",
        ),
        step=Text(
            en="The money is yours again. Start a new payment.",
            zh="款项已退回余额，请重新付款。",
        ),
    ),
)

"""What can be wrong with whoever is to be paid."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Disclosure, Entry, RetryAdvice
from schema.texts import Text

PAYEES: Final = (
    Entry(
        code="PAYEE_NOT_FOUND",
        meaning="Nobody who can be paid goes by that.",
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="We could not find this payee.", zh="未找到该收款人。"),
        step=Text(en="Check the name or number and try again.", zh="请核对账户名或手机号后重试。"),
    ),
    Entry(
        code="PAYEE_CANNOT_RECEIVE",
        meaning="The payee cannot be paid like this now.",
        places=PROBLEM | FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.LATER,
        title=Text(en="Payee cannot receive", zh="对方无法收款"),
        text=Text(en="This payee cannot receive the payment at present.", zh="对方暂时无法收款。"),
        step=Text(
            en="Your money has not left. Ask the payee to check their account.",
            zh="款项未转出，请联系收款人确认。",
        ),
    ),
    Entry(
        code="PAYEE_LIMIT",
        meaning="The payee's balance would pass 9,007,199,254,740,991 minor units.",
        places=PROBLEM | FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Too much for this payee", zh="超过对方收款限额"),
        text=Text(
            en="This payee cannot receive so much at present.", zh="对方暂时无法收取该金额。"
        ),
        step=Text(
            en="Your money has not left. Pay a smaller amount.", zh="款项未转出，请减少金额。"
        ),
    ),
    Entry(
        code="SELF_PAYMENT",
        meaning="Payer and payee are one person.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You cannot pay yourself.", zh="不能给自己付款。"),
        step=Text(en="Choose another payee.", zh="请选择其他收款人。"),
    ),
)

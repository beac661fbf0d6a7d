"""What can be wrong with a code that was scanned to pay somebody."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

RECEIVE_CODES: Final = (
    Entry(
        code="QR_INVALID",
        meaning="What was scanned is not a payment code, or only part of one.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This code cannot be read.", zh="二维码无法识别。"),
        step=Text(
            en="Scan it again, or ask for a new one.", zh="请重新扫描，或请对方出示新的收款码。"
        ),
    ),
    Entry(
        code="QR_FOREIGN",
        meaning="A payment code, but none of uPay's.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This is not a uPay code.", zh="这不是 uPay 收款码。"),
        step=Text(en="Ask for the payee's uPay code.", zh="请对方出示 uPay 收款码。"),
    ),
    Entry(
        code="QR_TAMPERED",
        meaning="The code says it is uPay's, but no key of this server signed it like this: it was "
        "altered, or is another uPay's.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This code may have been altered, or is from another uPay. Do not pay it.",
            zh="该收款码可能被篡改，或来自其他 uPay，请勿付款。",
        ),
        step=Text(
            en="Tell the payee, and ask for a new code.",
            zh="请告知收款方，并请对方出示新的收款码。",
        ),
    ),
    Entry(
        code="QR_EXPIRED",
        meaning="The code was for a short while, and that is over, or its owner has replaced it.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This code has expired, or was replaced.", zh="收款码已过期或已更换。"),
        step=Text(en="Ask the payee for a new one.", zh="请对方刷新收款码后再扫。"),
    ),
    Entry(
        code="QR_OF_ANOTHER_KIND",
        meaning="The code is this server's, but a merchant's where a person is to be paid, or the "
        "other way round.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This code is for another kind of payment.",
            zh="此二维码用于另一种付款方式。",
        ),
        step=Text(
            en="Scan it with the scanner on the app's first page.",
            zh="请用首页的“扫一扫”扫描。",
        ),
    ),
    Entry(
        code="CODE_AMOUNT_DIFFERS",
        meaning="The code asks for one amount, and the payer named another.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The code asks for {expected}.", zh="该收款码的金额为 {expected}。"),
        step=Text(
            en="Pay that amount, or ask for another code.",
            zh="请按该金额付款，或请对方更换收款码。",
        ),
    ),
    Entry(
        code="CODE_NOTE_INVALID",
        meaning="The note in a code is longer than 40 characters or has characters that cannot be "
        "seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The note is too long for a code or contains unusual characters.",
            zh="收款码备注过长或含有特殊字符。",
        ),
        step=Text(
            en="Shorten it to 40 ordinary characters.",
            zh="请控制在 40 字以内，并去掉特殊字符。",
        ),
    ),
)

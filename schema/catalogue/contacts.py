"""What can go wrong when a contact is proved."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

CONTACTS: Final = (
    Entry(
        code="CODE_WRONG",
        meaning="The code is wrong.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Wrong code; tries left: {tries_left}.", zh="验证码错误，还可输入 {tries_left} 次。"
        ),
        step=Text(en="Check the latest message we sent you.", zh="请核对最近收到的验证码。"),
    ),
    Entry(
        code="CODE_EXPIRED",
        meaning="The code is too old, was used, or was guessed wrong too often.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This code is no longer valid.", zh="验证码已失效。"),
        step=Text(en="Ask for a new one.", zh="请重新获取。"),
    ),
    Entry(
        code="TOO_MANY_CODES",
        meaning="Too many codes were sent to this contact.",
        retry=RetryAdvice.LATER,
        text=Text(en="We have sent too many codes.", zh="验证码发送过于频繁。"),
        step=Text(en="Try again at the time shown.", zh="请到所示时间后再试。"),
    ),
    Entry(
        code="CONTACT_TAKEN",
        meaning="Another account has proved to own this contact.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This contact belongs to another account.", zh="该联系方式已被其他账户绑定。"),
        step=Text(
            en="Use another one, or sign in to that account.", zh="请更换联系方式，或登录该账户。"
        ),
    ),
)

"""What can go wrong when a contact is added, proved or removed."""

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
        meaning="Too many codes were sent to this contact, or to all contacts of this person.",
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
    Entry(
        code="TOO_MANY_CONTACTS",
        meaning="There are five contacts of this kind already.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="You already have five contacts of this kind.", zh="该类联系方式最多可添加 5 个。"
        ),
        step=Text(en="Remove one of them first.", zh="请先移除其中一个。"),
    ),
    Entry(
        code="LAST_CONTACT",
        meaning="No other contact that stays could let this person in.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This is the last contact that can let you in.",
            zh="这是您唯一可用于找回账户的联系方式，不能移除。",
        ),
        step=Text(
            en="Add another one and prove it; a day later this one can go.",
            zh="请先添加并验证另一个联系方式，24 小时后即可移除此项。",
        ),
    ),
    Entry(
        code="NO_USABLE_CONTACT",
        meaning="No contact has been proved for long enough to be believed.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="There is no contact that a code could be sent to.",
            zh="没有可以接收验证码的联系方式。",
        ),
        step=Text(
            en="A contact you added lately can be used after a day. Otherwise, contact support.",
            zh="新添加的联系方式满一天后才能使用，如仍无法继续，请联系客服。",
        ),
    ),
)

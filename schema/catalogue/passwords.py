"""What can be wrong with a password, and with what a letter brought to choose another."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

PASSWORDS: Final = (
    Entry(
        code="PASSWORD_TOO_WEAK",
        meaning="The password breaks the rules named in reasons.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This password is too weak.", zh="密码强度不足。"),
        step=Text(
            en="Choose a longer one that few would guess, without your name or e-mail address.",
            zh="请设置更长、不易被猜到的密码，且不含您的姓名、账户名或邮箱。",
        ),
    ),
    Entry(
        code="PASSWORD_USED_BEFORE",
        meaning="It is the present password, or one of the three before it.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You have used this password before.", zh="该密码近期已使用过。"),
        step=Text(
            en="Choose one that is not among your last four.", zh="请勿使用最近四次用过的密码。"
        ),
    ),
    Entry(
        code="CURRENT_PASSWORD_WRONG",
        meaning="What was said to be the present password is not.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The current password is wrong.", zh="当前密码错误。"),
        step=Text(
            en="Try again. If you have forgotten it, reset it by a letter.",
            zh="请重新输入；如已忘记，请通过邮箱或手机重置密码。",
        ),
    ),
    Entry(
        code="TOO_MANY_PASSWORD_RESETS",
        meaning="From one network address too many letters about forgotten passwords were asked "
        "for within an hour.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Too many letters were asked for from this network.",
            zh="当前网络的重置请求过于频繁。",
        ),
        step=Text(en="Try again later.", zh="请稍后再试。"),
    ),
    Entry(
        code="PASSWORD_RESET_DEAD",
        meaning="The link or the code is wrong, used, too old, another's, or void because another "
        "was used. Which of these, is not said.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This link or code is not valid.", zh="链接或验证码无效。"),
        step=Text(
            en="Check it, or ask for another letter.", zh="请核对后重试，或重新申请重置密码。"
        ),
    ),
)

"""The letter to whoever forgot their password and asked for a link."""

from __future__ import annotations

from typing import Final

from schema.texts import Text
from schema.texts.letters.parts import LetterText

PASSWORD_LINK: Final = LetterText(
    subject=Text(en="Choose a new uPay password", zh="重置 uPay 登录密码"),
    text=Text(
        en=(
            "somebody, most likely you, has forgotten the password of your account. Choose a new "
            "one here:\n\n"
            "{link}\n\n"
            "The link works once, within {minutes} minutes. If it was not you, do nothing: your "
            "password stays as it is, and nobody can change it without this letter."
        ),
        zh=(
            "有人（应该是您本人）申请重置您的登录密码。请通过以下链接设置新密码：\n\n"
            "{link}\n\n"
            "链接 {minutes} 分钟内有效，且只能使用一次。如非您本人操作，无需理会：没有这封邮件，"
            "任何人都无法更改您的密码。"
        ),
    ),
)

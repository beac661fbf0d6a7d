"""What letters say; `{names}` in them are filled in when they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schema.texts import Text


@dataclass(frozen=True, slots=True)
class LetterText:
    subject: Text
    text: Text


CONTACT_CODE_BY_EMAIL: Final = LetterText(
    subject=Text(en="Your uPay confirmation code", zh="uPay 验证码"),
    text=Text(
        en=(
            "Hello,\n\n"
            "your confirmation code is {code}. It is valid for {minutes} minutes.\n\n"
            "Enter it only in uPay. Nobody from uPay will ever ask you for it.\n"
            "If you did not ask for this code, you can ignore this message.\n\n"
            "uPay"
        ),
        zh=(
            "您好：\n\n"
            "您的验证码是 {code}，{minutes} 分钟内有效。\n\n"
            "请仅在 uPay 内输入此验证码。uPay 的任何人都不会向您索要验证码。\n"
            "如非您本人操作，请忽略本邮件。\n\n"
            "uPay"
        ),
    ),
)

CONTACT_CODE_BY_PHONE: Final = LetterText(
    subject=CONTACT_CODE_BY_EMAIL.subject,
    text=Text(
        en="uPay: {code} is your confirmation code, valid for {minutes} minutes. Tell it to nobody.",
        zh="【uPay】验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
    ),
)

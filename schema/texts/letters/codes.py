"""The codes that letters bring, in the words of what each is for."""

from __future__ import annotations

from typing import Final

from models.people import CodePurpose
from schema.texts import Text
from schema.texts.letters.parts import LetterText

_ONLY_HERE: Final = Text(
    en="Enter it only in uPay.\nIf you did not ask for this code, you can ignore this message.",
    zh="请仅在 uPay 内输入此验证码。\n如非您本人操作，请忽略本邮件。",
)


def _letter(subject: Text, first: Text, sms: Text, then: Text = _ONLY_HERE) -> LetterText:
    text = Text(en=f"{first.en}\n\n{then.en}", zh=f"{first.zh}\n\n{then.zh}")
    return LetterText(subject=subject, text=text, sms=sms)


CODES: Final = {
    CodePurpose.VERIFY: _letter(
        Text(en="Your uPay confirmation code", zh="uPay 验证码"),
        Text(
            en="Your confirmation code is {code}. It is valid for {minutes} minutes.",
            zh="您的验证码是 {code}，{minutes} 分钟内有效。",
        ),
        Text(
            en="uPay: {code} is your confirmation code, valid for {minutes} minutes. "
            "Tell it to nobody.",
            zh="【uPay】验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        ),
    ),
    CodePurpose.PROVE: _letter(
        Text(en="Your uPay code to prove that it is you", zh="uPay 身份验证码"),
        Text(
            en="Your code to prove that it is you is {code}. It is valid for {minutes} minutes.",
            zh="您的身份验证码是 {code}，{minutes} 分钟内有效。",
        ),
        Text(
            en="uPay: {code} proves that it is you, valid for {minutes} minutes. "
            "Tell it to nobody.",
            zh="【uPay】身份验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        ),
        Text(
            en=(
                "Enter it only in uPay.\nIf you are not changing anything in your account right "
                "now, somebody is signed in as you: change your password."
            ),
            zh="请仅在 uPay 内输入此验证码。\n如果您此刻没有更改账户设置，说明有人登录了您的账户，请立即修改密码。",
        ),
    ),
    CodePurpose.PAY: _letter(
        Text(en="Your uPay payment code", zh="uPay 付款验证码"),
        Text(
            en="Your code for this payment is {code}. It is valid for {minutes} minutes.",
            zh="本次付款的验证码是 {code}，{minutes} 分钟内有效。",
        ),
        Text(
            en="uPay: {code} confirms your payment, valid for {minutes} minutes. Tell it to nobody.",
            zh="【uPay】付款验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        ),
        Text(
            en=(
                "Enter it only in uPay, and only if you are paying right now. Whoever asks you to "
                "pay in order to keep your money safe is deceiving you."
            ),
            zh="请仅在您本人正在付款时，于 uPay 内输入此验证码。凡是要求您转账到“安全账户”的，都是诈骗。",
        ),
    ),
    CodePurpose.RESET_PASSWORD: _letter(
        Text(en="Your uPay code for a new password", zh="uPay 重置密码验证码"),
        Text(
            en="Your code to choose a new password is {code}. It is valid for {minutes} minutes.",
            zh="您重置登录密码的验证码是 {code}，{minutes} 分钟内有效。",
        ),
        Text(
            en="uPay: {code} lets you choose a new password, valid for {minutes} minutes. "
            "Tell it to nobody.",
            zh="【uPay】重置密码验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        ),
    ),
    CodePurpose.REPORT_LOSS: _letter(
        Text(en="Your uPay code to report a lost second factor", zh="uPay 丢失申报验证码"),
        Text(
            en="Your code to report that your second factors are lost is {code}. "
            "It is valid for {minutes} minutes.",
            zh="您申报二次验证方式丢失的验证码是 {code}，{minutes} 分钟内有效。",
        ),
        Text(
            en="uPay: {code} reports your second factors as lost, valid for {minutes} minutes. "
            "Tell it to nobody.",
            zh="【uPay】丢失申报验证码 {code}，{minutes} 分钟内有效。请勿告诉任何人。",
        ),
        Text(
            en=(
                "Enter it only in uPay.\nIf you did not ask for this code, somebody knows your "
                "password: change it."
            ),
            zh="请仅在 uPay 内输入此验证码。\n如非您本人操作，说明有人知道您的登录密码，请立即修改。",
        ),
    ),
}

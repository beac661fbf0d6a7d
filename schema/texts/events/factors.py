"""What is said of second factors and of losing them."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText, sms

FACTORS: Final = {
    EventKind.TOTP_ADDED: EventText(
        title=Text(en="An authenticator app was added", zh="已添加身份验证器"),
        text=Text(
            en="From now on, signing in also asks for a code of an authenticator app.",
            zh="今后登录时还需输入身份验证器应用中的动态码。",
        ),
    ),
    EventKind.TOTP_REMOVED: EventText(
        title=Text(en="The authenticator app was removed", zh="已移除身份验证器"),
        text=Text(
            en="Signing in does not ask for a code of your authenticator app any more.",
            zh="今后登录时不再需要身份验证器应用中的动态码。",
        ),
        sms=sms("your authenticator app was removed.", "您的身份验证器已移除。"),
    ),
    EventKind.RECOVERY_CODES_MADE: EventText(
        title=Text(en="Recovery codes were made", zh="已生成恢复码"),
        text=Text(
            en="Fresh recovery codes were made for your account; earlier ones are void.",
            zh="您的账户已生成新的恢复码，之前的恢复码全部作废。",
        ),
    ),
    EventKind.RECOVERY_CODE_USED: EventText(
        title=Text(en="A recovery code was used", zh="恢复码已被使用"),
        text=Text(
            en="One of your recovery codes was used in place of your second factor.",
            zh="有人使用了您的一个恢复码，代替二次验证。",
        ),
        sms=sms("a recovery code was used.", "您的一个恢复码已被使用。"),
    ),
    EventKind.PASSKEY_ADDED: EventText(
        title=Text(en="A passkey was added", zh="已添加通行密钥"),
        text=Text(
            en="A passkey was added, with which your account can be signed in to.",
            zh="已添加一个可用于登录您账户的通行密钥。",
        ),
        sms=sms("a passkey was added to your account.", "您的账户添加了一个通行密钥。"),
    ),
    EventKind.PASSKEY_REMOVED: EventText(
        title=Text(en="A passkey was removed", zh="已移除通行密钥"),
        text=Text(
            en="One of your passkeys opens your account no more.",
            zh="您的一个通行密钥已移除，不能再用于登录。",
        ),
        sms=sms("a passkey was removed from your account.", "您账户的一个通行密钥已移除。"),
    ),
    EventKind.FACTOR_LOSS_REPORTED: EventText(
        title=Text(en="A lost second factor was reported", zh="已申报二次验证方式丢失"),
        text=Text(
            en=(
                "Somebody who knows your password says that every second factor of yours is lost. "
                "After three days one of us looks at it; until then nothing changes. If you still "
                "have one, sign in with it: that withdraws the report."
            ),
            zh="有人使用您的登录密码，申报您的二次验证方式已全部丢失。三天后我们将人工审核，在此之前不会有任何变化。"
            "如果您仍持有其中任何一种，请用它登录，即可撤销该申报。",
        ),
        sms=sms("a lost second factor was reported.", "有人申报您的二次验证方式已全部丢失。"),
    ),
    EventKind.FACTOR_LOSS_WITHDRAWN: EventText(
        title=Text(en="The report of a lost second factor was withdrawn", zh="丢失申报已撤销"),
        text=Text(en="Your second factors stay as they are.", zh="您的二次验证方式保持不变。"),
    ),
    EventKind.FACTORS_CLEARED: EventText(
        title=Text(en="Your second factors were removed", zh="二次验证方式已清除"),
        text=Text(
            en=(
                "As reported, your authenticator app, passkeys and recovery codes were removed and "
                "every session was ended. Sign in with your password and set up a second factor."
            ),
            zh="根据您的申报，身份验证器、通行密钥和恢复码均已移除，所有设备上的登录均已失效。"
            "请用密码登录，并重新设置二次验证。",
        ),
        sms=sms("all your second factors were removed.", "您的二次验证方式已全部清除。"),
    ),
    EventKind.FACTOR_LOSS_REFUSED: EventText(
        title=Text(en="The report of a lost second factor was refused", zh="丢失申报未通过"),
        text=Text(
            en="We could not be sure that the report came from you. Your second factors stay as "
            "they are.",
            zh="我们无法确认该申报由您本人提出，您的二次验证方式保持不变。",
        ),
    ),
}

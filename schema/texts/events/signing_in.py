"""What is said of signing in, of devices, passwords and PINs."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText, sms

SIGNING_IN: Final = {
    EventKind.SIGNED_IN_ON_NEW_DEVICE: EventText(
        title=Text(en="Signed in on a new device", zh="在新设备上登录"),
        text=Text(
            en="Somebody signed in to your account on a device that it was never used on.",
            zh="您的账户在一台从未使用过的设备上登录。",
        ),
    ),
    EventKind.SIGN_IN_LOCKED: EventText(
        title=Text(en="Signing in was locked for a while", zh="登录已被暂时锁定"),
        text=Text(
            en=(
                "Somebody guessed wrong too often when signing in as you. Nobody got in, and you "
                "can sign in again after a short wait. If it was not you, choose a password that "
                "you use nowhere else."
            ),
            zh="有人多次输错您的登录信息，登录已被暂时锁定。没有人进入您的账户，稍后即可重新登录。"
            "如非您本人操作，请换一个只在 uPay 使用的密码。",
        ),
    ),
    EventKind.SESSION_ENDED: EventText(
        title=Text(en="Signed out", zh="已退出登录"),
        text=Text(en="One of your sessions was ended.", zh="您的一个登录会话已结束。"),
    ),
    EventKind.DEVICE_FORGOTTEN: EventText(
        title=Text(en="Device removed", zh="设备已移除"),
        text=Text(
            en="A device was removed from your account; whoever was signed in on it is not any "
            "more.",
            zh="一台设备已从您的账户中移除，该设备上的登录也已失效。",
        ),
    ),
    EventKind.PASSWORD_CHANGED: EventText(
        title=Text(en="Your password was changed", zh="登录密码已修改"),
        text=Text(
            en="The password of your account was changed, and every other session was ended.",
            zh="您的登录密码已修改，其他设备上的登录均已失效。",
        ),
        sms=sms("your password was changed.", "您的登录密码已修改。"),
    ),
    EventKind.PASSWORD_RESET: EventText(
        title=Text(en="Your password was reset", zh="登录密码已重置"),
        text=Text(
            en="The password of your account was reset, and every session was ended. Your payment "
            "PIN is as it was.",
            zh="您的登录密码已重置，所有设备上的登录均已失效。支付密码没有变化。",
        ),
        sms=sms("your password was reset.", "您的登录密码已重置。"),
    ),
    EventKind.PASSWORD_AGEING: EventText(
        title=Text(en="Your password is due for a change", zh="登录密码即将到期"),
        text=Text(
            en="Your password will soon be too old. Change it in uPay whenever it suits you; "
            "after that day you will have to before anything else.",
            zh="您的登录密码即将到期，请在方便时到 uPay 中修改。到期之后，登录时须先修改密码才能继续使用。",
        ),
    ),
    EventKind.PIN_SET: EventText(
        title=Text(en="Payment PIN set", zh="支付密码已设置"),
        text=Text(en="You have a payment PIN.", zh="您已设置支付密码。"),
    ),
    EventKind.PIN_CHANGED: EventText(
        title=Text(en="Your payment PIN was changed", zh="支付密码已修改"),
        text=Text(
            en="The PIN that confirms your payments was changed.",
            zh="您用于确认付款的支付密码已修改。",
        ),
    ),
    EventKind.PIN_RESET: EventText(
        title=Text(en="Your payment PIN was reset", zh="支付密码已重置"),
        text=Text(
            en="The PIN that confirms your payments was replaced without the old one.",
            zh="您的支付密码已重置，重置时未使用原支付密码。",
        ),
        sms=sms("your payment PIN was reset.", "您的支付密码已重置。"),
    ),
}

"""What is said of proving who one is, of exports, and of closing."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText

ACCOUNTS: Final = {
    EventKind.VERIFICATION_ASKED: EventText(
        title=Text(en="Verification asked for", zh="已提交身份认证"),
        text=Text(en="We are looking at your documents.", zh="我们正在审核您提交的资料。"),
    ),
    EventKind.VERIFICATION_ACCEPTED: EventText(
        title=Text(en="You are verified", zh="身份认证已通过"),
        text=Text(
            en="Your documents were accepted. Your limits are as the level you reached allows.",
            zh="您的身份认证已通过，支付限额已按新的认证等级调整。",
        ),
    ),
    EventKind.VERIFICATION_REFUSED: EventText(
        title=Text(en="You could not be verified", zh="身份认证未通过"),
        text=Text(
            en="Your documents could not be accepted. What to do next stands in uPay.",
            zh="您提交的资料未通过审核，具体原因和下一步操作请在 uPay 中查看。",
        ),
    ),
    EventKind.EXPORT_ASKED: EventText(
        title=Text(en="Copy of your data asked for", zh="已申请导出个人数据"),
        text=Text(en="We are putting your data together.", zh="我们正在整理您的数据。"),
    ),
    EventKind.EXPORT_READY: EventText(
        title=Text(en="A copy of your data is ready", zh="个人数据导出已就绪"),
        text=Text(
            en="Everything that uPay keeps about you can be fetched in uPay for seven days.",
            zh="您的个人数据已整理完成，七天内可在 uPay 中下载。",
        ),
    ),
    EventKind.WALLET_CLOSED: EventText(
        title=Text(en="A wallet was closed", zh="钱包已关闭"),
        text=Text(
            en="Nothing can be paid into this wallet or out of it any more.",
            zh="该钱包已关闭，不能再收款或付款。",
        ),
    ),
    EventKind.ACCOUNT_CLOSED: EventText(
        title=Text(en="Your account was closed", zh="账户已注销"),
        text=Text(
            en="Your account was closed and every session was ended. Thank you for having been "
            "here.",
            zh="您的账户已注销，所有设备上的登录均已失效。感谢您使用 uPay。",
        ),
    ),
}

"""What is said of contacts and of the phrase in letters."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText, sms

CONTACTS: Final = {
    EventKind.CONTACT_ADDED: EventText(
        title=Text(en="A contact was added", zh="已添加联系方式"),
        text=Text(
            en="A contact was added to your account. For a day it cannot be used to get in.",
            zh="您的账户添加了一个联系方式。24 小时内，它不能用于找回密码或验证身份。",
        ),
        sms=sms("a contact was added to your account.", "您的账户添加了一个联系方式。"),
    ),
    EventKind.CONTACT_LEAVING: EventText(
        title=Text(en="A contact will be removed", zh="联系方式即将移除"),
        text=Text(
            en="One of your contacts will be removed in a day. Until then you can keep it in uPay.",
            zh="您的一个联系方式将在 24 小时后移除。在此之前，您可以在 uPay 中选择保留。",
        ),
        sms=sms(
            "one of your contacts will be removed in a day.", "您的一个联系方式将在 24 小时后移除。"
        ),
    ),
    EventKind.CONTACT_REMOVED: EventText(
        title=Text(en="A contact was removed", zh="联系方式已移除"),
        text=Text(
            en="One of your contacts was removed: it gets no more letters and lets nobody in.",
            zh="您的一个联系方式已移除，它不会再收到邮件，也不能再用于登录或验证身份。",
        ),
        sms=sms("one of your contacts was removed.", "您的一个联系方式已移除。"),
    ),
    EventKind.PHRASE_CHANGED: EventText(
        title=Text(en="The phrase in your letters was changed", zh="防钓鱼码已修改"),
        text=Text(
            en="From now on our letters show the phrase that was chosen in uPay a moment ago. If "
            "there was another one before, this letter still shows that.",
            zh="今后我们的邮件将显示刚才在 uPay 中设置的防钓鱼码。如果您之前设置过，本邮件仍显示原来的那个。",
        ),
    ),
}

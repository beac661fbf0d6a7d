"""What is said to whoever answers for a merchant when its webhooks do not arrive."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText

WEBHOOKS: Final = {
    EventKind.WEBHOOK_DISABLED: EventText(
        title=Text(en="A webhook endpoint was switched off", zh="Webhook 接收地址已停用"),
        text=Text(
            en="It said that it is gone, or took nothing for three days, so uPay sends nothing "
            "there any more. Put it right, enable it again and have what it missed sent once more.",
            zh="该地址已声明失效，或连续三天未能成功接收，uPay 已停止向其推送。"
            "请修复后重新启用，并补发遗漏的通知。",
        ),
    ),
}

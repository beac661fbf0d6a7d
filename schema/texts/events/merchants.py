"""What is said of a merchant to whoever answers for it, or works for it."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText

MERCHANTS: Final = {
    EventKind.MERCHANT_ACCEPTED: EventText(
        title=Text(en="Your merchant was accepted", zh="商户入驻申请已通过"),
        text=Text(
            en="It can take payments. You find its number and its keys in uPay.",
            zh="您的商户现在可以收款，商户号和密钥请在 uPay 中查看。",
        ),
    ),
    EventKind.MERCHANT_REJECTED: EventText(
        title=Text(en="Your merchant was not accepted", zh="商户入驻申请未通过"),
        text=Text(
            en="You find the reason in uPay, and you can apply again.",
            zh="未通过的原因请在 uPay 中查看，您可以重新申请。",
        ),
    ),
    EventKind.MERCHANT_SUSPENDED: EventText(
        title=Text(en="Your merchant takes no payments", zh="商户已被暂停收款"),
        text=Text(
            en="uPay has suspended your merchant. You find the reason in uPay. What was paid can "
            "still be refunded.",
            zh="uPay 已暂停您的商户收款，原因请在 uPay 中查看。已收款项仍可退款。",
        ),
    ),
    EventKind.MERCHANT_REINSTATED: EventText(
        title=Text(en="Your merchant is no longer suspended", zh="商户已解除暂停"),
        text=Text(
            en="uPay has lifted the suspension of your merchant.",
            zh="uPay 已解除对您商户的暂停。",
        ),
    ),
    EventKind.MERCHANT_CLOSED: EventText(
        title=Text(en="Your merchant was closed", zh="商户已注销"),
        text=Text(
            en="Nothing can be paid to it any more, and its keys open nothing.",
            zh="该商户不能再收款，其密钥均已失效。",
        ),
    ),
    EventKind.MERCHANT_JOINED: EventText(
        title=Text(en="You work for a merchant", zh="您已被添加为商户成员"),
        text=Text(
            en="Somebody who manages a merchant has added you to it. Leave it in uPay if that is "
            "wrong.",
            zh="商户管理人员已将您添加为成员。如非本人意愿，请在 uPay 中退出该商户。",
        ),
    ),
    EventKind.MERCHANT_OFFERED: EventText(
        title=Text(en="A merchant is offered to you", zh="有商户待您接手"),
        text=Text(
            en="The owner of a merchant would like you to answer for it. Nothing changes before you "
            "accept.",
            zh="某商户的负责人希望由您接手。在您同意之前，一切保持不变。",
        ),
    ),
    EventKind.MERCHANT_KEY_MADE: EventText(
        title=Text(en="A key was made for your merchant", zh="商户新增了 API 密钥"),
        text=Text(
            en="Programs that have the key can act for your merchant. Revoke it in uPay if you do "
            "not know of it.",
            zh="持有该密钥的程序可代表您的商户操作。如非知情，请立即在 uPay 中吊销。",
        ),
    ),
}

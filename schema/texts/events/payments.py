"""What is said of freezes, limits, and payments that were looked at."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText

PAYMENTS: Final = {
    EventKind.FROZEN: EventText(
        title=Text(en="Your payments are frozen", zh="支付已冻结"),
        text=Text(
            en="Nothing leaves your wallets until the freeze is lifted. Money can still arrive.",
            zh="解冻之前，您的钱包不能付款，但仍可收款。",
        ),
    ),
    EventKind.UNFROZEN: EventText(
        title=Text(en="Your payments are no longer frozen", zh="支付已解冻"),
        text=Text(
            en="A freeze was lifted: you can pay from your wallets, unless another one is open.",
            zh="一项冻结已解除。如果没有其他冻结，您可以正常付款。",
        ),
    ),
    EventKind.LIMIT_LOWERED: EventText(
        title=Text(en="Limit lowered", zh="限额已调低"),
        text=Text(
            en="One of your payment limits was lowered, at once.",
            zh="您的一项支付限额已调低，立即生效。",
        ),
    ),
    EventKind.LIMIT_RAISE_ASKED: EventText(
        title=Text(en="A higher limit was asked for", zh="已申请调高限额"),
        text=Text(
            en="One of your payment limits will be raised after a waiting time. Until then it can "
            "be withdrawn in uPay.",
            zh="您的一项支付限额将在等待期结束后调高。在此之前，可以在 uPay 中撤销。",
        ),
    ),
    EventKind.LIMIT_RAISED: EventText(
        title=Text(en="Limit raised", zh="限额已调高"),
        text=Text(en="One of your payment limits was raised.", zh="您的一项支付限额已调高。"),
    ),
    EventKind.PAYMENT_QUESTIONED: EventText(
        title=Text(en="Is this payment yours?", zh="请确认这笔付款"),
        text=Text(
            en="A payment was begun from your wallet that is unlike your others. Please say whether "
            "it was you.",
            zh="您的钱包有一笔付款与平时不同，请确认是否为本人操作。",
        ),
        sms=Text(
            en="uPay: an unusual payment was begun from your wallet. Open uPay and say whether it "
            "was you.",
            zh="【uPay】您的钱包有一笔与平时不同的付款，请打开 uPay 确认是否为本人操作。",
        ),
    ),
    EventKind.PAYMENT_IN_REVIEW: EventText(
        title=Text(en="A payment is being looked at", zh="付款正在审核"),
        text=Text(
            en="One of us looks at a payment of yours before it goes on. The money is set aside "
            "and has not left.",
            zh="您的一笔付款正在人工审核。款项已暂时保留，尚未转出。",
        ),
    ),
    EventKind.PAYMENT_RELEASED: EventText(
        title=Text(en="A payment was let through", zh="付款已放行"),
        text=Text(en="The payment that was looked at goes on.", zh="经审核，您的付款已继续进行。"),
    ),
    EventKind.PAYMENT_DECLINED: EventText(
        title=Text(en="A payment was declined", zh="付款未通过"),
        text=Text(
            en="A payment was declined for your safety. The money is in your wallet.",
            zh="为保障您的资金安全，一笔付款未通过，款项仍在您的钱包中。",
        ),
    ),
    EventKind.PAYMENT_GIVEN_BACK: EventText(
        title=Text(en="A payment came back", zh="付款已退回"),
        text=Text(
            en="By the time we had looked at your payment, its order was paid or closed. The money "
            "is in your wallet.",
            zh="审核完成时，该订单已被支付或已关闭，款项已退回您的钱包。",
        ),
    ),
}

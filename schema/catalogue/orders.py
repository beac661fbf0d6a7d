"""What can be wrong with an order, with paying it, and with what its merchant does then."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Entry, RetryAdvice
from schema.texts import Text

TOLD_TO_MERCHANT: Final = "PAYMENT_NOT_MADE"
"""What a merchant hears instead of a reason that is its customer's own."""

MERCHANT_MAY_KNOW: Final = frozenset(
    {
        *("ORDER_PAID", "ORDER_CLOSED", "ORDER_EXPIRED", "MERCHANT_UNAVAILABLE"),
        "MERCHANT_FUNDS_SHORT",
    }
)
"""Why a payment failed, where that is about the order or the merchant, not about the payer."""

ORDERS: Final = (
    Entry(
        code="REFERENCE_INVALID",
        meaning="The reference is not 1 to 64 letters, digits and - _ . : / # @ * + | that begin "
        "with a letter or a digit.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This reference cannot be used.", zh="商户订单号格式不正确。"),
        step=Text(
            en="Use 1 to 64 letters and digits; - _ . : / # @ * + | may follow the first.",
            zh="请使用 1 至 64 位字母、数字或 - _ . : / # @ * + |，并以字母或数字开头。",
        ),
    ),
    Entry(
        code="REFERENCE_REUSED",
        meaning="The merchant made another order under this reference, with other words.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This reference already belongs to another order.", zh="该商户订单号已用于其他订单。"
        ),
        step=Text(
            en="Give each order a reference of its own.", zh="请为每个订单使用不同的商户订单号。"
        ),
    ),
    Entry(
        code="DESCRIPTION_INVALID",
        meaning="The description is longer than 140 characters or has characters that cannot be "
        "seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The description is too long or contains unusual characters.",
            zh="订单描述过长或含有特殊字符。",
        ),
        step=Text(
            en="Shorten it to 140 ordinary characters.",
            zh="请控制在 140 字以内，并去掉特殊字符。",
        ),
    ),
    Entry(
        code="EXPIRY_INVALID",
        meaning="An order can be paid for one minute at least and thirty days at most.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="An order cannot be open for that long or that short a time.",
            zh="订单有效期超出允许范围。",
        ),
        step=Text(en="Choose one minute to thirty days.", zh="请将有效期设为 1 分钟至 30 天。"),
    ),
    Entry(
        code="ORDER_NOT_FOUND",
        meaning="No order has this number; its last digit is a check digit.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="There is no order with this number.", zh="未找到该订单。"),
        step=Text(en="Check the number, or scan the code again.", zh="请核对订单号，或重新扫码。"),
    ),
    Entry(
        code="ORDER_PAID",
        meaning="The order is paid, or its money is authorised; nothing more is to be paid.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.NEVER,
        title=Text(en="Already paid", zh="订单已支付"),
        text=Text(en="This order has already been paid.", zh="该订单已支付，请勿重复付款。"),
        step=Text(en="If you paid it, see your payments.", zh="如果是您支付的，可在账单中查看。"),
    ),
    Entry(
        code="ORDER_CLOSED",
        meaning="The merchant closed the order, or gave its payment back before capturing it.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Order closed", zh="订单已关闭"),
        text=Text(en="The merchant has closed this order.", zh="商户已关闭该订单。"),
        step=Text(en="Ask the merchant for a new one.", zh="请联系商户重新下单。"),
    ),
    Entry(
        code="ORDER_EXPIRED",
        meaning="The order could be paid for a while, and that is over.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Order expired", zh="订单已过期"),
        text=Text(en="The time to pay this order is over.", zh="该订单已超过支付时间。"),
        step=Text(en="Ask the merchant for a new one.", zh="请联系商户重新下单。"),
    ),
    Entry(
        code="MERCHANT_UNAVAILABLE",
        meaning="The merchant takes no payments at present: it paused, was paused, or has closed.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Merchant not available", zh="商户暂停收款"),
        text=Text(en="This merchant is not taking payments at present.", zh="该商户暂时无法收款。"),
        step=Text(en="Try again later, or ask the merchant.", zh="请稍后再试，或联系商户。"),
    ),
    Entry(
        code="AMOUNT_MISMATCH",
        meaning="The payer was told one amount, and the order is over another.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This order is over {expected}.", zh="该订单的金额为 {expected}。"),
        step=Text(
            en="Check the amount with the merchant before you pay.",
            zh="请先与商户核对金额，再付款。",
        ),
    ),
    Entry(
        code="MERCHANT_MISMATCH",
        meaning="The order is of another merchant than the payer named.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This order belongs to another merchant. Do not pay it.",
            zh="该订单不属于此商户，请勿付款。",
        ),
        step=Text(en="Ask the merchant for the right order number.", zh="请向商户核对订单号。"),
    ),
    Entry(
        code="PAYMENT_NOT_MADE",
        meaning="What a merchant hears when its customer's payment failed for a reason of their "
        "own, such as too little money: the reason is the customer's.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Payment not made", zh="付款未完成"),
        text=Text(
            en="The customer's payment did not go through; they were told why.",
            zh="顾客付款未成功，原因已告知顾客本人。",
        ),
        step=Text(
            en="Ask them to try again, or to pay another way.",
            zh="请顾客重新付款，或换一种付款方式。",
        ),
    ),
    Entry(
        code="NOTHING_TO_CAPTURE",
        meaning="Nothing of the payment waits to be captured: it was captured, given back, failed, "
        "is too old, or is still looked at. `state` says which.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="Nothing of this payment can be captured.", zh="该笔付款没有可扣款的预授权金额。"
        ),
        step=Text(en="See how the payment stands.", zh="请查看该笔付款的当前状态。"),
    ),
    Entry(
        code="NOTHING_TO_VOID",
        meaning="Nothing of the payment is authorised and not captured; what was captured goes "
        "back as a refund.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="Nothing of this payment can be voided.", zh="该笔付款没有可撤销的预授权金额。"
        ),
        step=Text(en="Refund what was captured instead.", zh="如已扣款，请改用退款。"),
    ),
    Entry(
        code="CAPTURE_EXCEEDS",
        meaning="More was to be captured than is left of what was authorised.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Only {capturable} can still be captured.", zh="最多还可扣款 {capturable}。"),
        step=Text(en="Capture that much or less.", zh="请减少扣款金额。"),
    ),
    Entry(
        code="CAPTURE_BLOCKED",
        meaning="A freeze keeps the money where it is; what is authorised stays so until "
        "`captureBefore`.",
        retry=RetryAdvice.LATER,
        text=Text(en="This payment cannot be captured at present.", zh="该笔付款暂时无法扣款。"),
        step=Text(
            en="Try again later, or void it and ask the customer to pay another way.",
            zh="请稍后再试，或撤销预授权并请顾客换一种付款方式。",
        ),
    ),
)

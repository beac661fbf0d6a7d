"""Why money of a payment does not go back."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, Disclosure, Entry, RetryAdvice
from schema.texts import Text

REFUNDS: Final = (
    Entry(
        code="PAYMENT_NOT_CAPTURED",
        meaning="The merchant has nothing of this payment: it failed, waits for the desk, went "
        "back, or is only authorised. What is authorised is given back by `voidPayment`.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The merchant has not received this payment, so there is nothing to refund.",
            zh="商户尚未收到该笔付款，没有可退的款项。",
        ),
        step=Text(
            en="If the money is only set aside, the merchant can release it.",
            zh="如款项仅为预授权，商户可以撤销预授权。",
        ),
    ),
    Entry(
        code="REFUND_WINDOW_CLOSED",
        meaning="The payment was made more than 180 days ago.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This payment is more than 180 days old and can no longer be refunded.",
            zh="该笔付款已超过 180 天，不能再退款。",
        ),
        step=Text(
            en="Agree on another way, or contact our support team.",
            zh="请与对方协商其他方式，或联系客服。",
        ),
    ),
    Entry(
        code="REFUND_EXCEEDS",
        meaning="More than was captured and has not gone back, or is on its way back, already.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="At most {refundable} of this payment can still be refunded.",
            zh="该笔付款最多还可退 {refundable}。",
        ),
        step=Text(en="Choose a lower amount.", zh="请减少退款金额。"),
    ),
    Entry(
        code="REFUND_REQUESTED",
        meaning="The customer asked for a refund of this payment, and the merchant has yet to "
        "answer.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="You have already asked for a refund of this payment.",
            zh="您已申请过该笔付款的退款。",
        ),
        step=Text(
            en="Wait for the merchant's answer, or withdraw that request first.",
            zh="请等待商户处理，或先撤回之前的申请。",
        ),
    ),
    Entry(
        code="REFUND_DECIDED",
        meaning="The merchant has answered the request, or the customer took it back.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This refund is no longer waiting for an answer.", zh="该退款申请已处理或已撤回。"
        ),
        step=Text(en="See how it stands.", zh="请查看退款的最新状态。"),
    ),
    Entry(
        code="REFUND_NOT_FAILED",
        meaning="Only a refund that failed is tried again; this one has not, or just succeeded.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This refund has not failed, so it cannot be tried again.",
            zh="该退款并未失败，无需重试。",
        ),
        step=Text(en="See how it stands.", zh="请查看退款的最新状态。"),
    ),
    Entry(
        code="MERCHANT_FUNDS_SHORT",
        meaning="What uPay owes the merchant does not cover the refund: it was paid out already. "
        "Customers are told REFUND_DELAYED.",
        places=FAILURE,
        disclosure=Disclosure.HIDDEN,
        told_as="REFUND_DELAYED",
        retry=RetryAdvice.LATER,
        title=Text(en="Merchant's balance too low", zh="商户余额不足"),
        text=Text(
            en="The merchant's balance does not cover this refund: {missing} short.",
            zh="商户余额不足以支付该退款，还差 {missing}。",
        ),
        step=Text(en="Try again when more payments have come in.", zh="请在收到更多付款后重试。"),
    ),
    Entry(
        code="REFUND_DELAYED",
        meaning="As customers hear it: the merchant could not pay the refund, and may try again.",
        places=FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.LATER,
        title=Text(en="Refund delayed", zh="退款延迟"),
        text=Text(
            en="The merchant could not send this refund yet.", zh="商户暂时未能完成该笔退款。"
        ),
        step=Text(
            en="The merchant can try again. Ask them if it does not arrive.",
            zh="商户可以重新发起退款，如迟迟未到账，请联系商户。",
        ),
    ),
)

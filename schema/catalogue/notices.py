"""What is to be known of a payment before it is confirmed, while it waits, or as it is let go."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import NOTICE, Disclosure, Entry, Outcome, RetryAdvice
from schema.texts import Text

NOTICES: Final = (
    Entry(
        code="DUPLICATE_SUSPECTED",
        meaning="The same amount went to the same place in the last ten minutes.",
        places=NOTICE,
        outcome=Outcome.SUCCESS,
        retry=RetryAdvice.ASK_STATUS,
        title=Text(en="Paid already?", zh="是否重复付款"),
        text=Text(
            en="You made the same payment {minutes} min ago.",
            zh="您在 {minutes} 分钟前付过一笔相同的款项。",
        ),
        step=Text(
            en="Open that payment first. Confirm only if you want to pay again.",
            zh="请先查看那笔付款，确实需要再付一次时再确认。",
        ),
    ),
    Entry(
        code="NEW_PAYEE_COOLING",
        meaning="A rule of safety lets it arrive later than was asked for: see `isSlowed`.",
        places=NOTICE,
        outcome=Outcome.SUCCESS,
        retry=RetryAdvice.NEVER,
        title=Text(en="Arrives later, to be safe", zh="为安全起见延迟到账"),
        text=Text(
            en="This payment arrives in two hours, so that you can still call it back.",
            zh="该笔付款将在两小时后到账，到账前可以撤回。",
        ),
        step=Text(
            en="Make sure that you know the payee. Until it arrives you can cancel it.",
            zh="请核实收款人身份，到账前可随时撤回。",
        ),
    ),
    Entry(
        code="NEW_DEVICE_COOLING",
        meaning="The device is new, so a PIN alone does not confirm: see `challenge.methods`.",
        places=NOTICE,
        outcome=Outcome.SUCCESS,
        retry=RetryAdvice.NEVER,
        title=Text(en="New device", zh="新设备保护"),
        text=Text(
            en="This device is new to us, so your PIN alone is not enough.",
            zh="这台设备刚开始使用，仅凭支付密码无法付款。",
        ),
        step=Text(
            en="Confirm with a passkey, or with your PIN and a code.",
            zh="请使用通行密钥确认，或输入支付密码和验证码。",
        ),
    ),
    Entry(
        code="RISK_STEP_UP",
        meaning="A PIN alone does not confirm this payment: see `challenge.methods`.",
        places=NOTICE,
        outcome=Outcome.SUCCESS,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.NEVER,
        title=Text(en="One more check", zh="需要再验证一次"),
        text=Text(
            en="To keep you safe, your PIN alone is not enough for this payment.",
            zh="为保障您的资金安全，该笔付款需要再验证一次。",
        ),
        step=Text(
            en="Confirm with a passkey, or with your PIN and a code.",
            zh="请使用通行密钥确认，或输入支付密码和验证码。",
        ),
    ),
    Entry(
        code="RISK_REVIEW",
        meaning="The money is set aside until somebody at uPay has looked, within a day.",
        places=NOTICE,
        outcome=Outcome.UNKNOWN,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.ASK_STATUS,
        title=Text(en="Being checked", zh="正在安全核实"),
        text=Text(
            en="We look at this payment before it goes on, within 24 hours. The money is set aside "
            "and still yours.",
            zh="该笔付款正在安全核实，24 小时内完成，款项已预留但尚未付出。",
        ),
        step=Text(
            en="Wait until it is done; do not pay again. You can cancel it meanwhile.",
            zh="请耐心等待，不要重复付款，期间可以撤回。",
        ),
    ),
    Entry(
        code="PROVIDER_TIMEOUT",
        meaning="The provider's answer was lost. It is asked about; the movement is UNKNOWN.",
        places=NOTICE,
        outcome=Outcome.UNKNOWN,
        retry=RetryAdvice.ASK_STATUS,
        title=Text(en="The bank is still working", zh="银行处理中"),
        text=Text(
            en="The bank has not yet said whether this went through. We keep asking.",
            zh="银行尚未返回结果，我们会持续查询。",
        ),
        step=Text(
            en="Do not pay again: this payment shows the result as soon as there is one.",
            zh="请勿重复操作，有结果后会立即显示在这笔记录里。",
        ),
    ),
    Entry(
        code="MERCHANT_REJECTED",
        meaning="What was authorised went back: its merchant voided it, or captured nothing of it "
        "in seven days. The movement is CANCELLED.",
        places=NOTICE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Not accepted by the merchant", zh="商户未接受付款"),
        text=Text(
            en="The merchant did not accept this payment. You can use the money again.",
            zh="商户未接受该笔付款，预留的款项已恢复可用。",
        ),
        step=Text(
            en="If you still want what you ordered, ask the merchant for a new order.",
            zh="如仍需购买，请联系商户重新下单。",
        ),
    ),
)

"""What is said of payments that rules or agents stopped, and of the questions about them."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Disclosure, Entry, RetryAdvice
from schema.texts import Text

_DECLINED_TITLE: Final = Text(en="Not completed", zh="付款未完成")
_DECLINED_TEXT: Final = Text(
    en="For safety reasons this payment cannot be completed.",
    zh="出于安全考虑，该笔付款无法完成。",
)
_DECLINED_STEP: Final = Text(
    en="No money left your wallet. Contact support if you need it.",
    zh="您的资金没有转出，如有需要请联系客服。",
)

RISK: Final = (
    Entry(
        code="RISK_DECLINED",
        meaning="A rule of risk or an agent stopped the payment. Which one and why is not told to "
        "the payer.",
        places=PROBLEM | FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.NEVER,
        title=_DECLINED_TITLE,
        text=_DECLINED_TEXT,
        step=_DECLINED_STEP,
    ),
    Entry(
        code="SANCTIONED",
        meaning="An agent declined it, because somebody's name is on a list of sanctions.",
        places=FAILURE,
        disclosure=Disclosure.HIDDEN,
        told_as="RISK_DECLINED",
        retry=RetryAdvice.NEVER,
        title=Text(en="On a list of sanctions", zh="命中制裁名单"),
        text=Text(
            en="Somebody in this payment is on a list of sanctions.", zh="交易一方命中制裁名单。"
        ),
        step=Text(
            en="Do not tell the customer why. The money is the payer's again.",
            zh="请勿向客户透露原因，款项已退回付款人余额。",
        ),
    ),
    Entry(
        code="LEGAL_HOLD",
        meaning="An agent declined it, because a court or an authority wants the money to stay.",
        places=FAILURE,
        disclosure=Disclosure.HIDDEN,
        told_as="RISK_DECLINED",
        retry=RetryAdvice.NEVER,
        title=Text(en="Held by law", zh="司法或监管冻结"),
        text=Text(
            en="A court or an authority wants this money to stay.",
            zh="司法或监管机关要求暂停付款。",
        ),
        step=Text(
            en="Do not tell the customer why. The money is the payer's again.",
            zh="请勿向客户透露原因，款项已退回付款人余额。",
        ),
    ),
    Entry(
        code="REVIEW_EXPIRED",
        meaning="No agent decided on the payment within a day.",
        places=FAILURE,
        disclosure=Disclosure.HIDDEN,
        told_as="RISK_DECLINED",
        retry=RetryAdvice.NEVER,
        title=Text(en="Not reviewed in time", zh="逾期未审核"),
        text=Text(
            en="Nobody decided on this payment within a day.",
            zh="该笔付款在一天内没有得到审核。",
        ),
        step=Text(
            en="The money is the payer's again. They can pay anew.",
            zh="款项已退回付款人余额，付款人可重新付款。",
        ),
    ),
    Entry(
        code="RISK_CASE_CLOSED",
        meaning="An agent was faster, the day is over, or the payer took the payment back.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This case is closed already.", zh="该案件已结案。"),
        step=Text(en="Open it to see how it ended.", zh="请打开案件查看处理结果。"),
    ),
    Entry(
        code="INQUIRY_CLOSED",
        meaning="The question was answered before, or its day is over.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This question has been answered or is too old.", zh="该问题已回答或已过期。"),
        step=Text(
            en="If a payment was not yours, freeze your wallets and contact support.",
            zh="如果付款不是您本人操作，请冻结账户并联系客服。",
        ),
    ),
)

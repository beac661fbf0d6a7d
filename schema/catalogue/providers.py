"""What can be wrong with money that comes in from a bank, or goes out to one."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, Disclosure, Entry, RetryAdvice
from schema.texts import Text

PROVIDERS: Final = (
    Entry(
        code="WITHDRAWALS_UNAVAILABLE",
        meaning="No payment provider is connected.",
        retry=RetryAdvice.LATER,
        text=Text(en="Withdrawals are not available at present.", zh="暂时无法提现。"),
        step=Text(en="Try again later.", zh="请稍后再试。"),
    ),
    Entry(
        code="CANNOT_CANCEL_WITHDRAWAL",
        meaning="The withdrawal was handed to the bank, or has ended.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This withdrawal can no longer be cancelled.", zh="该笔提现已无法取消。"),
        step=Text(
            en="Wait for the bank: the money arrives there, or comes back.",
            zh="请等待银行处理，款项会到账或退回余额。",
        ),
    ),
    Entry(
        code="BANK_CURRENCY_DIFFERS",
        meaning="The card or bank account is in another currency than the wallet.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This bank account is not in the wallet's currency.",
            zh="银行账户币种与钱包币种不一致。",
        ),
        step=Text(
            en="Choose a bank account or a wallet in the same currency.",
            zh="请选择币种相同的银行账户或钱包。",
        ),
    ),
    Entry(
        code="PROVIDER_DECLINED",
        meaning="The bank or the card company said no; its own reason is kept for staff.",
        places=FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Bank declined", zh="银行未通过"),
        text=Text(en="The bank did not let this through.", zh="银行未通过该笔交易。"),
        step=Text(
            en="Use another card or bank account, or ask the bank.",
            zh="请更换银行卡或账户，或咨询银行。",
        ),
    ),
    Entry(
        code="PROVIDER_DOWN",
        meaning="The payment provider cannot do it at present.",
        places=FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Bank not available", zh="银行通道暂不可用"),
        text=Text(
            en="The connection to the bank is not available at present.",
            zh="银行通道正在维护，暂时无法办理。",
        ),
        step=Text(
            en="Try again later, or use another card or bank account.",
            zh="请稍后再试，或更换银行卡、账户。",
        ),
    ),
    Entry(
        code="CARD_FUNDS",
        meaning="There is too little money on the card or bank account that was to pay.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Too little on the card", zh="银行卡余额不足"),
        text=Text(
            en="There is not enough money on the card or bank account.",
            zh="银行卡或账户余额不足。",
        ),
        step=Text(en="Take a smaller amount, or another card.", zh="请减少金额，或换一张银行卡。"),
    ),
    Entry(
        code="CARD_LIMIT",
        meaning="The bank's own limit for the card or account would be passed.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Over the bank's limit", zh="超出银行限额"),
        text=Text(
            en="The amount is above the bank's limit for this card or account.",
            zh="金额超出银行对该卡或账户的限额。",
        ),
        step=Text(
            en="Take a smaller amount, or have the bank raise the limit.",
            zh="请减少金额，或向银行申请提高限额。",
        ),
    ),
    Entry(
        code="CONTACT_BANK",
        meaning="The bank wants to speak with the owner of the card or account first.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Call your bank", zh="请联系银行"),
        text=Text(en="The bank wants to hear from you first.", zh="银行需要先与您核实。"),
        step=Text(
            en="Call the bank's own number, then try again.", zh="请拨打银行官方电话，核实后再试。"
        ),
    ),
    Entry(
        code="BANK_ACCOUNT_INVALID",
        meaning="The bank has no such account, it is closed, or it is somebody else's.",
        places=FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Bank details wrong", zh="银行账户信息有误"),
        text=Text(
            en="The bank does not accept this card or account.",
            zh="银行不接受该卡或账户，信息可能有误或已销户。",
        ),
        step=Text(
            en="Check the details, or use another card or account.",
            zh="请核对信息，或更换银行卡、账户。",
        ),
    ),
)

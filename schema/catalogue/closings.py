"""What keeps a wallet or an account from being closed."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

CLOSINGS: Final = (
    Entry(
        code="WALLET_NOT_EMPTY",
        meaning="There is money in a wallet that was to be closed, by itself or with its account.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="There is still {balance} in this wallet.", zh="钱包内还有 {balance}，暂不能关闭。"
        ),
        step=Text(
            en="Send the money to somebody else, then close it.",
            zh="请先将余额转出，再关闭。",
        ),
    ),
    Entry(
        code="WALLET_IN_USE",
        meaning="Money of the wallet is set aside, on its way to it, or asked for from a provider.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="A payment of your {currency} wallet is still under way.",
            zh="您的 {currency} 钱包还有付款或收款未完成。",
        ),
        step=Text(
            en="Wait until it has arrived, or call it back.",
            zh="请等待款项到账，或先撤回该笔转账。",
        ),
    ),
    Entry(
        code="CASE_UNDER_WAY",
        meaning="uPay froze the person's payments, or an agent has yet to decide about one of "
        "them.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="We are still looking into something about this account.",
            zh="我们正在核实与该账户有关的情况，暂不能注销。",
        ),
        step=Text(en="Contact our support team.", zh="请联系客服。"),
    ),
)

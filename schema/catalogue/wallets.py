"""Why a wallet cannot pay."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Disclosure, Entry, RetryAdvice
from schema.texts import Text

WALLETS: Final = (
    Entry(
        code="WALLET_CLOSED",
        meaning="The wallet is closed.",
        recorded_as=("ACCOUNT_CLOSED",),
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Wallet closed", zh="钱包已关闭"),
        text=Text(en="This wallet is closed.", zh="该钱包已关闭。"),
        step=Text(en="Choose another wallet.", zh="请选择其他钱包。"),
    ),
    Entry(
        code="ACCOUNT_FROZEN_BY_USER",
        meaning="The person froze their own payments.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Payments frozen", zh="付款已冻结"),
        text=Text(en="You have frozen your payments.", zh="您已冻结付款功能。"),
        step=Text(en="Unfreeze them, then pay again.", zh="请解冻后再付款。"),
    ),
    Entry(
        code="ACCOUNT_RESTRICTED",
        meaning="uPay froze payments from this account.",
        places=PROBLEM | FAILURE,
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.LATER,
        title=Text(en="Account restricted", zh="账户受限"),
        text=Text(en="Payments from your account are restricted.", zh="您的账户付款功能受限。"),
        step=Text(en="Contact our support team.", zh="请联系客服。"),
    ),
    Entry(
        code="INSUFFICIENT_FUNDS",
        meaning="The wallet holds less than the payment needs.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Balance too low", zh="余额不足"),
        text=Text(
            en="Not enough money in the wallet: {missing} short.", zh="余额不足，还差 {missing}。"
        ),
        step=Text(en="Top up or choose a lower amount.", zh="请充值或减少金额。"),
    ),
    Entry(
        code="FUNDS_ON_HOLD",
        meaning="The wallet holds enough, but part of it is set aside for other payments.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.LATER,
        title=Text(en="Money set aside", zh="部分余额被占用"),
        text=Text(
            en="Part of your balance is set aside for other payments: {missing} short.",
            zh="部分余额被其他付款占用，可用余额还差 {missing}。",
        ),
        step=Text(
            en="Wait until those payments end, cancel one of them, or top up.",
            zh="请等待这些付款完成，撤回其中一笔，或先充值。",
        ),
    ),
)

"""Why a movement failed, said the same everywhere: code, title, detail, next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schema.texts import Text


@dataclass(frozen=True, slots=True)
class FailureText:
    title: Text
    detail: Text
    next_step: Text


FAILURES: Final[dict[str, FailureText]] = {
    "INSUFFICIENT_FUNDS": FailureText(
        title=Text(en="Balance too low", zh="余额不足"),
        detail=Text(
            en="The wallet was {missing} short when the payment was made.",
            zh="付款时钱包余额还差 {missing}。",
        ),
        next_step=Text(
            en="Top up or choose a lower amount, then pay again.",
            zh="请充值或减少金额后重新付款。",
        ),
    ),
    "ACCOUNT_CLOSED": FailureText(
        title=Text(en="Wallet closed", zh="钱包已关闭"),
        detail=Text(
            en="The wallet was closed before the payment was made.", zh="付款前该钱包已关闭。"
        ),
        next_step=Text(en="Pay from another wallet.", zh="请使用其他钱包付款。"),
    ),
    "ACCOUNT_FROZEN_BY_USER": FailureText(
        title=Text(en="Payments frozen", zh="付款已冻结"),
        detail=Text(en="You had frozen your payments.", zh="您此前冻结了付款功能。"),
        next_step=Text(en="Unfreeze your payments, then pay again.", zh="请解冻后重新付款。"),
    ),
    "ACCOUNT_RESTRICTED": FailureText(
        title=Text(en="Account restricted", zh="账户受限"),
        detail=Text(en="Payments from your account were restricted.", zh="您的账户付款功能受限。"),
        next_step=Text(en="Contact our support team.", zh="请联系客服。"),
    ),
    "PAYEE_CANNOT_RECEIVE": FailureText(
        title=Text(en="Payee cannot receive", zh="对方无法收款"),
        detail=Text(
            en="The payee could not receive this payment.", zh="对方暂时无法收取该笔款项。"
        ),
        next_step=Text(
            en="Your money has not left. Ask the payee to check their account.",
            zh="款项未转出，请联系收款人确认。",
        ),
    ),
    "HOLD_EXPIRED": FailureText(
        title=Text(en="Waited too long", zh="等待超时"),
        detail=Text(
            en="The money set aside for this payment waited too long.",
            zh="为该笔付款预留的资金等待超时。",
        ),
        next_step=Text(
            en="The money is yours again. Start a new payment.",
            zh="资金已退回可用余额，请重新发起。",
        ),
    ),
    "PROVIDER_DECLINED": FailureText(
        title=Text(en="Bank declined", zh="银行未通过"),
        detail=Text(en="Your bank did not approve this top-up.", zh="您的银行未通过该笔充值。"),
        next_step=Text(en="Use another card, or ask your bank.", zh="请更换银行卡或咨询您的银行。"),
    ),
}

"""What can go wrong when a person proves that it is them, and when they change their mind."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

PROOFS: Final = (
    Entry(
        code="PIN_NOT_SET",
        meaning="There is no payment PIN yet.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You have not set a payment PIN.", zh="您还没有设置支付密码。"),
        step=Text(en="Set one to confirm payments.", zh="请先设置支付密码。"),
    ),
    Entry(
        code="PIN_WRONG",
        meaning="The payment PIN is wrong.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Wrong payment PIN; tries left: {tries_left}.",
            zh="支付密码错误，还可输入 {tries_left} 次。",
        ),
        step=Text(en="Try again carefully.", zh="请核对后重新输入。"),
    ),
    Entry(
        code="PIN_LOCKED",
        meaning="The payment PIN was guessed wrong too often.",
        retry=RetryAdvice.LATER,
        text=Text(en="Your payment PIN is locked.", zh="支付密码已锁定。"),
        step=Text(en="Wait until it opens again at the time shown.", zh="请到解锁时间后再试。"),
    ),
    Entry(
        code="PIN_TOO_SIMPLE",
        meaning="The PIN is not six digits, or is one everybody guesses first.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This PIN is too easy to guess.", zh="支付密码过于简单。"),
        step=Text(
            en="Choose six digits that are neither a row nor all alike.",
            zh="请设置 6 位数字，不要使用连续或相同的数字。",
        ),
    ),
    Entry(
        code="PIN_ALREADY_SET",
        meaning="A payment PIN is set already.",
        retry=RetryAdvice.NEVER,
        text=Text(en="You already have a payment PIN.", zh="您已设置支付密码。"),
        step=Text(en="Change it instead.", zh="如需更换，请修改支付密码。"),
    ),
    Entry(
        code="QUOTE_EXPIRED",
        meaning="The quote is older than five minutes.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This confirmation took too long.", zh="确认超时，已失效。"),
        step=Text(en="Start again: nothing was charged.", zh="本次未扣款，请重新发起。"),
    ),
    Entry(
        code="INTENT_CHANGED",
        meaning="The challenge is of another quote than the one to be confirmed.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The amount or the payee is not the one you confirmed.",
            zh="金额或收款人与您确认的不一致。",
        ),
        step=Text(
            en="Nothing was charged. Start again and look at the payment once more.",
            zh="本次未扣款，请重新发起并核对付款信息。",
        ),
    ),
    Entry(
        code="CHALLENGE_SPENT",
        meaning="The challenge was used before, or has expired.",
        retry=RetryAdvice.ASK_STATUS,
        text=Text(
            en="This confirmation was already used or has expired.", zh="该确认已使用或已过期。"
        ),
        step=Text(
            en="Look in your history; if nothing is there, start again.",
            zh="请先查看账单，没有记录再重新发起。",
        ),
    ),
    Entry(
        code="CANNOT_CANCEL",
        meaning="The transfer is no longer waiting.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This transfer can no longer be cancelled.", zh="该转账已无法撤回。"),
        step=Text(en="Ask the payee to send it back.", zh="请联系收款人退回。"),
    ),
    Entry(
        code="PROOF_TOO_WEAK",
        meaning="The payment asks for more than a PIN; the challenge's methods say for what.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Your PIN alone is not enough here.", zh="此笔支付仅凭支付密码还不够。"),
        step=Text(
            en="Confirm with a passkey, or add a code to your PIN.",
            zh="请使用通行密钥，或同时输入支付密码和验证码。",
        ),
    ),
    Entry(
        code="PROOF_WRONG",
        meaning="The PIN or the code beside it is wrong; which one is not said.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The PIN or the code is wrong.", zh="支付密码或验证码有误。"),
        step=Text(en="Check both and try again.", zh="请核对后重新输入。"),
    ),
    Entry(
        code="CODE_IN_APP",
        meaning="Whoever has an authenticator app reads the code there; none is sent.",
        retry=RetryAdvice.NEVER,
        text=Text(en="No code was sent.", zh="未发送验证码。"),
        step=Text(
            en="Open your authenticator app and use the code it shows.",
            zh="请打开身份验证器，输入其中显示的验证码。",
        ),
    ),
)

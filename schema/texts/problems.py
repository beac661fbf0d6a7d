"""What problems say, and what a person can do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schema.problems.codes import ProblemCode
from schema.texts import Text


@dataclass(frozen=True, slots=True)
class ProblemText:
    message: Text
    next_step: Text | None = None


TEXTS: Final[dict[ProblemCode, ProblemText]] = {
    ProblemCode.KEY_INVALID: ProblemText(
        Text(en="The request key is not valid.", zh="请求标识无效。"),
    ),
    ProblemCode.KEY_REUSED: ProblemText(
        Text(
            en="This request key was already used for something else.",
            zh="该请求标识已用于其他操作。",
        ),
    ),
    ProblemCode.BUSY: ProblemText(
        Text(en="uPay is very busy just now.", zh="系统繁忙。"),
        Text(en="Try again in a moment. Nothing was charged.", zh="请稍后再试，款项未被扣除。"),
    ),
    ProblemCode.OUTCOME_UNKNOWN: ProblemText(
        Text(en="We do not know yet whether this went through.", zh="暂时无法确认是否成功。"),
        Text(
            en="Please do not pay again. Look it up in your history in a moment.",
            zh="请勿重复付款，稍后在账单中查看结果。",
        ),
    ),
    ProblemCode.AMOUNT_INVALID: ProblemText(
        Text(en="This amount cannot be used.", zh="金额无效。"),
        Text(en="Enter an amount above zero.", zh="请输入大于零的金额。"),
    ),
    ProblemCode.CURRENCY_MISMATCH: ProblemText(
        Text(en="The amount is not in this wallet's currency.", zh="金额币种与钱包币种不一致。"),
        Text(en="Choose the wallet in that currency.", zh="请选择对应币种的钱包。"),
    ),
    ProblemCode.CURRENCY_NOT_OFFERED: ProblemText(
        Text(en="This currency is not offered.", zh="暂不支持该币种。"),
        Text(en="Choose another currency.", zh="请选择其他币种。"),
    ),
    ProblemCode.NOTE_INVALID: ProblemText(
        Text(
            en="The note is too long or contains unusual characters.", zh="备注过长或含有特殊字符。"
        ),
        Text(en="Shorten it to 140 ordinary characters.", zh="请缩短至 140 字以内并去掉特殊字符。"),
    ),
    ProblemCode.TOP_UPS_UNAVAILABLE: ProblemText(
        Text(en="Topping up is not available at present.", zh="暂时无法充值。"),
        Text(en="Try again later.", zh="请稍后再试。"),
    ),
    ProblemCode.PAYEE_NOT_FOUND: ProblemText(
        Text(en="We could not find this payee.", zh="未找到该收款人。"),
        Text(en="Check the name or number and try again.", zh="请核对账户名或手机号后重试。"),
    ),
    ProblemCode.PAYEE_CANNOT_RECEIVE: ProblemText(
        Text(en="This payee cannot receive the payment at present.", zh="对方暂时无法收款。"),
        Text(en="Ask the payee to check their account.", zh="请联系收款人确认。"),
    ),
    ProblemCode.SELF_PAYMENT: ProblemText(
        Text(en="You cannot pay yourself.", zh="不能向自己付款。"),
        Text(en="Choose another payee.", zh="请选择其他收款人。"),
    ),
    ProblemCode.WALLET_CLOSED: ProblemText(
        Text(en="This wallet is closed.", zh="该钱包已关闭。"),
        Text(en="Choose another wallet.", zh="请选择其他钱包。"),
    ),
    ProblemCode.ACCOUNT_FROZEN_BY_USER: ProblemText(
        Text(en="You have frozen your payments.", zh="您已冻结付款功能。"),
        Text(en="Unfreeze them to pay again.", zh="解冻后即可付款。"),
    ),
    ProblemCode.ACCOUNT_RESTRICTED: ProblemText(
        Text(en="Payments from your account are restricted.", zh="您的账户付款受限。"),
        Text(en="Contact our support team.", zh="请联系客服。"),
    ),
    ProblemCode.INSUFFICIENT_FUNDS: ProblemText(
        Text(en="Your balance is {missing} short.", zh="余额不足，还差 {missing}。"),
        Text(en="Top up, or enter a lower amount.", zh="请充值或减少金额。"),
    ),
    ProblemCode.PIN_NOT_SET: ProblemText(
        Text(en="You have not set a payment PIN.", zh="您尚未设置支付密码。"),
        Text(en="Set one to confirm payments.", zh="请先设置支付密码。"),
    ),
    ProblemCode.PIN_WRONG: ProblemText(
        Text(
            en="Wrong payment PIN; tries left: {tries_left}.",
            zh="支付密码错误，还可输入 {tries_left} 次。",
        ),
        Text(en="Try again carefully.", zh="请仔细核对后重试。"),
    ),
    ProblemCode.PIN_LOCKED: ProblemText(
        Text(en="Your payment PIN is locked.", zh="支付密码已锁定。"),
        Text(en="Wait until it opens again at the time shown.", zh="请在所示时间后重试。"),
    ),
    ProblemCode.PIN_TOO_SIMPLE: ProblemText(
        Text(en="This PIN is too easy to guess.", zh="支付密码过于简单。"),
        Text(
            en="Choose six digits that are neither a row nor all alike.",
            zh="请设置六位数字，避免连号或重复数字。",
        ),
    ),
    ProblemCode.PIN_ALREADY_SET: ProblemText(
        Text(en="You already have a payment PIN.", zh="您已设置支付密码。"),
        Text(en="Change it instead.", zh="如需修改请使用修改功能。"),
    ),
    ProblemCode.QUOTE_EXPIRED: ProblemText(
        Text(en="This confirmation took too long.", zh="确认超时，已失效。"),
        Text(en="Start again: nothing was charged.", zh="请重新发起，款项未被扣除。"),
    ),
    ProblemCode.CHALLENGE_SPENT: ProblemText(
        Text(en="This confirmation was already used or has expired.", zh="该确认已使用或已过期。"),
        Text(
            en="Look in your history; if nothing is there, start again.",
            zh="请先查看账单，如无记录请重新发起。",
        ),
    ),
    ProblemCode.CANNOT_CANCEL: ProblemText(
        Text(en="This transfer can no longer be cancelled.", zh="该转账已无法撤回。"),
        Text(en="Ask the payee to send it back.", zh="请联系收款人退回。"),
    ),
    ProblemCode.ACCOUNT_NAME_INVALID: ProblemText(
        Text(en="This account name cannot be used.", zh="该账户名不可用。"),
        Text(
            en="Use 3 to 32 Latin letters, digits, dots, dashes or underscores, beginning with a letter.",
            zh="请使用 3 至 32 位字母、数字、点、横线或下划线，并以字母开头。",
        ),
    ),
    ProblemCode.ACCOUNT_NAME_TAKEN: ProblemText(
        Text(en="This account name is taken.", zh="该账户名已被使用。"),
        Text(en="Choose another one.", zh="请换一个账户名。"),
    ),
    ProblemCode.DISPLAY_NAME_INVALID: ProblemText(
        Text(en="This display name cannot be used.", zh="该昵称不可用。"),
        Text(en="Use 1 to 64 ordinary characters.", zh="请使用 1 至 64 个常规字符。"),
    ),
    ProblemCode.EMAIL_INVALID: ProblemText(
        Text(en="This e-mail address is not valid.", zh="邮箱地址无效。"),
        Text(en="Check it for mistakes.", zh="请检查是否有误。"),
    ),
    ProblemCode.PHONE_INVALID: ProblemText(
        Text(en="This phone number is not valid.", zh="手机号无效。"),
        Text(
            en="Write it with its country code, such as +86 138 0000 0000.",
            zh="请填写含国家代码的号码，如 +86 138 0000 0000。",
        ),
    ),
    ProblemCode.TIME_ZONE_INVALID: ProblemText(
        Text(en="This time zone is not known.", zh="时区无效。"),
        Text(en="Choose a zone such as Asia/Shanghai.", zh="请选择如 Asia/Shanghai 的时区。"),
    ),
    ProblemCode.PASSWORD_TOO_WEAK: ProblemText(
        Text(en="This password is too weak.", zh="密码强度不足。"),
        Text(
            en="Use at least 12 characters with letters, digits and symbols, and not your account name.",
            zh="请使用至少 12 位，包含字母、数字和符号，且不含账户名。",
        ),
    ),
    ProblemCode.CODE_WRONG: ProblemText(
        Text(
            en="Wrong code; tries left: {tries_left}.", zh="验证码错误，还可输入 {tries_left} 次。"
        ),
        Text(en="Check the latest message we sent you.", zh="请核对最近收到的验证码。"),
    ),
    ProblemCode.CODE_EXPIRED: ProblemText(
        Text(en="This code is no longer valid.", zh="验证码已失效。"),
        Text(en="Ask for a new one.", zh="请重新获取。"),
    ),
    ProblemCode.TOO_MANY_CODES: ProblemText(
        Text(en="We have sent too many codes.", zh="验证码发送过于频繁。"),
        Text(en="Try again at the time shown.", zh="请在所示时间后重试。"),
    ),
    ProblemCode.CONTACT_TAKEN: ProblemText(
        Text(en="This contact belongs to another account.", zh="该联系方式已属于其他账户。"),
        Text(en="Use another one, or sign in to that account.", zh="请更换，或登录原账户。"),
    ),
    ProblemCode.SIGN_IN_REFUSED: ProblemText(
        Text(en="The name or password is not right.", zh="账户名或密码不正确。"),
        Text(
            en="Check both and try again, or reset your password.", zh="请核对后重试，或重置密码。"
        ),
    ),
    ProblemCode.SIGN_IN_LOCKED: ProblemText(
        Text(en="Too many wrong tries.", zh="尝试次数过多。"),
        Text(en="Try again at the time shown.", zh="请在所示时间后重试。"),
    ),
    ProblemCode.SECOND_FACTOR_REQUIRED: ProblemText(
        Text(en="Enter the code from your authenticator app.", zh="请输入身份验证器中的验证码。"),
    ),
    ProblemCode.SESSION_ENDED: ProblemText(
        Text(en="Your session has ended.", zh="登录状态已失效。"),
        Text(en="Please sign in again.", zh="请重新登录。"),
    ),
    ProblemCode.ALREADY_FROZEN: ProblemText(
        Text(en="This customer is already frozen.", zh="该客户已处于冻结状态。"),
    ),
    ProblemCode.NOT_FROZEN: ProblemText(
        Text(en="This customer is not frozen.", zh="该客户未被冻结。"),
    ),
    ProblemCode.FREEZE_IS_STRONGER: ProblemText(
        Text(en="You cannot lift this freeze.", zh="您无权解除该冻结。"),
        Text(en="Ask whoever placed it.", zh="请联系冻结方处理。"),
    ),
    ProblemCode.REASON_REQUIRED: ProblemText(
        Text(en="Please give a reason.", zh="请填写原因。"),
        Text(en="Write a few words about why.", zh="请简要说明理由。"),
    ),
}

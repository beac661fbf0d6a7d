"""What the pages behind links in letters say."""

from __future__ import annotations

from typing import Final

from domain.passwords import Reason
from schema.texts import Text

RESET_TITLE: Final = Text(en="Choose a new password", zh="设置新密码")
RESET_ACCOUNT: Final = Text(en="Account", zh="账户")
RESET_NEW: Final = Text(en="New password", zh="新密码")
RESET_AGAIN: Final = Text(en="The same again", zh="再次输入新密码")
RESET_BUTTON: Final = Text(en="Save the new password", zh="保存新密码")
RESET_FOLLOWS: Final = Text(
    en="Everything that is signed in to this account will be signed out.",
    zh="保存后，该账户在所有设备上的登录都将失效。",
)
RESET_PIN: Final = Text(en="Your payment PIN stays as it is.", zh="支付密码不变。")
RESET_CLASSES: Final = Text(
    en="At least {length} characters with letters, digits and symbols; a space is a symbol.",
    zh="至少 {length} 位，须包含字母、数字和符号（空格也算符号）。",
)
RESET_LENGTH: Final = Text(
    en="At least {length} characters. A few words that only you put together are good.",
    zh="至少 {length} 位。几个只有您自己会想到的词连在一起就很好。",
)
RESET_SUGGESTION: Final = Text(
    en="If you like, take this one, made just now for you:",
    zh="您也可以直接使用这个刚为您生成的密码：",
)
RESET_DIFFERENT: Final = Text(
    en="The two are not the same. Type the new password twice.",
    zh="两次输入的密码不一致，请重新输入。",
)
RESET_USED: Final = Text(
    en="You have used this password before. Choose another one.",
    zh="该密码近期已使用过，请换一个。",
)
RESET_DONE_TITLE: Final = Text(en="Your password is changed", zh="密码已重置")
RESET_DONE: Final = Text(
    en="Everything was signed out. Sign in to uPay with your new password.",
    zh="所有设备上的登录均已失效，请使用新密码登录 uPay。",
)

FREEZE_TITLE: Final = Text(en="Stop all payments?", zh="要停止所有付款吗？")
FREEZE_FOLLOWS: Final = Text(
    en="If something was done in your account that was not you, stop all payments: nothing leaves "
    "your wallets until you allow it again in uPay.",
    zh="如果账户中出现了并非您本人的操作，请立即停止付款。在您到 uPay 中解除之前，您的钱包不会有任何支出。",
)
FREEZE_RECEIVES: Final = Text(
    en="You can still be paid, and nothing is lost.", zh="您仍可正常收款，余额不受影响。"
)
FREEZE_BUTTON: Final = Text(en="Stop all payments", zh="停止所有付款")
FREEZE_DONE_TITLE: Final = Text(en="All payments are stopped", zh="已停止所有付款")
FREEZE_DONE: Final = Text(
    en="Nothing leaves your wallets. Change your password, look at where you are signed in, and "
    "allow payments again in uPay when all is well.",
    zh="您的钱包不会再有任何支出。请修改登录密码并检查已登录的设备，确认安全后再到 uPay 中解除。",
)

ANSWER_TITLE: Final = Text(en="Was this you?", zh="这是您本人的付款吗？")
ANSWER_PAYMENT: Final = Text(en="{amount} to {payee}", zh="向 {payee} 付款 {amount}")
ANSWER_FOLLOWS: Final = Text(
    en="If not, all payments are stopped and everything is signed out.",
    zh="如果不是，我们会停止所有付款，并使所有设备上的登录失效。",
)
ANSWER_YES: Final = Text(en="Yes, it was me", zh="是我本人")
ANSWER_NO: Final = Text(en="No, stop it", zh="不是我，立即停止")
ANSWER_YES_TITLE: Final = Text(en="Thank you", zh="谢谢")
ANSWER_YES_DONE: Final = Text(
    en="Good to know. There is nothing else to do.", zh="已收到您的确认，无需其他操作。"
)
ANSWER_NO_TITLE: Final = Text(en="All payments are stopped", zh="已停止所有付款")
ANSWER_NO_DONE: Final = Text(
    en="Thank you. Somebody at uPay looks at it. Change your password before anything else.",
    zh="感谢告知，我们的工作人员会跟进处理。请首先修改您的登录密码。",
)

DEAD_TITLE: Final = Text(en="This link is no longer valid", zh="链接已失效")
DEAD: Final = Text(
    en="It was used before, or its time is over. If you still need it, start again in uPay.",
    zh="该链接已使用过或已过期。如仍需要，请在 uPay 中重新操作。",
)
TOO_OFTEN_TITLE: Final = Text(en="A moment, please", zh="请稍候")
TOO_OFTEN: Final = Text(
    en="That was too often. Try again in a minute.", zh="操作过于频繁，请一分钟后再试。"
)
UNREADABLE_TITLE: Final = Text(en="That did not arrive", zh="提交未成功")
UNREADABLE: Final = Text(
    en="What was sent could not be read. Open the link in the letter again.",
    zh="提交的内容无法识别，请重新打开邮件中的链接。",
)
FOOT: Final = Text(
    en="uPay never asks for your payment PIN or a code on a page like this.",
    zh="uPay 不会在此类页面上索要您的支付密码或验证码。",
)

REASONS: Final = {
    Reason.SHORT: Text(en="It is too short.", zh="密码太短。"),
    Reason.LONG: Text(en="It is too long.", zh="密码太长。"),
    Reason.LETTERS: Text(en="It has no letter.", zh="缺少字母。"),
    Reason.DIGITS: Text(en="It has no digit.", zh="缺少数字。"),
    Reason.SYMBOLS: Text(en="It has no symbol.", zh="缺少符号。"),
    Reason.NAME: Text(en="It contains your account name.", zh="密码中包含您的账户名。"),
    Reason.EMAIL: Text(en="It contains your e-mail address.", zh="密码中包含您的邮箱地址。"),
    Reason.DISPLAY_NAME: Text(en="It contains your name.", zh="密码中包含您的姓名或昵称。"),
    Reason.BRAND: Text(en="It contains the name of uPay.", zh="密码中包含 uPay 字样。"),
    Reason.PATTERN: Text(
        en="It is little more than a row of keys or a repetition.",
        zh="密码主要由连续或重复的字符组成。",
    ),
    Reason.COMMON: Text(en="Very many people use one like it.", zh="与常见密码过于相似。"),
    Reason.LISTED: Text(
        en="It is known from a leak, or not allowed here.", zh="该密码曾被泄露，或在此不允许使用。"
    ),
}
"""Why a password is refused, for whoever chose it."""

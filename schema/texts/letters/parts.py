"""What every letter has: how it greets, what one knows it by, how it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schema.texts import Text


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words of one letter: `text` between greeting and ending of an e-mail, `sms` alone.

    Without `sms` it is never sent to a telephone.
    """

    subject: Text
    text: Text
    sms: Text | None = None


GREETING: Final = Text(en="Hello {name},", zh="{name}，您好：")
GREETING_TO_NOBODY: Final = Text(en="Hello,", zh="您好：")
"""For an address that is nobody's yet: what a stranger calls themselves is not carried there."""

PHRASE: Final = Text(en="Your phrase: {phrase}", zh="您的防钓鱼码：{phrase}")
NO_PHRASE: Final = Text(
    en=(
        "You have not chosen a phrase yet. Choose one in uPay: every real letter will show it, "
        "and no fake can."
    ),
    zh="您还没有设置防钓鱼码。请在 uPay 中设置：此后每封真实邮件都会显示它，而假冒邮件做不到。",
)
ENDING: Final = Text(
    en=(
        "Links in our letters lead only to {host}. Nobody from uPay will ever ask you for a "
        "password, a PIN or a code.\n\n"
        "uPay"
    ),
    zh=(
        "我们邮件中的链接只会指向 {host}。uPay 的任何人都不会向您索要密码、支付密码或验证码。\n\n"
        "uPay"
    ),
)

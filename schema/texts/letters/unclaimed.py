"""The text message to a telephone number for which money waits."""

from __future__ import annotations

from typing import Final

from schema.texts import Text

# Neither amount nor name: it may reach a stranger. It asks for nothing that a cheat would ask for.
WAITING: Final = Text(
    en="uPay: somebody has sent money to this number. Sign up at {host} with this number within 24 "
    "hours to receive it; otherwise it goes back. It costs nothing, and we never ask for your "
    "codes.",
    zh="【uPay】有人向您的手机号转账。请在 24 小时内访问 {host} 用本手机号注册并领取，逾期将自动退回。"
    "领取不收取任何费用，我们也不会向您索要验证码。",
)

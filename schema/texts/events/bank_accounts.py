"""What is said of bank accounts and cards that come and go."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts import Text
from schema.texts.events.parts import EventText, sms

BANK_ACCOUNTS: Final = {
    EventKind.BANK_ACCOUNT_ADDED: EventText(
        title=Text(en="A bank account or card was added", zh="已添加银行账户或银行卡"),
        text=Text(
            en="Money can be withdrawn to it a day from now, once it is verified.",
            zh="通过验证后，24 小时后即可提现到该账户。",
        ),
        sms=sms(
            "a bank account or card was added to your account.",
            "您的账户添加了一个银行账户或银行卡。",
        ),
    ),
    EventKind.BANK_ACCOUNT_REMOVED: EventText(
        title=Text(en="A bank account or card was removed", zh="已移除银行账户或银行卡"),
        text=Text(
            en="No money goes to it or comes from it any more.",
            zh="今后不能再用它充值或提现。",
        ),
    ),
}

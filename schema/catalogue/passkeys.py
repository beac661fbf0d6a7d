"""What can go wrong with a passkey."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Disclosure, Entry, RetryAdvice
from schema.texts import Text

PASSKEYS: Final = (
    Entry(
        code="PASSKEY_REFUSED",
        meaning="What the device answered proves nothing here: it was for something else, is too "
        "old, was shown before, or is of no passkey of this person. Which of these is only in the "
        "server's log.",
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This passkey could not be accepted.", zh="通行密钥验证未通过。"),
        step=Text(en="Start again, or choose another way.", zh="请重新发起，或换一种验证方式。"),
    ),
    Entry(
        code="PASSKEY_NAME_INVALID",
        meaning="The name of a passkey is empty, longer than 64 characters, or has characters "
        "that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="A passkey cannot have this name.", zh="通行密钥不能使用此名称。"),
        step=Text(en="Choose 1 to 64 ordinary characters.", zh="请使用 1 至 64 个普通字符。"),
    ),
    Entry(
        code="TOO_MANY_PASSKEYS",
        meaning="The person has as many passkeys as one may have.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="You already have {most} passkeys.", zh="您已有 {most} 个通行密钥，无法再添加。"
        ),
        step=Text(en="Remove one that you no longer use.", zh="请先移除不再使用的通行密钥。"),
    ),
    Entry(
        code="NO_PASSKEYS",
        meaning="The person has no passkey to prove anything with.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You have no passkey yet.", zh="您还没有通行密钥。"),
        step=Text(en="Add one, or choose another way.", zh="请先添加通行密钥，或换一种验证方式。"),
    ),
)

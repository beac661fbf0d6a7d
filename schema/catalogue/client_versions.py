"""What is said of the versions of apps."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import TOP_LEVEL, Entry, RetryAdvice, Statuses
from schema.texts import Text

CLIENT_VERSIONS: Final = (
    Entry(
        code="VERSION_INVALID",
        meaning="Not one to four whole numbers with dots between them, such as 4.2.1.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This is not a version.", zh="版本号无效。"),
        step=Text(en="Write it like 4.2.1.", zh="请按 4.2.1 的格式填写。"),
    ),
    Entry(
        code="VERSIONS_REVERSED",
        meaning="The minimum is higher than the recommended version.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The minimum is higher than the recommended version.", zh="最低版本高于推荐版本。"
        ),
    ),
    Entry(
        code="UPDATE_NOTES_INVALID",
        meaning="The notes about an update are empty in one of the languages, longer than 500 "
        "characters, or have characters that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="These notes are empty, too long, or contain unusual characters.",
            zh="更新说明为空、过长或含有特殊字符。",
        ),
        step=Text(
            en="Write 1 to 500 ordinary characters in each language.",
            zh="请用两种语言各填写 1 至 500 个常用字符。",
        ),
    ),
    Entry(
        code="UPDATE_URL_INVALID",
        meaning="Not an https address of at most 500 characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This address cannot be used.", zh="链接地址无效。"),
        step=Text(en="Give one that begins with https://.", zh="请填写以 https:// 开头的地址。"),
    ),
    Entry(
        code="CLIENT_OUTDATED",
        meaning="The app says of itself that it is older than the oldest version uPay still speaks "
        "with; the extensions of the error say which is needed, and where it is to be had. Only "
        "`clientVersion` is answered.",
        places=TOP_LEVEL,
        statuses=Statuses(403),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This version of uPay can no longer be used.", zh="当前 uPay 版本已停止使用。"
        ),
        step=Text(en="Please update the app.", zh="请更新后继续。"),
    ),
)

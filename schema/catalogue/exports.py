"""What keeps somebody from an export of what uPay keeps about them."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

EXPORTS: Final = (
    Entry(
        code="EXPORT_UNDER_WAY",
        meaning="An export of the person is being made.",
        retry=RetryAdvice.LATER,
        text=Text(en="Your export is being made already.", zh="您的数据正在导出中。"),
        step=Text(en="Wait until it is ready.", zh="请等待导出完成。"),
    ),
    Entry(
        code="TOO_MANY_EXPORTS",
        meaning="Three exports were asked for within a day.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="You have asked for three exports within a day.", zh="您 24 小时内已导出三次。"
        ),
        step=Text(en="Fetch one of them, or try tomorrow.", zh="请下载已导出的数据，或明天再试。"),
    ),
)

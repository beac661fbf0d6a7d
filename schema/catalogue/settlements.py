"""What can be wrong with a fee, and with the day of a statement."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

SETTLEMENTS: Final = (
    Entry(
        code="FEE_INVALID",
        meaning="The fee is negative, above a fifth of a payment or 1,000,000 minor units, or "
        "would be in force before now.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This fee cannot be used.", zh="费率设置无效。"),
        step=Text(
            en="Set at most 20 percent and 1,000,000 minor units, from now on or later.",
            zh="比例请不超过 20%，固定部分请不超过 1000000 最小货币单位，生效时间不早于现在。",
        ),
    ),
    Entry(
        code="DAY_NOT_OVER",
        meaning="A statement is of a day that is over, at most a year ago.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="There is no statement of this day.", zh="该日期没有对账单。"),
        step=Text(
            en="Choose a day between a year ago and yesterday.",
            zh="请选择一年以内、昨天及以前的日期。",
        ),
    ),
)

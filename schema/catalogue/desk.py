"""Why an agent may not do what they want to do at the desk."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

DESK: Final = (
    Entry(
        code="ALREADY_FROZEN",
        meaning="It is frozen already.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This customer is already frozen.", zh="该客户已被冻结。"),
    ),
    Entry(
        code="NOT_FROZEN",
        meaning="It is not frozen.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This customer is not frozen.", zh="该客户未被冻结。"),
    ),
    Entry(
        code="FREEZE_IS_STRONGER",
        meaning="Somebody stronger froze it.",
        retry=RetryAdvice.NEVER,
        text=Text(en="You cannot lift this freeze.", zh="您无权解除该冻结。"),
        step=Text(en="Ask whoever placed it.", zh="请联系冻结操作人处理。"),
    ),
    Entry(
        code="REASON_REQUIRED",
        meaning="Agents give a reason of 3 to 500 characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Please give a reason.", zh="请填写原因。"),
        step=Text(en="Write a few words about why.", zh="请用几句话说明理由。"),
    ),
)

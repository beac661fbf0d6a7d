"""What can be wrong with closing a case at the desk."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

CASES: Final = (
    Entry(
        code="CASE_CLOSED_ALREADY",
        meaning="An agent closed the case before.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This case is closed already.", zh="该事项已处理完毕。"),
    ),
)

"""Problems around profiles: names that are not for everybody, and phrases that are none."""

from __future__ import annotations

import strawberry

from domain import phrases, reserved_names
from schema.problems.base import Problem, names


@names(reserved_names.DisplayNameReserved, code="DISPLAY_NAME_RESERVED", field="displayName")
@strawberry.type(description="It would be taken for uPay, or for somebody who works there.")
class DisplayNameReserved(Problem):
    pass


@names(phrases.PhraseInvalid, code="PHRASE_INVALID", field="phrase")
@strawberry.type(description="Not 4 to 40 visible characters.")
class PhraseInvalid(Problem):
    pass

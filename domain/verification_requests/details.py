"""What somebody says about themselves when they ask to be verified, as it is sealed."""

from __future__ import annotations

import json
import re
from typing import Final

from domain import names
from domain.verification_requests.refusals import FullNameInvalid, IdNumberInvalid

PAPERS_NEEDED: Final = {1: 0, 2: 1, 3: 2}
"""How many papers a level takes. From level 2 on the number of one of them is needed as well."""

_ID_NUMBER: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./-]{2,30}[0-9A-Za-z]")


def written(level: int, full_name: str, id_number: str | None) -> bytes:
    """What is sealed of what somebody says about themselves.

    Raises:
        FullNameInvalid, IdNumberInvalid: see there.
    """
    try:
        name = names.display_name(full_name)
    except names.DisplayNameInvalid:
        raise FullNameInvalid from None
    number = id_number
    if number is not None:
        number = number.strip() if len(number) <= names.SPELLING_MAX else ""
        if not _ID_NUMBER.fullmatch(number):
            raise IdNumberInvalid
    elif PAPERS_NEEDED.get(level, 0):
        raise IdNumberInvalid
    return json.dumps({"full_name": name, "id_number": number}, ensure_ascii=False).encode()


def read(written: bytes) -> tuple[str, str | None]:
    """The full name, and the number if one was said."""
    said = json.loads(written)
    return said["full_name"], said["id_number"]

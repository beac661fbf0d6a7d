"""Whose bank account it is: the holder's name beside the one that was proved here."""

from __future__ import annotations

import unicodedata
from typing import Final
from uuid import UUID

from domain import names, sealed_files
from domain.bank_accounts.refusals import HolderDiffers, HolderInvalid
from domain.verification_requests import details
from models.verification_requests import RequestStatus, VerificationRequest

_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"
_SHORTEST_WORD: Final = 2


def checked(holder: str) -> str:
    """The holder's name in one spelling.

    Raises:
        HolderInvalid: it is no name.
    """
    try:
        return names.display_name(holder)
    except names.DisplayNameInvalid:
        raise HolderInvalid from None


async def require_own(person_id: UUID, holder: str) -> None:
    """Returns when the holder may be this person; whose name was never proved is believed.

    Whether the holder is the one the bank knows is the provider's to say, here and always.

    Raises:
        HolderDiffers: an agent has seen papers in another name.
    """
    proved = (
        await VerificationRequest.filter(
            person_id=person_id, status=RequestStatus.ACCEPTED, file_id__isnull=False
        )
        .order_by("-level")
        .first()
    )
    if proved is None or proved.file_id is None:
        return
    full_name, _ = details.read(await sealed_files.whole(proved.file_id))
    if not agree(full_name, holder):
        raise HolderDiffers


def agree(name: str, other: str) -> bool:
    """Whether two names may be one person's: the same Chinese surname, or a word in common.

    Names in different scripts cannot be compared, and are not held against anybody.
    """
    if _is_han(name) != _is_han(other):
        return True
    if _is_han(name):
        return name[0] == other[0]
    return bool(_words(name) & _words(other))


def _words(name: str) -> set[str]:
    """Without accents and case: banks write Müller as MULLER."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    spelled = "".join(char if char.isalpha() else " " for char in plain if ord(char) not in _MARKS)
    return {word for word in spelled.split() if len(word) >= _SHORTEST_WORD}


_MARKS: Final = range(0x0300, 0x0370)


def _is_han(name: str) -> bool:
    return any(_FIRST_HAN <= char <= _LAST_HAN for char in name)

"""Words for people, in every language uPay speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Language(StrEnum):
    """The languages of texts for people; codes are never translated."""

    EN = "en"
    ZH_CN = "zh-CN"


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence in each language; `{names}` in it are filled in when it is said."""

    en: str
    zh: str

    def said(self, language: Language, **facts: str) -> str:
        words = self.zh if language is Language.ZH_CN else self.en
        return words.format(**facts) if facts else words


@lru_cache(maxsize=256)
def choose(accept_language: str, locale: str | None = None) -> Language:
    """A person's own setting, else what `Accept-Language` likes best of what uPay speaks."""
    if locale is not None:
        return Language(locale)
    liked = [_liked(part) for part in accept_language.split(",")]
    for weight, tongue in sorted(liked, key=lambda each: -each[0]):
        if weight > 0 and tongue in _TONGUES:
            return _TONGUES[tongue]
    return Language.EN


_TONGUES: Final = {"zh": Language.ZH_CN, "en": Language.EN}


def _liked(part: str) -> tuple[float, str]:
    """How much, from 0 to 1, and which tongue: `zh-CN;q=0.9` is (0.9, "zh")."""
    tag, _, weight = part.partition(";")
    written = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", weight)
    return float(written[1]) if written else 1.0, tag.strip().lower().partition("-")[0]

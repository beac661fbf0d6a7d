"""Surnames: a payer who knows whom they mean can have the name checked, a few times a day."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain.refusals import Refusal
from models.database import client
from models.people import Person

MOST_WRONG: Final = 3
PAUSE: Final = timedelta(days=1)
LONGEST: Final = 64

# Chinese surnames of two characters; every other one has one.
# fmt: off
_DOUBLE: Final = frozenset(
    {
        "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫",
        "万俟", "闻人", "夏侯", "诸葛", "尉迟", "公羊", "赫连", "澹台",
        "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
        "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "令狐",
    }
)
# fmt: on


class SurnameWrong(Refusal):
    """The payee's name begins or ends otherwise; `tries_left` more may be wrong today."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("The name does not match this payee.")
        self.tries_left = tries_left


class SurnamesPaused(Refusal):
    """Too many names were wrong; `until` then nothing is said about any."""

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many names were wrong.")
        self.until = until


MISMATCHES: Final = (SurnameWrong, SurnamesPaused)

# Counted before it is compared, and taken back when it was right: many tries at once are as many.
_TAKE: Final = """
    INSERT INTO surname_guesses AS g (person_id, wrong, since) VALUES ($1, 1, $2)
    ON CONFLICT (person_id) DO UPDATE SET
        wrong = CASE WHEN g.since <= $2 - $3::interval THEN 1 ELSE least(g.wrong + 1, $4 + 1) END,
        since = CASE WHEN g.since <= $2 - $3::interval THEN $2 ELSE g.since END
    RETURNING wrong, since
"""
_GIVE_BACK: Final = "UPDATE surname_guesses SET wrong = greatest(wrong - 1, 0) WHERE person_id = $1"


async def check(payee: Person, surname: str, *, by: UUID, now: datetime) -> None:
    """Returns when the payee goes by this surname; every try is committed before this says so.

    Not for use inside a decision.

    Raises:
        SurnameWrong, SurnamesPaused: see there.
    """
    [row] = await client().execute_query_dict(_TAKE, [by, now, PAUSE, MOST_WRONG])
    if row["wrong"] > MOST_WRONG:
        raise SurnamesPaused(row["since"] + PAUSE)
    if not matches(payee.display_name, surname):
        raise SurnameWrong(MOST_WRONG - row["wrong"])
    await client().execute_query(_GIVE_BACK, [by])


def matches(name: str, surname: str) -> bool:
    """Whether a name goes by the surname: its first characters in Chinese, else its last word."""
    said, known = _folded(surname[:LONGEST]), _folded(name)
    return bool(said) and said == _surname(known)


def _surname(name: str) -> str:
    if name and unicodedata.name(name[0], "").startswith("CJK UNIFIED"):
        return name[:2] if name[:2] in _DOUBLE and len(name) > 2 else name[0]
    words = name.split()
    return words[-1] if words else ""


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())

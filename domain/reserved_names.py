"""Names that nobody may show: those of uPay itself, and of whoever would speak for it."""

from __future__ import annotations

import itertools
import re
import unicodedata
from typing import Final

from domain.refusals import Refusal

BRAND: Final = "upay"
_OFFICES: Final = frozenset(
    {
        *("admin", "administrator", "helpdesk", "moderator", "official"),
        *("staff", "support", "sysadmin"),
    }
)
_OFFICES_OF_TWO_WORDS: Final = frozenset(
    {
        *(("customer", "service"), ("customer", "care"), ("security", "team")),
        *(("security", "center"), ("security", "centre"), ("system", "message")),
    }
)
_COMPANY: Final = frozenset({"app", "bank", "care", "help", "safe", "security", "service", "team"})
_OFFICES_ZH: Final = (
    *("官方", "客服", "客户服务", "管理员", "工作人员", "系统消息", "系统通知", "安全中心"),
    *("支付中心", "风控", "平台通知", "小助手", "客戶服務", "管理員", "系統通知"),
)
# Letters of other scripts that are drawn like Latin ones; case folding comes first.
_LOOKALIKES: Final = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтнвυραογικντɑıս", "aeopcyxijshdqwkmthbupaoyikvtaiu"
)
_DIGITS: Final = str.maketrans("015", "ois")
_WORD: Final = re.compile(r"[a-z]+")


class DisplayNameReserved(Refusal):
    """It would be taken for uPay, or for somebody who works there."""

    def __init__(self) -> None:
        super().__init__("This name would be taken for uPay's own.")


def refuse(display_name: str) -> None:
    """Returns when nobody would take this name for uPay's; it is one as `domain.names` wrote it.

    Looked at is what a reader sees: full-width, capital and look-alike letters count as plain ones.
    A word of somebody's own name that only holds one of ours, such as Staffordshire, is theirs.

    Raises:
        DisplayNameReserved: they would.
    """
    folded = unicodedata.normalize("NFKD", display_name).casefold()
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    letters = plain.translate(_LOOKALIKES)
    is_ours = any(_speaks_for_us(text) for text in (letters, letters.translate(_DIGITS)))
    if is_ours or any(office in plain for office in _OFFICES_ZH):
        raise DisplayNameReserved


def _speaks_for_us(text: str) -> bool:
    words = _WORD.findall(text)
    is_spaced_out = "".join(words) == BRAND
    is_office = not _OFFICES_OF_TWO_WORDS.isdisjoint(itertools.pairwise(words))
    return is_spaced_out or is_office or any(map(_is_ours, words))


def _is_ours(word: str) -> bool:
    rest = word.removeprefix(BRAND)
    is_named = rest != word and (not rest or rest in _OFFICES or rest in _COMPANY)
    return word in _OFFICES or is_named

"""What people call themselves, and what they know letters from uPay by."""

from __future__ import annotations

import asyncio
from typing import Final

import pytest

from domain import names, phrases, profiles, reserved_names
from domain.fresh_proofs import FRESH_FOR, ProofNeeded
from domain.phrases import PhraseInvalid
from domain.reserved_names import DisplayNameReserved
from models.people import Person
from models.phrases import Phrase
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.domain import registers
from tests.domain.registers import identity_of
from tests.moments import NOON

RESERVED: Final = [
    "uPay", "UPAY", "U P A Y", "u.pay", "u-p-a-y", "ＵＰＡＹ", "𝐮𝐏𝐚𝐲", "uPаy", "Ủpay", "uPay1",
    "uPay Support", "uPaySupport", "upay_team", "uPay 小王", "uPay官方", "Lin of uPay",
    "Support", "Ada Support", "5upport", "Supp0rt", "Official", "Admin", "Customer  Service",
    "Security Team", "客服", "在线客服", "官方", "官方认证", "系统通知", "管理员", "客戶服務",
]  # fmt: skip
FREE: Final = [
    "Ada Lovelace", "王小明", "O'Brien", "Staffordshire", "Tupay", "Rupay Sharma", "Upayan Sen",
    "Supaya", "Tea Service", "Anna Systemová", "Servicio", "官明", "王客", "😀", "R2-D2",
]  # fmt: skip


@pytest.mark.parametrize("name", RESERVED)
def test_nobody_may_be_called_like_upay_or_its_people(name: str) -> None:
    with pytest.raises(DisplayNameReserved):
        profiles.checked_display_name(name)


@pytest.mark.parametrize("name", FREE)
def test_names_that_only_look_a_little_like_it_are_anybodys(name: str) -> None:
    assert profiles.checked_display_name(name) == name


def test_every_reserved_word_is_one_that_is_looked_for() -> None:
    for word in (*reserved_names._OFFICES, *reserved_names._OFFICES_ZH):
        with pytest.raises(DisplayNameReserved):
            reserved_names.refuse(f"Ada {word}")


@pytest.mark.usefixtures("database")
async def test_only_what_is_named_changes() -> None:
    ada = await factories.person("ada", display_name="Ada", locale="en")

    await profiles.update(ada.id, display_name=" Ada  Lovelace ")
    await profiles.update(ada.id, locale="zh-CN")
    changed = await profiles.update(ada.id, time_zone="Europe/London")

    assert (changed.display_name, changed.locale, changed.time_zone) == (
        "Ada Lovelace",
        "zh-CN",
        "Europe/London",
    )
    assert await profiles.update(ada.id) == changed


@pytest.mark.usefixtures("database")
async def test_one_wrong_part_leaves_the_whole_profile_as_it_was() -> None:
    ada = await factories.person("ada")
    before = await registers.picture()

    with pytest.raises(names.TimeZoneInvalid):
        await profiles.update(ada.id, display_name="Ada L", time_zone="Mars/Olympus")
    with pytest.raises(names.TimeZoneInvalid):
        await profiles.update(ada.id, display_name="Ada L", time_zone="x" * 60_000)
    with pytest.raises(DisplayNameReserved):
        await profiles.update(ada.id, display_name="uPay", time_zone="Europe/London")
    with pytest.raises(names.DisplayNameInvalid):
        await profiles.update(ada.id, display_name="x" * 60_000)

    assert await registers.picture() == before


@pytest.mark.usefixtures("database")
async def test_a_phrase_is_kept_tidy_and_told_with_the_one_before() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)

    first = await phrases.set_phrase(by, "  blue   whale ", NOON)
    await phrases.set_phrase(by, "红色 小船", NOON)

    assert first == "blue whale"
    assert await phrases.current(ada.id) == "红色 小船"
    former = await Phrase.get(replaced_at__isnull=False)
    events = await SecurityEvent.filter(kind=EventKind.PHRASE_CHANGED).order_by("id")
    assert [event.detail for event in events] == [{"shown_id": str(former.id)}] * 2
    assert former.text == "blue whale"


@pytest.mark.usefixtures("database")
async def test_the_same_phrase_again_is_nothing_to_tell() -> None:
    by = await identity_of(await factories.person("ada"))
    await phrases.set_phrase(by, "blue whale", NOON)
    before = await registers.picture()

    await phrases.set_phrase(by, "blue  whale", NOON)

    assert await registers.picture() == before


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "abc",
        "x" * 41,
        "a\u200bbcd\u202e",
        "  a b  ",
        "\u3164\u3164\u3164\u3164\u3164",
        "x" * 60_000,
    ],
)
async def test_what_is_no_phrase_changes_nothing(phrase: str) -> None:
    by = await identity_of(await factories.person("ada"))
    before = await registers.picture()

    with pytest.raises(PhraseInvalid):
        await phrases.set_phrase(by, phrase, NOON)

    assert await registers.picture() == before


@pytest.mark.usefixtures("database")
async def test_a_phrase_is_not_changed_by_whoever_found_an_open_session() -> None:
    by = await identity_of(await factories.person("ada"))
    before = await registers.picture()

    with pytest.raises(ProofNeeded):
        await phrases.set_phrase(by, "blue whale", NOON + FRESH_FOR)

    assert await registers.picture() == before


@pytest.mark.usefixtures("database")
async def test_of_phrases_set_at_once_one_is_in_force() -> None:
    ada: Person = await factories.person("ada")
    by = await identity_of(ada)

    await asyncio.gather(*(phrases.set_phrase(by, f"whale number {n}", NOON) for n in range(8)))

    assert await Phrase.filter(replaced_at__isnull=True).count() == 1
    assert await Phrase.all().count() == 8

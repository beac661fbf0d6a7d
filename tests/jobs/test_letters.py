"""Letters are known by the phrase their reader chose, and nobody writes into them but uPay."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from channels.couriers import Letter
from domain import contacts, phrases
from jobs.letters import compose
from models.ids import new_id
from models.people import CodePurpose, Contact, ContactKind, Person
from schema.texts import Text
from schema.texts.letters import CODES, LetterText
from tests import factories
from tests.domain.registers import identity_of, proved
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

URL: Final = "https://pay.example"
WORDS: Final = LetterText(
    subject=Text(en="uPay: something", zh="uPay：某事"),
    text=Text(en="It is {what}. {{not a name}}", zh="是{what}。{{不是名字}}"),
    sms=Text(en="uPay: {what}.", zh="【uPay】{what}。"),
)
NASTY: Final = "{phrase} {0} {what.__class__} %s\r\nBcc: eve@example.com\n\n<b>"


async def written(person: Person, to: Contact, what: str = "here", **more: str) -> Letter:
    return await compose(
        new_id(),
        WORDS,
        to=to,
        person=person,
        public_url=URL,
        now=NOON,
        facts={"what": what},
        **more,
    )


async def test_a_letter_greets_by_name_shows_the_phrase_and_says_where_links_lead() -> None:
    ada = await factories.person("ada", display_name="Ada Lovelace")
    contact = await proved(ada, ContactKind.EMAIL, "ada@example.org")
    await phrases.set_phrase(await identity_of(ada), "blue whale", NOON)

    letter = await written(ada, contact)

    assert (letter.to, letter.kind) == ("ada@example.org", "email")
    assert letter.subject == "uPay: something"
    assert letter.text == (
        "Hello Ada Lovelace,\n\n"
        "It is here. {not a name}\n\n"
        "Your phrase: blue whale\n\n"
        "Links in our letters lead only to pay.example. Nobody from uPay will ever ask you for a "
        "password, a PIN or a code.\n\n"
        "uPay"
    )


async def test_whoever_has_no_phrase_is_invited_to_choose_one_in_their_language() -> None:
    wang = await factories.person("wang", display_name="王小明", locale="zh-CN")
    contact = await proved(wang, ContactKind.EMAIL, "wang@example.org")

    letter = await written(wang, contact, "这里")

    assert letter.text.startswith("王小明，您好：\n\n是这里。{不是名字}\n\n您还没有设置防钓鱼码。")
    assert "只会指向 pay.example。" in letter.text


async def test_what_people_write_comes_out_literally_and_in_one_line() -> None:
    ada = await factories.person("ada", display_name="{phrase} {0} %s <b>")
    contact = await proved(ada, ContactKind.EMAIL, "ada@example.org")
    await phrases.set_phrase(await identity_of(ada), "{name} {what} %(x)s", NOON)

    letter = await written(ada, contact, NASTY)

    assert letter.text.startswith("Hello {phrase} {0} %s <b>,\n\n")
    assert "It is {phrase} {0} {what.__class__} %s Bcc: eve@example.com <b>. " in letter.text
    assert "\nYour phrase: {name} {what} %(x)s\n" in letter.text


async def test_an_address_that_is_nobodys_learns_neither_name_nor_phrase() -> None:
    ada = await factories.person("ada", display_name="You won at evil.example")
    await phrases.set_phrase(await identity_of(ada), "blue whale", NOON)
    contact = await contacts.add(ada.id, ContactKind.EMAIL, "stranger@example.org", NOON)

    letter = await written(ada, contact)

    assert letter.text.startswith("Hello,\n\nIt is here.")
    assert "evil.example" not in letter.text
    assert "phrase" not in letter.text


async def test_a_contact_on_probation_does_not_learn_the_phrase() -> None:
    ada = await factories.person("ada")
    await proved(ada, ContactKind.EMAIL, "ada@example.org")
    later = await proved(ada, ContactKind.EMAIL, "eve@example.org")
    await phrases.set_phrase(await identity_of(ada), "blue whale", NOON)

    letter = await written(ada, later)
    a_day_later = await compose(
        new_id(),
        WORDS,
        to=later,
        person=ada,
        public_url=URL,
        now=NOON + timedelta(hours=24),
        facts={"what": "x"},
    )

    assert "whale" not in letter.text
    assert "Your phrase: blue whale" in a_day_later.text


async def test_a_telephone_gets_one_line_and_no_phrase() -> None:
    ada = await factories.person("ada")
    contact = await proved(ada, ContactKind.PHONE, "+8613800138000")
    await phrases.set_phrase(await identity_of(ada), "blue whale", NOON)

    letter = await written(ada, contact)

    assert (letter.to, letter.kind, letter.text) == ("+8613800138000", "phone", "uPay: here.")


def test_a_code_for_each_purpose_has_words_of_its_own_in_both_languages_and_ways() -> None:
    assert set(CODES) == set(CodePurpose)
    texts = [text for words in CODES.values() for text in (words.text, words.sms)]
    firsts = [text.en for text in texts if text] + [text.zh for text in texts if text]

    assert len(set(firsts)) == 4 * len(CodePurpose)
    assert all("{code}" in text and "{minutes}" in text for text in firsts)
    assert not [text for text in firsts if "http" in text or "{link}" in text]

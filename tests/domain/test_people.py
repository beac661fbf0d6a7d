"""Becoming somebody: what is checked, what is kept, and what nobody learns about others."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tortoise.exceptions import IntegrityError

from domain import contacts, names, passwords, people
from domain.people import AccountNameTaken
from domain.refusals import Refusal
from models.jobs import Job
from models.people import Contact, ContactCode, ContactKind, Person, Role
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def register(**changes: Any) -> Person:
    asked: dict[str, Any] = {
        "account_name": "Ada",
        "display_name": "Ada Lovelace",
        "email": "Ada@Example.org",
        "phone": "+86 138 0013 8000",
        "password": PASSWORD,
        "locale": "en",
        "time_zone": "Asia/Shanghai",
    }
    return await people.register(**{**asked, **changes}, now=NOON)


async def test_whoever_registers_is_somebody_with_two_contacts_to_prove() -> None:
    ada = await register()

    assert await Person.get(id=ada.id) == ada
    assert (ada.account_name, ada.display_name, ada.role) == ("ada", "Ada Lovelace", Role.CUSTOMER)
    assert (ada.locale, ada.time_zone, ada.freeze_level) == ("en", "Asia/Shanghai", 0)
    assert [
        (contact.kind, contact.value, contact.verified_at)
        for contact in await Contact.filter(person_id=ada.id).order_by("kind")
    ] == [
        (ContactKind.EMAIL, "ada@example.org", None),
        (ContactKind.PHONE, "+8613800138000", None),
    ]


async def test_a_code_is_on_its_way_to_each_contact_and_written_down_nowhere() -> None:
    await register()

    codes, jobs = await ContactCode.all(), await Job.all()
    assert {job.subject_id for job in jobs} == {code.id for code in codes}
    assert [(job.kind, job.due_at, job.payload) for job in jobs] == [
        ("send_contact_code", NOON, {})
    ] * 2


async def test_a_telephone_number_need_not_be_given() -> None:
    ada = await register(phone=None)

    assert [contact.kind for contact in await Contact.filter(person_id=ada.id)] == [
        ContactKind.EMAIL
    ]


async def test_the_password_is_kept_hashed() -> None:
    ada = await register()

    assert PASSWORD not in str(await registers.picture())
    assert await passwords.is_right(PASSWORD, ada.password_hash)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"account_name": "a"}, names.AccountNameInvalid),
        ({"account_name": "аda"}, names.AccountNameInvalid),
        ({"display_name": ""}, names.DisplayNameInvalid),
        ({"display_name": "Ada\u202e"}, names.DisplayNameInvalid),
        ({"email": "ada"}, names.EmailInvalid),
        ({"email": ""}, names.EmailInvalid),
        ({"phone": "13800138000"}, names.PhoneInvalid),
        ({"phone": ""}, names.PhoneInvalid),
        ({"time_zone": "Nowhere"}, names.TimeZoneInvalid),
        ({"password": "short"}, passwords.PasswordTooWeak),
        ({"password": "my-ada-password-1"}, passwords.PasswordTooWeak),
        ({"password": "x" * 1_048_576}, passwords.PasswordTooWeak),
    ],
)
async def test_whoever_gives_something_unusable_becomes_nobody(
    changes: dict[str, str], refusal: type[Refusal]
) -> None:
    before = await registers.picture()

    with pytest.raises(refusal) as refused:
        await register(**changes)

    assert type(refused.value) in people.REGISTER_REFUSALS
    assert await registers.picture() == before


async def test_a_language_that_upay_does_not_speak_is_not_mistaken_for_a_taken_name() -> None:
    before = await registers.picture()

    with pytest.raises(IntegrityError, match="people_locale_is_known"):
        await register(locale="de")

    assert await registers.picture() == before


@pytest.mark.parametrize("account_name", ["ada", "ADA", "ａｄａ", " ada"])
async def test_a_name_that_somebody_has_is_taken_in_every_spelling(account_name: str) -> None:
    await factories.person("ada")
    before = await registers.picture()

    with pytest.raises(AccountNameTaken):
        await register(account_name=account_name)

    assert await registers.picture() == before


async def test_of_ten_who_want_one_name_at_once_exactly_one_gets_it() -> None:
    answers = await asyncio.gather(
        *(register(email=f"ada{number}@example.org", phone=None) for number in range(10)),
        return_exceptions=True,
    )

    [ada] = await Person.all()
    assert [answer for answer in answers if isinstance(answer, Person)] == [ada]
    assert [type(answer) for answer in answers].count(AccountNameTaken) == 9
    assert await Contact.all().count() == await ContactCode.all().count() == 1
    assert await Job.all().count() == 1


async def test_a_contact_that_somebody_else_proved_is_accepted_without_a_word() -> None:
    eve = await factories.person("eve")
    await registers.proved(eve, ContactKind.EMAIL, "ada@example.org")

    ada = await register()

    contact = await Contact.get(person_id=ada.id, kind=ContactKind.EMAIL)
    assert contact.verified_at is None
    assert await people.find("ada@example.org") == eve
    with pytest.raises(contacts.ContactTaken):
        await contacts.verify(ada.id, contact.id, await registers.newest_code(contact), NOON)


@pytest.mark.parametrize(
    "name",
    [
        "ada",
        " ADA",
        "ＡＤＡ",
        "ada@example.org",
        "ADA@EXAMPLE.ORG ",
        "+8613800138000",
        "＋86 138-0013-8000",
    ],
)
async def test_somebody_is_found_by_any_spelling_of_any_name_they_proved(name: str) -> None:
    ada = await factories.person("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    await registers.proved(ada, ContactKind.PHONE, "+8613800138000")

    assert await people.find(name) == ada


@pytest.mark.parametrize("name", ["ada@example.org", "+8613800138000"])
async def test_nobody_is_found_by_a_contact_that_was_not_proved(name: str) -> None:
    await register()

    assert await people.find(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "bob",
        "@",
        "+",
        "+86",
        "ada'--",
        "ada\x00",
        "\ud800",
        "\ud800@example.org",
        "x" * 1_048_576,
    ],
)
async def test_what_nobody_is_called_finds_nobody(name: str) -> None:
    await register()

    assert await people.find(name) is None

"""Contacts: proved by a code that works once, for ten minutes, in five tries."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain import contacts, secrets
from domain.contacts import CodeExpired, CodeWrong, ContactTaken, TooManyCodes
from domain.refusals import NotFound
from models.ids import new_id
from models.jobs import Job
from models.people import Contact, ContactCode, ContactKind, Person
from realtime import bus
from tests import factories
from tests.domain import registers
from tests.domain.registers import different, newest_code
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MINUTE = timedelta(minutes=1)


async def email_of(person: Person, value: str = "ada@example.org") -> Contact:
    """A contact that a code was sent to."""
    contact = await contacts.add(person.id, ContactKind.EMAIL, value, NOON)
    await contacts.send_code(person.id, contact.id, NOON)
    return contact


async def is_verified(contact: Contact) -> bool:
    return (await Contact.get(id=contact.id)).verified_at is not None


async def test_the_code_that_was_sent_proves_the_contact() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)

    verified = await contacts.verify(ada.id, contact.id, await newest_code(contact), NOON)

    assert verified == contact
    assert (await Contact.get(id=contact.id)).verified_at == NOON
    assert (await ContactCode.get()).used_at == NOON


async def test_a_code_is_six_digits_that_only_our_key_can_tell() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    row = await ContactCode.get()
    code = contacts.code_for(row)

    secrets.install(secrets.Keyring(current="other", keys={"other": b"o" * 32}))

    assert len(code) == 6
    assert code.isdigit()
    assert contacts.code_for(row) != code
    assert set(ContactCode._meta.fields) == {
        "id",
        "contact_id",
        "purpose",
        "subject_id",
        "wrong_tries",
        "created_at",
        "expires_at",
        "used_at",
    }
    assert not await is_verified(contact)


async def test_the_job_that_sends_a_code_does_not_contain_it() -> None:
    ada = await factories.person("ada")

    async with bus.listen("jobs") as ear:
        await email_of(ada)

        assert await ear.heard(0)
    job, code = await Job.get(), await ContactCode.get()
    assert (job.kind, job.subject_id, job.due_at) == ("send_contact_code", code.id, NOON)
    assert job.payload == {}


async def test_five_wrong_tries_make_a_code_void_even_when_the_sixth_is_right() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    code = await newest_code(contact)

    left = []
    for _ in range(5):
        with pytest.raises(CodeWrong) as wrong:
            await contacts.verify(ada.id, contact.id, different(code), NOON)
        left.append(wrong.value.tries_left)
    with pytest.raises(CodeExpired):
        await contacts.verify(ada.id, contact.id, code, NOON)

    assert left == [4, 3, 2, 1, 0]
    assert not await is_verified(contact)


async def test_the_fifth_try_may_still_be_right() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    code = await newest_code(contact)
    for _ in range(4):
        with pytest.raises(CodeWrong):
            await contacts.verify(ada.id, contact.id, different(code), NOON)

    await contacts.verify(ada.id, contact.id, code, NOON)

    assert await is_verified(contact)


async def test_of_a_hundred_guesses_at_once_exactly_five_are_looked_at() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    wrong = different(await newest_code(contact))

    answers = await asyncio.gather(
        *(contacts.verify(ada.id, contact.id, wrong, NOON) for _ in range(100)),
        return_exceptions=True,
    )

    looked_at = [answer.tries_left for answer in answers if isinstance(answer, CodeWrong)]
    assert sorted(looked_at) == [0, 1, 2, 3, 4]
    assert [type(answer) for answer in answers].count(CodeExpired) == 95


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "\x00", "\ud800", "9" * 1_048_576]
)
async def test_what_is_no_code_is_a_wrong_one(code: str) -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)

    with pytest.raises(CodeWrong) as wrong:
        await contacts.verify(ada.id, contact.id, code, NOON)

    assert wrong.value.tries_left == 4
    assert not await is_verified(contact)


async def test_a_code_is_good_for_ten_minutes() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    code = await newest_code(contact)
    before = await registers.picture()

    with pytest.raises(CodeExpired):
        await contacts.verify(ada.id, contact.id, code, NOON + 10 * MINUTE)

    assert await registers.picture() == before
    await contacts.verify(ada.id, contact.id, code, NOON + 10 * MINUTE - timedelta(microseconds=1))
    assert await is_verified(contact)


async def test_a_fresh_code_makes_the_one_before_void() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    first = await newest_code(contact)
    await contacts.send_code(ada.id, contact.id, NOON + MINUTE)

    with pytest.raises(CodeWrong):
        await contacts.verify(ada.id, contact.id, first, NOON + MINUTE)

    await contacts.verify(ada.id, contact.id, await newest_code(contact), NOON + MINUTE)
    assert await is_verified(contact)


async def test_a_code_proves_no_other_contact_than_its_own() -> None:
    ada = await factories.person("ada")
    contact, other = await email_of(ada), await email_of(ada, "lovelace@example.org")

    with pytest.raises(CodeWrong):
        await contacts.verify(ada.id, other.id, await newest_code(contact), NOON)

    assert not await is_verified(other)


async def test_a_proved_contact_stays_proved_whatever_is_shown_again() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    code = await newest_code(contact)
    await contacts.verify(ada.id, contact.id, code, NOON)
    before = await registers.picture()

    again = await contacts.verify(ada.id, contact.id, code, NOON + MINUTE)

    assert again.verified_at == NOON
    assert await registers.picture() == before


async def test_the_same_code_sent_twice_at_once_has_one_answer() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    code = await newest_code(contact)

    first, second = await asyncio.gather(
        *(contacts.verify(ada.id, contact.id, code, NOON) for _ in range(2))
    )

    assert first.verified_at == second.verified_at == NOON


async def test_somebody_elses_contact_looks_like_none() -> None:
    ada, eve = await factories.person("ada"), await factories.person("eve")
    contact = await email_of(ada)
    code = await newest_code(contact)
    before = await registers.picture()

    for contact_id in (contact.id, new_id()):
        with pytest.raises(NotFound):
            await contacts.send_code(eve.id, contact_id, NOON)
        with pytest.raises(NotFound):
            await contacts.verify(eve.id, contact_id, code, NOON)

    assert await registers.picture() == before


async def test_a_contact_that_somebody_proved_first_is_taken() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    of_ada, of_bob = await email_of(ada), await email_of(bob)
    await contacts.verify(bob.id, of_bob.id, await newest_code(of_bob), NOON)

    with pytest.raises(ContactTaken):
        await contacts.verify(ada.id, of_ada.id, await newest_code(of_ada), NOON)

    assert await is_verified(of_bob)
    assert not await is_verified(of_ada)
    assert (await ContactCode.get(contact_id=of_ada.id)).used_at is None


async def test_of_two_who_prove_one_contact_at_once_exactly_one_has_it() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    of_ada, of_bob = await email_of(ada), await email_of(bob)
    codes = await newest_code(of_ada), await newest_code(of_bob)

    answers = await asyncio.gather(
        contacts.verify(ada.id, of_ada.id, codes[0], NOON),
        contacts.verify(bob.id, of_bob.id, codes[1], NOON),
        return_exceptions=True,
    )

    assert {type(answer) for answer in answers} == {Contact, ContactTaken}
    assert await Contact.filter(verified_at__isnull=False).count() == 1


async def test_a_sixth_code_within_an_hour_is_not_sent() -> None:
    ada = await factories.person("ada")
    contact = await email_of(ada)
    for minute in range(1, 5):
        await contacts.send_code(ada.id, contact.id, NOON + minute * MINUTE)
    before = await registers.picture()

    with pytest.raises(TooManyCodes) as refused:
        await contacts.send_code(ada.id, contact.id, NOON + 59 * MINUTE)

    assert refused.value.again_at == NOON + 60 * MINUTE
    assert await registers.picture() == before
    await contacts.send_code(ada.id, contact.id, refused.value.again_at)
    assert await ContactCode.all().count() == await Job.all().count() == 6


async def test_of_ten_codes_asked_for_at_once_five_are_sent() -> None:
    ada = await factories.person("ada")
    contact = await contacts.add(ada.id, ContactKind.EMAIL, "ada@example.org", NOON)

    answers = await asyncio.gather(
        *(contacts.send_code(ada.id, contact.id, NOON) for _ in range(10)), return_exceptions=True
    )

    assert [type(answer) for answer in answers].count(TooManyCodes) == 5
    assert await ContactCode.all().count() == await Job.all().count() == 5

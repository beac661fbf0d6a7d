"""Contacts come with a day of probation and go with a day's notice, so that no thief is faster."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Final

import pytest

from domain import contacts, fresh_proofs, names, second_factors
from domain.contacts import LastContact, TooManyCodes, TooManyContacts
from domain.fresh_proofs import Factor, ProofNeeded
from domain.refusals import NotFound
from domain.sessions import Identity
from models.ids import new_id
from models.jobs import Job
from models.people import Contact, ContactCode, ContactKind, Person
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.domain import registers
from tests.domain.registers import identity_of, newest_code, proved
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

DAY: Final = timedelta(hours=24)
INSTANT: Final = timedelta(microseconds=1)
EMAIL, PHONE = ContactKind.EMAIL, ContactKind.PHONE


async def usable(person: Person, now: object) -> list[str]:
    return [each.value for each in await contacts.usable(person.id, now)]  # type: ignore[arg-type]


async def two_contacts(person: Person) -> tuple[Contact, Contact]:
    """An address, and another one that was proved so long ago that it may let its owner in."""
    first = await proved(person, EMAIL, "ada@example.org")
    second = await proved(person, EMAIL, "lovelace@example.org")
    await Contact.filter(id=second.id).update(usable_at=NOON)
    return first, await Contact.get(id=second.id)


async def test_the_first_contact_lets_its_owner_in_at_once_and_a_later_one_after_a_day() -> None:
    ada = await factories.person("ada")

    await proved(ada, EMAIL, "ada@example.org")
    await proved(ada, PHONE, "+8613800138000")

    assert await usable(ada, NOON) == ["ada@example.org"]
    assert await usable(ada, NOON + DAY - INSTANT) == ["ada@example.org"]
    assert await usable(ada, NOON + DAY) == ["ada@example.org", "+8613800138000"]


async def test_of_two_contacts_proved_at_once_only_one_is_the_first() -> None:
    ada = await factories.person("ada")
    both = [await contacts.add(ada.id, EMAIL, f"ada{n}@example.org", NOON) for n in range(2)]
    codes = []
    for contact in both:
        await contacts.send_code(ada.id, contact.id, NOON)
        codes.append(await newest_code(contact))

    await asyncio.gather(
        *(
            contacts.verify(ada.id, contact.id, code, NOON)
            for contact, code in zip(both, codes, strict=True)
        )
    )

    assert len(await usable(ada, NOON)) == 1
    assert await SecurityEvent.all().count() == 1


async def test_all_are_told_of_a_contact_that_was_added_by_what_it_looks_like() -> None:
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "ada@example.org")
    assert await SecurityEvent.all().count() == 0

    await proved(ada, EMAIL, "eve@example.org")

    event = await SecurityEvent.get()
    assert (event.kind, event.person_id) == (EventKind.CONTACT_ADDED, ada.id)
    assert event.detail == {
        "contact": "e***@example.org",
        "usable_at": "2026-03-03T12:00:00+00:00",
    }
    assert await Job.filter(kind="tell_security_event", subject_id=event.id).count() == 1


async def test_a_contact_that_an_older_server_proved_waits_for_a_day_as_well() -> None:
    ada = await factories.person("ada")
    contact = await contacts.add(ada.id, EMAIL, "ada@example.org", NOON)
    await Contact.filter(id=contact.id).update(verified_at=NOON)

    assert await usable(ada, NOON + DAY - INSTANT) == []
    assert await usable(ada, NOON + DAY) == ["ada@example.org"]


async def test_whoever_adds_a_contact_is_sent_its_code() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)

    contact = await contacts.add_own(by, EMAIL, " Ada@Example.ORG ", NOON)

    assert contact.value == "ada@example.org"
    assert (await ContactCode.get()).contact_id == contact.id
    await contacts.verify(ada.id, contact.id, await newest_code(contact), NOON)
    assert await usable(ada, NOON) == ["ada@example.org"]


async def test_adding_the_same_contact_again_is_the_same_contact() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first = await contacts.add_own(by, PHONE, "+86 138 0013 8000", NOON)

    unproved = await contacts.add_own(by, PHONE, "+8613800138000", NOON)
    await contacts.verify(ada.id, first.id, await newest_code(first), NOON)
    is_proved = await contacts.add_own(by, PHONE, "+8613800138000", NOON)

    assert first.id == unproved.id == is_proved.id
    assert await Contact.all().count() == 1
    assert await ContactCode.all().count() == 2


async def test_adding_and_removing_need_a_proof_of_the_last_ten_minutes() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first, _ = await two_contacts(ada)
    late = NOON + fresh_proofs.FRESH_FOR
    before = await registers.picture()

    with pytest.raises(ProofNeeded):
        await contacts.add_own(by, EMAIL, "eve@example.org", late)
    with pytest.raises(ProofNeeded):
        await contacts.remove(by, first.id, late)
    with pytest.raises(ProofNeeded):
        await contacts.keep(by, first.id, late)

    assert await registers.picture() == before


async def test_whoever_has_a_second_factor_shows_it_before_adding_or_removing() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first, _ = await two_contacts(ada)
    await second_factors.enrol(ada.id, NOON)
    # Whoever reads the letters and knows the password is nobody with the second factor yet.
    await fresh_proofs.note(by.session_id, Factor.CONTACT_CODE, now=NOON)
    before = await registers.picture()

    with pytest.raises(ProofNeeded):
        await contacts.add_own(by, EMAIL, "eve@example.org", NOON)
    with pytest.raises(ProofNeeded):
        await contacts.remove(by, first.id, NOON)
    assert await registers.picture() == before

    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    await contacts.add_own(by, EMAIL, "another@example.org", NOON)
    assert (await contacts.remove(by, first.id, NOON)).leaves_at == NOON + DAY


@pytest.mark.parametrize(
    ("kind", "value"),
    [(EMAIL, "ada"), (EMAIL, "a" * 60_000), (PHONE, "138"), (PHONE, "9" * 60_000)],
)
async def test_what_is_no_contact_is_not_noted(kind: ContactKind, value: str) -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    before = await registers.picture()

    with pytest.raises((names.EmailInvalid, names.PhoneInvalid)):
        await contacts.add_own(by, kind, value, NOON)

    assert await registers.picture() == before


async def test_a_person_has_at_most_five_contacts_of_a_kind() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    for number in range(5):
        await contacts.add(ada.id, EMAIL, f"ada{number}@example.org", NOON)
    before = await registers.picture()

    with pytest.raises(TooManyContacts):
        await contacts.add_own(by, EMAIL, "one.more@example.org", NOON)

    assert await registers.picture() == before
    await contacts.add_own(by, PHONE, "+8613800138000", NOON)


async def test_of_ten_contacts_added_at_once_five_are_there() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)

    answers = await asyncio.gather(
        *(contacts.add_own(by, EMAIL, f"ada{n}@example.org", NOON) for n in range(10)),
        return_exceptions=True,
    )

    refused = [each for each in answers if isinstance(each, TooManyContacts | TooManyCodes)]
    assert len(refused) == 5
    assert await Contact.all().count() == await ContactCode.all().count() == 5


async def test_a_sixth_code_within_a_minute_is_not_sent_to_whichever_contact() -> None:
    ada = await factories.person("ada")
    found = [await contacts.add(ada.id, EMAIL, f"ada{n}@example.org", NOON) for n in range(4)]
    for contact in (*found, found[0]):
        await contacts.send_code(ada.id, contact.id, NOON)
    before = await registers.picture()

    with pytest.raises(TooManyCodes) as refused:
        await contacts.send_code(ada.id, found[1].id, NOON + timedelta(seconds=59))

    assert refused.value.again_at == NOON + timedelta(minutes=1)
    assert await registers.picture() == before
    await contacts.send_code(ada.id, found[1].id, refused.value.again_at)


async def test_at_most_twenty_codes_within_an_hour_go_to_one_person() -> None:
    ada = await factories.person("ada")
    found = [await contacts.add(ada.id, EMAIL, f"ada{n}@example.org", NOON) for n in range(5)]
    for minute in range(20):
        at = NOON + timedelta(minutes=minute)
        await contacts.send_code(ada.id, found[minute % 5].id, at)

    with pytest.raises(TooManyCodes) as refused:
        await contacts.send_code(ada.id, found[0].id, NOON + timedelta(minutes=59))

    assert refused.value.again_at == NOON + timedelta(hours=1)
    assert await ContactCode.all().count() == 20


async def test_removing_contacts_does_not_make_room_for_more_codes() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    for number in range(5):
        contact = await contacts.add_own(by, EMAIL, f"victim{number}@example.org", NOON)
        await contacts.remove(by, contact.id, NOON)

    with pytest.raises(TooManyCodes):
        await contacts.add_own(by, EMAIL, "victim5@example.org", NOON)

    assert await Contact.filter(removed_at__isnull=True).count() == 0


async def test_a_contact_that_was_never_proved_goes_at_once_and_nobody_is_told() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    contact = await contacts.add_own(by, EMAIL, "ada@example.org", NOON)
    code = await newest_code(contact)

    removed = await contacts.remove(by, contact.id, NOON)

    assert removed.removed_at == NOON
    assert await SecurityEvent.all().count() == 0
    with pytest.raises(NotFound):
        await contacts.verify(ada.id, contact.id, code, NOON)
    with pytest.raises(NotFound):
        await contacts.send_code(ada.id, contact.id, NOON)
    with pytest.raises(NotFound):
        await contacts.remove(by, contact.id, NOON)


async def test_a_proved_contact_goes_after_a_day_and_works_until_then() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first, second = await two_contacts(ada)

    leaving = await contacts.remove(by, first.id, NOON)

    assert leaving.leaves_at == NOON + DAY
    assert await usable(ada, NOON) == ["ada@example.org", "lovelace@example.org"]
    event = await SecurityEvent.get(kind=EventKind.CONTACT_LEAVING)
    assert event.detail["contact"] == "a***@example.org"
    await contacts.let_go(first.id, NOON + DAY - INSTANT)
    assert (await Contact.get(id=first.id)).removed_at is None

    await contacts.let_go(first.id, NOON + DAY)

    assert await usable(ada, NOON + DAY) == [second.value]
    gone = await SecurityEvent.get(kind=EventKind.CONTACT_REMOVED)
    assert gone.detail == {"contact": "a***@example.org", "contact_id": str(first.id)}


async def test_a_removed_contact_may_be_somebody_elses() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    first, _ = await two_contacts(ada)
    await contacts.remove(await identity_of(ada), first.id, NOON)
    await contacts.let_go(first.id, NOON + DAY)

    of_bob = await proved(bob, EMAIL, first.value)

    assert of_bob.person_id == bob.id


async def test_asked_to_remove_it_again_nothing_changes_and_the_day_does_not_begin_anew() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first, _ = await two_contacts(ada)
    await contacts.remove(by, first.id, NOON)
    before = await registers.picture()

    again = await contacts.remove(by, first.id, NOON + timedelta(minutes=9))

    assert again.leaves_at == NOON + DAY
    assert await registers.picture() == before


async def test_a_contact_that_is_kept_stays_although_its_day_comes() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first, _ = await two_contacts(ada)
    await contacts.remove(by, first.id, NOON)

    kept = await contacts.keep(by, first.id, NOON)
    await contacts.let_go(first.id, NOON + DAY)

    assert kept.leaves_at is None
    assert len(await usable(ada, NOON + DAY)) == 2


async def test_the_last_contact_that_lets_its_owner_in_stays() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first = await proved(ada, EMAIL, "ada@example.org")
    # It is on probation, so it is no way in yet.
    await proved(ada, EMAIL, "new@example.org")
    before = await registers.picture()

    with pytest.raises(LastContact):
        await contacts.remove(by, first.id, NOON)

    assert await registers.picture() == before


async def test_of_two_last_contacts_removed_at_once_one_stays() -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    both = await two_contacts(ada)

    answers = await asyncio.gather(
        *(contacts.remove(by, each.id, NOON) for each in both), return_exceptions=True
    )

    assert {type(each) for each in answers} == {Contact, LastContact}
    assert await Contact.filter(leaves_at__isnull=False).count() == 1


async def test_somebody_elses_contact_looks_like_none() -> None:
    ada, eve = await factories.person("ada"), await factories.person("eve")
    first, _ = await two_contacts(ada)
    by: Identity = await identity_of(eve)
    before = await registers.picture()

    for contact_id in (first.id, new_id()):
        with pytest.raises(NotFound):
            await contacts.remove(by, contact_id, NOON)
        with pytest.raises(NotFound):
            await contacts.keep(by, contact_id, NOON)

    assert await registers.picture() == before

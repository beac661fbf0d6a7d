"""Forgotten passwords: strangers learn nothing, and a letter lets its reader in once."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from domain import (
    contacts,
    guards,
    links,
    password_resets,
    passwords,
    pins,
    second_factors,
    sessions,
)
from domain.password_resets import ByCode, ByLink, ResetDead, TooManyResets
from domain.passwords import PasswordTooWeak, PasswordUsedBefore
from domain.refusals import Refusal
from domain.sessions import SecondFactorRequired
from models.ids import new_id
from models.jobs import Job
from models.links import Link, LinkKind
from models.passwords import PasswordReset, ResetWay
from models.people import CodePurpose, ContactCode, ContactKind, Person, Pin, Role
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

ADAS = "ada@example.org"
ANOTHER = "other horse 8 battery"


async def ada_with_a_letter_box() -> Person:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, ADAS)
    return ada


async def ask(
    contact: str = ADAS,
    way: ResetWay = ResetWay.LINK,
    *,
    address: str = "192.0.2.7",
    now: datetime = NOON,
) -> password_resets.Asked:
    return await password_resets.ask(contact=contact, way=way, address=address, now=now)


async def linked(contact: str = ADAS, *, now: datetime = NOON) -> ByLink:
    """What a letter brought, that was asked for and sent."""
    found = await password_resets.identify((await ask(contact, now=now)).id, now)
    assert found is not None
    return ByLink(links.token(found[0]))


async def coded(contact: str = ADAS) -> ByCode:
    """The same with a code."""
    asked = await ask(contact, ResetWay.CODE)
    assert await password_resets.identify(asked.id, NOON) is None
    sent = await ContactCode.get(subject_id=asked.id, purpose=CodePurpose.RESET_PASSWORD)
    return ByCode(asked.id, contacts.code_for(sent))


async def complete(
    shown: ByLink | ByCode, password: str = ANOTHER, *, now: datetime = NOON
) -> Person:
    return await password_resets.complete(shown, password, address="192.0.2.7", now=now)


async def refused(shown: ByLink | ByCode, kind: type[Refusal], *, now: datetime = NOON) -> None:
    before = await registers.picture()
    with pytest.raises(kind):
        await complete(shown, now=now)
    assert await registers.picture() == before


@pytest.mark.parametrize("way", ResetWay)
async def test_what_a_letter_brought_gives_its_reader_another_password(way: ResetWay) -> None:
    ada = await ada_with_a_letter_box()
    shown = await (linked() if way is ResetWay.LINK else coded())

    await complete(shown)

    ada = await Person.get(id=ada.id)
    assert await passwords.is_right(ANOTHER, ada.password_hash)
    assert ada.password_set_at == NOON
    event = await SecurityEvent.get(kind=EventKind.PASSWORD_RESET)
    assert (event.person_id, event.address, event.detail) == (
        ada.id,
        "192.0.2.7",
        {"way": way.value},
    )


@pytest.mark.parametrize(
    "contact",
    [ADAS, "nobody@example.org", "ada", "not a contact", "", "x" * 60_000, "\ud800@x.org"],
)
@pytest.mark.parametrize("way", ResetWay)
async def test_a_request_looks_the_same_whoever_is_named(contact: str, way: ResetWay) -> None:
    await ada_with_a_letter_box()
    before = await Job.all().count()

    asked = await ask(contact, way)

    reset = await PasswordReset.get(id=asked.id)
    assert asked.expires_at == reset.expires_at == NOON + timedelta(minutes=10)
    assert (reset.way, reset.person_id, reset.contact_id) == (way, None, None)
    assert await Job.all().count() == before + 1
    job = await Job.get(subject_id=reset.id)
    assert (job.kind, job.due_at, job.payload) == (password_resets.SEND_JOB, NOON, {})
    assert contact[:5] not in str(reset.sealed_contact) or contact == ""


async def test_who_is_meant_is_found_out_later_and_once() -> None:
    ada = await ada_with_a_letter_box()
    asked = await ask()

    first = await password_resets.identify(asked.id, NOON)
    again = await password_resets.identify(asked.id, NOON)

    assert first == again
    assert first is not None
    assert (first[0].person_id, first[1].value) == (ada.id, ADAS)
    assert (await PasswordReset.get(id=asked.id)).sealed_contact is None
    assert await Link.filter(kind=LinkKind.RESET_PASSWORD).count() == 1


async def test_a_telephone_gets_a_code_whatever_was_asked_for() -> None:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.PHONE, "+8613800138000")

    asked = await ask("+86 138 0013 8000", ResetWay.LINK)

    assert await password_resets.identify(asked.id, NOON) is None
    assert await ContactCode.exists(subject_id=asked.id)
    assert not await Link.exists(kind=LinkKind.RESET_PASSWORD)


async def test_a_contact_that_lets_nobody_in_gets_nothing() -> None:
    ada = await registers.resident("ada")
    await contacts.add(ada.id, ContactKind.EMAIL, "unproved@example.org", NOON)
    await registers.proved(ada, ContactKind.EMAIL, ADAS)
    late = await registers.proved(ada, ContactKind.EMAIL, "late@example.org")
    gone = await factories.person("gone", closed_at=NOON)
    await registers.proved(gone, ContactKind.EMAIL, "gone@example.org")

    for each in ("unproved@example.org", late.value, "gone@example.org"):
        asked = await ask(each)
        assert await password_resets.identify(asked.id, NOON) is None, each
        assert (await PasswordReset.get(id=asked.id)).person_id is None

    assert not await Link.exists(kind=LinkKind.RESET_PASSWORD)


async def test_a_letter_that_comes_too_late_is_not_written() -> None:
    await ada_with_a_letter_box()
    asked = await ask()

    assert await password_resets.identify(asked.id, asked.expires_at) is None
    assert not await Link.exists(kind=LinkKind.RESET_PASSWORD)


async def test_every_session_ends_and_the_lock_opens() -> None:
    ada = await ada_with_a_letter_box()
    session = await registers.identity_of(ada)
    for _ in range(guards.MAX_WRONG_TRIES):
        await guards.take_try(ada.id, NOON)

    await complete(await linked())

    assert await sessions.live({session.session_id}, NOON) == set()
    opened = await sessions.sign_in(
        name="ada", password=ANOTHER, audience=Audience.PUBLIC, client="", now=NOON
    )
    assert opened.session.limited_to is None


@pytest.mark.parametrize(
    ("role", "audience"), [(Role.CUSTOMER, Audience.PUBLIC), (Role.AGENT, Audience.DESK)]
)
async def test_a_second_factor_is_asked_for_as_before(role: Role, audience: Audience) -> None:
    person = await registers.resident("mia", role=role)
    await registers.proved(person, ContactKind.EMAIL, "mia@example.org")
    await second_factors.enrol(person.id, NOON)

    await complete(await linked("mia@example.org"))

    with pytest.raises(SecondFactorRequired):
        await sessions.sign_in(name="mia", password=ANOTHER, audience=audience, client="", now=NOON)


async def test_the_pin_stays_what_it_is() -> None:
    ada = await ada_with_a_letter_box()
    await pins.set_pin(ada.id, "246810", NOON)
    kept = await Pin.get(person_id=ada.id)

    await complete(await linked())

    assert (await Pin.get(person_id=ada.id)).mac == kept.mac


async def test_a_link_is_used_once() -> None:
    await ada_with_a_letter_box()
    shown = await linked()

    await complete(shown)

    await refused(shown, ResetDead)


async def test_a_link_lives_ten_minutes() -> None:
    await ada_with_a_letter_box()
    shown, ten = await linked(), NOON + timedelta(minutes=10)

    await refused(shown, ResetDead, now=ten)
    await complete(shown, now=ten - timedelta(microseconds=1))


async def test_a_used_letter_voids_the_others() -> None:
    await ada_with_a_letter_box()
    first, second, third = await linked(), await linked(), await coded()

    await complete(second)

    for shown in (first, third):
        await refused(shown, ResetDead)


async def test_a_link_of_another_kind_opens_nothing() -> None:
    ada = await ada_with_a_letter_box()
    freeze = await links.make(LinkKind.FREEZE, person_id=ada.id, subject_id=new_id(), now=NOON)

    await refused(ByLink(links.token(freeze)), ResetDead)
    for token in ("", "x", "x" * 60_000, "\ud800", "A" * 43):
        await refused(ByLink(token), ResetDead)


async def test_five_wrong_codes_void_the_right_one() -> None:
    await ada_with_a_letter_box()
    shown = await coded()

    for _ in range(5):
        with pytest.raises(ResetDead):
            await complete(ByCode(shown.reset_id, registers.different(shown.code)))

    await refused(shown, ResetDead)


async def test_of_forty_codes_at_once_five_are_looked_at() -> None:
    await ada_with_a_letter_box()
    shown = await coded()
    wrong = ByCode(shown.reset_id, registers.different(shown.code))

    answers = await asyncio.gather(*(complete(wrong) for _ in range(40)), return_exceptions=True)

    assert {type(answer) for answer in answers} == {ResetDead}
    assert (await PasswordReset.get(id=shown.reset_id)).wrong_tries == 5
    await refused(shown, ResetDead)


async def test_a_code_opens_only_what_it_was_sent_for() -> None:
    await ada_with_a_letter_box()
    bob = await registers.resident("bob")
    await registers.proved(bob, ContactKind.EMAIL, "bob@example.org")
    adas, bobs = await coded(), await coded("bob@example.org")

    for shown in (ByCode(adas.reset_id, bobs.code), ByCode(new_id(), adas.code)):
        with pytest.raises(ResetDead):
            await complete(shown)
    await complete(bobs)

    assert await passwords.is_right(PASSWORD, (await Person.get(account_name="ada")).password_hash)


async def test_nobodys_request_counts_its_tries_like_somebodys() -> None:
    asked = await ask("nobody@example.org", ResetWay.CODE)
    await password_resets.identify(asked.id, NOON)

    for _ in range(7):
        with pytest.raises(ResetDead):
            await complete(ByCode(asked.id, "000000"))

    assert (await PasswordReset.get(id=asked.id)).wrong_tries == 5


@pytest.mark.parametrize("way", ResetWay)
@pytest.mark.parametrize(
    ("password", "kind"),
    [
        ("short", PasswordTooWeak),
        ("ada is my name 1", PasswordTooWeak),
        (PASSWORD, PasswordUsedBefore),
        ("x" * 60_000, PasswordTooWeak),
    ],
)
async def test_a_password_that_is_refused_uses_nothing_up(
    way: ResetWay, password: str, kind: type[Refusal]
) -> None:
    ada = await ada_with_a_letter_box()
    shown = await (linked() if way is ResetWay.LINK else coded())

    for _ in range(6):
        with pytest.raises(kind):
            await complete(shown, password)

    assert (await Person.get(id=ada.id)).password_hash == ada.password_hash
    await complete(shown)


async def test_what_the_owner_is_called_is_said_only_to_whoever_has_the_letter() -> None:
    await ada_with_a_letter_box()
    shown = await coded()

    with pytest.raises(ResetDead):
        await complete(ByCode(shown.reset_id, registers.different(shown.code)), "ada is my name 1")


@pytest.mark.parametrize("way", ResetWay)
async def test_of_two_readers_at_once_one_gets_another_password(way: ResetWay) -> None:
    await ada_with_a_letter_box()
    shown = await (linked() if way is ResetWay.LINK else coded())

    answers = await asyncio.gather(
        complete(shown, "first horse 8 battery"),
        complete(shown, "second horse 9 battery"),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Person", "ResetDead"]
    assert await SecurityEvent.filter(kind=EventKind.PASSWORD_RESET).count() == 1


async def test_one_contact_gets_five_letters_an_hour_and_nobody_is_told_of_the_sixth() -> None:
    await ada_with_a_letter_box()

    answers = await asyncio.gather(*(ask() for _ in range(9)))

    assert len({asked.id for asked in answers}) == 9
    assert {asked.expires_at for asked in answers} == {NOON + timedelta(minutes=10)}
    assert await PasswordReset.all().count() == 5
    await ask(now=NOON + timedelta(hours=1))
    assert await PasswordReset.all().count() == 6


async def test_one_network_asks_for_fifty_letters_an_hour() -> None:
    for each in range(50):
        await ask(
            f"somebody{each}@example.org",
            address=f"2001:db8::{each}",
            now=NOON + timedelta(seconds=each),
        )

    with pytest.raises(TooManyResets) as refusal:
        await ask("a@example.org", address="2001:db8::ffff", now=NOON + timedelta(minutes=1))
    await ask("a@example.org", address="2001:db8:0:1::1", now=NOON + timedelta(minutes=1))

    assert refusal.value.again_at == NOON + timedelta(hours=1)
    assert await PasswordReset.all().count() == 51


async def test_a_changed_password_voids_the_letters_about_the_old_one() -> None:
    ada = await ada_with_a_letter_box()
    shown = await linked()

    await passwords.replace(ada, await passwords.hashed(ANOTHER), NOON)

    await refused(shown, ResetDead)

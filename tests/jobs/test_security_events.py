"""What happens to an account is told to all of its contacts, whatever becomes of any of them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from channels.couriers import Letter, MailServer, Post, Smtp, Tray, letters
from domain import contacts, freezes, links, phrases, security_events
from domain.decisions import decision
from jobs.handlers import Wires, registry
from jobs.security_events import letter_id
from jobs.worker import Worker
from models.ids import new_id
from models.jobs import Job
from models.links import Link, LinkKind
from models.people import Contact, ContactKind, Person
from models.security_events import EventKind, SecurityEvent
from schema.texts.events import EVENTS
from tests import factories
from tests.channels.mail_servers import Mailbox, mail_server
from tests.domain.registers import identity_of, proved
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

URL: Final = "https://pay.example"
SENDER: Final = "uPay <letters@pay.example>"
EMAIL, PHONE = ContactKind.EMAIL, ContactKind.PHONE


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.fixture
def worker(clock: Clock, tray: Path) -> Worker:
    return Worker(registry(Wires(courier=Tray(tray), public_url=URL)), clock=clock)


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    async with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def postman(clock: Clock, mailbox: Mailbox, tray: Path) -> Worker:
    """A worker whose e-mails go to a real mail server, and whose text messages stay here."""
    post = Post({"email": Smtp(MailServer.at(mailbox.url), sender=SENDER), "phone": Tray(tray)})
    return Worker(registry(Wires(courier=post, public_url=URL)), clock=clock)


async def happened(person: Person, kind: EventKind, **more: Any) -> SecurityEvent:
    async with decision() as announce:
        return await security_events.record(announce, kind, person_id=person.id, now=NOON, **more)


async def only_letter(tray: Path) -> Letter:
    [letter] = letters(tray)
    return letter


async def test_a_letter_says_what_happened_when_from_where_and_what_to_do(
    worker: Worker, tray: Path
) -> None:
    ada = await factories.person("ada", display_name="Ada", time_zone="Europe/London")
    await proved(ada, EMAIL, "ada@example.org")
    await phrases.set_phrase(await identity_of(ada), "blue whale", NOON)
    await worker.run_due()
    event = await happened(
        ada, EventKind.SIGNED_IN_ON_NEW_DEVICE, address="203.0.113.9", device="Safari on a Mac"
    )

    await worker.run_due()

    letter = letters(tray)[0]
    link = await Link.get(subject_id=event.id)
    assert letter.subject == "uPay: Signed in on a new device"
    assert letter.text == (
        "Hello Ada,\n\n"
        "Somebody signed in to your account on a device that it was never used on.\n\n"
        "When: 2 March 2026, 12:00 (Europe/London)\n"
        "From: 203.0.113.9\n"
        "Device: Safari on a Mac\n\n"
        "If this was not you, stop all payments from your wallets here:\n"
        f"https://pay.example/links/{links.token(link)}\n"
        "The link opens a page and does nothing until you confirm there; it works for seven days. "
        "Then change your password.\n\n"
        "Your phrase: blue whale\n\n"
        "Links in our letters lead only to pay.example. Nobody from uPay will ever ask you for a "
        "password, a PIN or a code.\n\n"
        "uPay"
    )


async def test_a_letter_is_in_the_readers_language_and_time(worker: Worker, tray: Path) -> None:
    wang = await factories.person("wang", display_name="王小明", locale="zh-CN")
    await proved(wang, EMAIL, "wang@example.org")
    await happened(wang, EventKind.PASSWORD_CHANGED, address="203.0.113.9")

    await worker.run_due()

    letter = next(each for each in letters(tray) if "验证码" not in each.subject)
    assert letter.subject == "uPay：登录密码已修改"
    assert "\n时间：2026年3月2日 20:00（Asia/Shanghai）\n网络地址：203.0.113.9\n" in letter.text
    assert "如非您本人操作，请立即冻结您的支付：\nhttps://pay.example/links/" in letter.text


async def test_every_kind_that_is_told_has_a_letter_in_both_languages(
    worker: Worker, tray: Path
) -> None:
    assert set(EVENTS) == set(EventKind)
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "ada@example.org")
    await worker.run_due()
    told = [kind for kind in EventKind if kind not in security_events.UNTOLD]
    details: dict[EventKind, dict[str, str]] = {
        EventKind.CONTACT_REMOVED: {"contact_id": str(ada.id), "contact": "x***@example.org"},
        EventKind.PAYMENT_QUESTIONED: {"inquiry_id": str(ada.id)},
        EventKind.PHRASE_CHANGED: {"shown_id": str(ada.id)},
    }

    for locale in ("en", "zh-CN"):
        await Person.filter(id=ada.id).update(locale=locale)
        for kind in told:
            await happened(ada, kind, **details.get(kind, {}))
        await worker.run_due()

    found = [each for each in letters(tray) if "confirmation code" not in each.subject]
    assert len({each.subject for each in found}) == 2 * len(told)
    assert await Job.filter(done_at__isnull=True).count() == 0
    assert not [each for each in found if re.search(r"[{}]", each.text)]
    for kind in told:
        has_link = kind in security_events.OFFER_A_FREEZE
        [letter] = [each for each in found if each.subject == f"uPay: {EVENTS[kind].title.en}"]
        assert (f"{URL}/links/" in letter.text) is has_link, kind


async def test_a_telephone_hears_only_what_cannot_wait_and_gets_no_link(
    worker: Worker, tray: Path
) -> None:
    ada = await factories.person("ada")
    await proved(ada, PHONE, "+8613800138000")
    await worker.run_due()
    before = len(letters(tray))

    await happened(ada, EventKind.SIGNED_IN_ON_NEW_DEVICE)
    await happened(ada, EventKind.PASSWORD_CHANGED)
    await worker.run_due()

    [letter] = letters(tray)[: len(letters(tray)) - before]
    assert (letter.kind, letter.text) == (
        "phone",
        "uPay: your password was changed. Not you? Open uPay and freeze your payments at once.",
    )


async def test_whoever_is_removed_is_told_as_well(worker: Worker, clock: Clock, tray: Path) -> None:
    ada = await factories.person("ada")
    first = await proved(ada, EMAIL, "ada@example.org")
    second = await proved(ada, EMAIL, "lovelace@example.org")
    await Contact.filter(id=second.id).update(usable_at=NOON)
    await contacts.remove(await identity_of(ada), first.id, NOON)
    await worker.run_due()

    clock.advance(hours=24)
    await worker.run_due()

    told = [each for each in letters(tray) if each.subject == "uPay: A contact was removed"]
    assert sorted(each.to for each in told) == ["ada@example.org", "lovelace@example.org"]
    assert all("Contact: a***@example.org" in each.text for each in told)
    assert (await Contact.get(id=first.id)).removed_at == clock()


async def test_a_contact_that_was_kept_is_not_removed_when_its_day_comes(
    worker: Worker, clock: Clock
) -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    first = await proved(ada, EMAIL, "ada@example.org")
    second = await proved(ada, EMAIL, "lovelace@example.org")
    await Contact.filter(id=second.id).update(usable_at=NOON)
    await contacts.remove(by, first.id, NOON)
    await contacts.keep(by, first.id, NOON)

    clock.advance(hours=24)
    await worker.run_due()

    assert (await Contact.get(id=first.id)).verified_at == NOON


async def test_the_letter_about_a_phrase_shows_the_one_its_reader_knows(
    worker: Worker, tray: Path
) -> None:
    ada = await factories.person("ada")
    by = await identity_of(ada)
    await proved(ada, EMAIL, "ada@example.org")
    await phrases.set_phrase(by, "blue whale", NOON)
    await phrases.set_phrase(by, "red boat", NOON)

    await worker.run_due()

    told = [each for each in letters(tray) if "phrase" in each.subject]
    assert ["Your phrase: blue whale" in each.text for each in told] == [True, True]
    assert not [each for each in told if "red boat" in each.text]


async def test_a_link_that_is_dead_by_now_is_not_sent(worker: Worker, tray: Path) -> None:
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "ada@example.org")
    event = await happened(ada, EventKind.PASSWORD_CHANGED)
    await Link.filter(subject_id=event.id, kind=LinkKind.FREEZE).update(used_at=NOON)

    await worker.run_due()

    letter = next(each for each in letters(tray) if "password" in each.subject)
    assert "/links/" not in letter.text
    assert "freeze your payments in uPay at once" in letter.text


async def test_only_a_contact_that_lets_its_owner_in_may_say_that_a_payment_was_theirs(
    worker: Worker, tray: Path
) -> None:
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "ada@example.org")
    await proved(ada, EMAIL, "eve@example.org")
    inquiry_id = new_id()
    link = await links.make(LinkKind.ANSWER, person_id=ada.id, subject_id=inquiry_id, now=NOON)
    await happened(ada, EventKind.PAYMENT_QUESTIONED, inquiry_id=str(inquiry_id))

    await worker.run_due()

    told = {each.to: each.text for each in letters(tray) if "payment" in each.subject}
    assert f"{URL}/links/{links.token(link)}" in told["ada@example.org"]
    assert "/links/" not in told["eve@example.org"]
    assert "Open uPay and say whether it was you." in told["eve@example.org"]


async def test_the_link_in_a_letter_freezes(worker: Worker, tray: Path) -> None:
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "ada@example.org")
    await happened(ada, EventKind.PASSWORD_CHANGED)
    await worker.run_due()
    letter = next(each for each in letters(tray) if "password" in each.subject)
    [token] = re.findall(r"https://pay\.example/links/(\S+)", letter.text)

    await freezes.freeze_by_link(await links.find(token, NOON), NOON)

    assert (await Person.get(id=ada.id)).freeze_level > 0


async def test_one_address_that_is_none_keeps_no_other_letter_back(
    postman: Worker, mailbox: Mailbox
) -> None:
    ada = await factories.person("ada")
    await proved(ada, EMAIL, "gone@example.org")
    await proved(ada, EMAIL, "ada@example.org")
    await postman.run_due()
    mailbox.arrived.clear()
    await happened(ada, EventKind.PASSWORD_CHANGED)
    # Whichever of the two is first: it is given up, and nobody tries it again.
    mailbox.recipients.append("550 nobody here")

    await postman.run_due()

    assert len(mailbox.arrived) == 1
    assert await Job.filter(done_at__isnull=True).count() == 0
    assert await Job.filter(failed_at__isnull=False).count() == 0


async def test_a_busy_server_gets_the_same_letter_later_and_nobody_gets_it_twice(
    postman: Worker, mailbox: Mailbox, clock: Clock
) -> None:
    ada = await factories.person("ada")
    both = [await proved(ada, EMAIL, f"ada{n}@example.org") for n in range(2)]
    await postman.run_due()
    mailbox.arrived.clear()
    event = await happened(ada, EventKind.PASSWORD_CHANGED)
    mailbox.contents.append("451 busy")

    await postman.run_due()
    assert len(mailbox.arrived) == 1
    clock.advance(seconds=2)
    await postman.run_due()

    assert sorted(each["to"] for each in mailbox.arrived) == [each.value for each in both]
    assert {each["message-id"] for each in mailbox.arrived} == {
        f"<{letter_id(event.id, contact.id).hex}@pay.example>" for contact in both
    }


async def test_what_a_job_carries_names_nobody(worker: Worker) -> None:
    ada = await factories.person("ada")
    contact = await proved(ada, EMAIL, "ada@example.org")
    event = await happened(ada, EventKind.PASSWORD_CHANGED)

    await worker.run_due()

    asked, written = await Job.filter(subject_id=event.id).order_by("-due_at")
    assert asked.payload == {}
    assert written.payload == {"contact_id": str(contact.id)}


async def test_the_letters_of_an_event_sort_by_when_it_happened() -> None:
    ada = await factories.person("ada")
    events = [await happened(ada, EventKind.FROZEN) for _ in range(3)]

    ids = [letter_id(event.id, ada.id) for event in events]

    assert {id.version for id in ids} == {7}
    assert [id.bytes[:6] for id in ids] == [event.id.bytes[:6] for event in events]
    assert letter_id(events[0].id, ada.id) == ids[0] != letter_id(events[0].id, events[1].id)

"""How the codes of registering and of proving contacts come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from domain import contacts
from models.people import Contact, ContactKind
from tests.api.conftest import Resident
from tests.api.scenarios.stage import Act, Scenario, Scenarios, Stage, problem
from tests.api.test_people import ADA
from tests.domain.registers import different, newest_code, proved

NUMBER: Final = "+8613800000000"


def registering(**changes: Any) -> Scenario:
    """Somebody registers with `changes` to what could be."""

    async def scenario(stage: Stage) -> Act:
        return partial(problem, stage.stranger, "register", ADA | changes)

    return scenario


async def account_name_taken(stage: Stage) -> Act:
    await stage.resident("ada")
    return partial(problem, stage.stranger, "register", ADA)


async def code_wrong(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    contact = await _told(stage, ada)
    words = {"contactId": _id(contact), "code": different(await newest_code(contact))}
    return partial(problem, ada.asker, "verifyContact", words)


async def code_expired(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    contact = await _told(stage, ada)
    words = {"contactId": _id(contact), "code": await newest_code(contact)}
    stage.clock.advance(minutes=10)
    return partial(problem, ada.asker, "verifyContact", words)


async def too_many_codes(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    contact = await _told(stage, ada)
    for _ in range(4):
        stage.clock.advance(minutes=1)
        await contacts.send_code(ada.person.id, contact.id, stage.clock())
    return partial(problem, ada.asker, "sendContactCode", {"contactId": _id(contact)})


async def contact_taken(stage: Stage) -> Act:
    ada, bob = await stage.two()
    await proved(ada.person, ContactKind.PHONE, NUMBER)
    contact = await _told(stage, bob)
    words = {"contactId": _id(contact), "code": await newest_code(contact)}
    return partial(problem, bob.asker, "verifyContact", words)


async def _told(stage: Stage, resident: Resident) -> Contact:
    """A telephone number that a code was sent to."""
    now, person_id = stage.clock(), resident.person.id
    contact = await contacts.add(person_id, ContactKind.PHONE, NUMBER, now)
    return await contacts.send_code(person_id, contact.id, now)


def _id(contact: Contact) -> str:
    return f"con_{contact.id.hex}"


PROBLEMS: Final[Scenarios] = {
    "ACCOUNT_NAME_INVALID": registering(accountName="ad"),
    "ACCOUNT_NAME_TAKEN": account_name_taken,
    "DISPLAY_NAME_INVALID": registering(displayName=""),
    "EMAIL_INVALID": registering(email="ada"),
    "PHONE_INVALID": registering(phone="13800000000"),
    "TIME_ZONE_INVALID": registering(timeZone="Mars/Olympus"),
    "CODE_WRONG": code_wrong,
    "CODE_EXPIRED": code_expired,
    "TOO_MANY_CODES": too_many_codes,
    "CONTACT_TAKEN": contact_taken,
}

"""How the codes of adding and removing contacts, of names and of phrases come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from domain import contacts
from models.people import ContactKind
from tests.api.scenarios.stage import Act, Scenarios, Stage, problem
from tests.domain.registers import proved


async def too_many_contacts(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    for number in range(5):
        value = f"ada{number}@example.org"
        await contacts.add(ada.person.id, ContactKind.EMAIL, value, stage.clock())
    return partial(problem, ada.asker, "addContact", {"email": "one.more@example.org"})


async def last_contact(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    contact = await proved(ada.person, ContactKind.EMAIL, "ada@example.org")
    return partial(problem, ada.asker, "removeContact", {"contactId": f"con_{contact.id.hex}"})


async def display_name_reserved(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "updateProfile", {"displayName": "uPay Support"})


async def phrase_invalid(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    return partial(problem, ada.asker, "setPhrase", {"phrase": "abc"})


PROBLEMS: Final[Scenarios] = {
    "TOO_MANY_CONTACTS": too_many_contacts,
    "LAST_CONTACT": last_contact,
    "DISPLAY_NAME_RESERVED": display_name_reserved,
    "PHRASE_INVALID": phrase_invalid,
}

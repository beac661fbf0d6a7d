"""Becoming somebody through the API: registering, proving contacts, a PIN of one's own."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from starlette.applications import Starlette

from domain import contacts
from models.database import client
from models.jobs import Job
from models.people import Contact, ContactCode, ContactKind, Person, Pin
from tests.api.clients import Asker
from tests.api.conftest import PIN, Moving, Resident, Returning
from tests.domain.registers import different, newest_code, proved
from tests.moments import Clock

REGISTER: Final = """
mutation ($input: RegisterInput!) {
  register(input: $input) {
    __typename
    ... on Registered { person { accountName displayName role locale timeZone isFrozen
      contacts { kind value isVerified } wallets { id } pin { isSet } } }
    ... on PasswordTooWeak { reasons }
    ... on Problem { code field message }
  }
}
"""
SEND: Final = """
mutation ($id: ID!) {
  sendContactCode(input: { contactId: $id }) {
    __typename
    ... on ContactCodeSent { contact { value isVerified } }
    ... on TooManyCodes { code againAt }
  }
}
"""
VERIFY: Final = """
mutation ($id: ID!, $code: String!) {
  verifyContact(input: { contactId: $id, code: $code }) {
    __typename
    ... on ContactVerified { contact { value isVerified } }
    ... on CodeWrong { triesLeft }
    ... on Problem { code field }
  }
}
"""
CHANGE_PIN: Final = """
mutation ($current: String!, $new: String!) {
  changePin(input: { currentPin: $current, newPin: $new }) {
    __typename
    ... on PinSaved { pin { isSet lockedUntil } }
    ... on WrongPin { triesLeft }
    ... on PinLocked { until }
    ... on Problem { code field }
  }
}
"""
SET_PIN: Final = """
mutation ($pin: String!) {
  setPin(input: { pin: $pin }) { __typename ... on Problem { code field } }
}
"""
PAYEE: Final = """
query ($by: PayeeInput!) {
  payee(by: $by) { __typename ... on Payee { maskedName } ... on Problem { code field } }
}
"""

ADA: Final[dict[str, Any]] = {
    "accountName": "ada",
    "displayName": "Ada Lovelace",
    "email": "Ada@Example.org",
    "phone": "+86 138 0000 0000",
    "password": "correct horse 7 battery",
    "locale": "EN",
    "timeZone": "Europe/London",
}
REFUSED: Final[list[tuple[dict[str, Any], str, str]]] = [
    ({"accountName": "аda"}, "ACCOUNT_NAME_INVALID", "accountName"),  # a Cyrillic letter
    ({"accountName": "ada\u200b"}, "ACCOUNT_NAME_INVALID", "accountName"),
    ({"accountName": "\u202eada"}, "ACCOUNT_NAME_INVALID", "accountName"),
    ({"accountName": "ad"}, "ACCOUNT_NAME_INVALID", "accountName"),
    ({"displayName": ""}, "DISPLAY_NAME_INVALID", "displayName"),
    ({"displayName": "Ada\nLovelace"}, "DISPLAY_NAME_INVALID", "displayName"),
    ({"displayName": "Ada\u202e"}, "DISPLAY_NAME_INVALID", "displayName"),
    ({"displayName": "😀" * 65}, "DISPLAY_NAME_INVALID", "displayName"),
    ({"displayName": "a" * 10_000}, "DISPLAY_NAME_INVALID", "displayName"),
    ({"email": "ada"}, "EMAIL_INVALID", "email"),
    ({"phone": "13800000000"}, "PHONE_INVALID", "phone"),
    ({"timeZone": "Mars/Olympus"}, "TIME_ZONE_INVALID", "timeZone"),
    ({"password": "short1!"}, "PASSWORD_TOO_WEAK", "password"),
    ({"password": "x" * 50_000}, "PASSWORD_TOO_WEAK", "password"),
]


async def test_whoever_registers_is_there_with_contacts_that_are_not_proved_yet(
    app: Starlette,
) -> None:
    answer = await Asker(app).data(REGISTER, input=ADA)

    assert answer == {
        "__typename": "Registered",
        "person": {
            "accountName": "ada",
            "displayName": "Ada Lovelace",
            "role": "CUSTOMER",
            "locale": "EN",
            "timeZone": "Europe/London",
            "isFrozen": False,
            "contacts": [
                {"kind": "EMAIL", "value": "ada@example.org", "isVerified": False},
                {"kind": "PHONE", "value": "+8613800000000", "isVerified": False},
            ],
            "wallets": [],
            "pin": {"isSet": False},
        },
    }


async def test_a_code_is_on_its_way_to_each_contact_and_is_written_down_nowhere(
    app: Starlette,
) -> None:
    await Asker(app).data(REGISTER, input=ADA)

    sent = await ContactCode.all()
    codes = {contacts.code_for(code) for code in sent}
    asked_for = await Job.filter(kind=contacts.SEND_JOB).values_list("subject_id", flat=True)
    assert len(codes) == 2
    assert sorted(asked_for) == sorted(code.id for code in sent)
    assert not [word for word in await _every_word_kept() if any(code in word for code in codes)]


async def test_what_nobody_can_be_called_is_refused_by_name_and_makes_nobody(
    app: Starlette,
) -> None:
    asker = Asker(app)

    for change, code, field in REFUSED:
        answer = await asker.data(REGISTER, input=ADA | change)
        assert (answer["code"], answer["field"]) == (code, [field]), change

    assert await Person.all().count() == 0
    assert await Contact.all().count() == 0
    assert await Job.all().count() == 0


async def test_a_weak_password_is_told_each_rule_it_breaks(app: Starlette) -> None:
    weak = {"ada": ["short", "digits", "symbols", "name"], "1 2 3": ["short", "letters"]}

    for password, reasons in weak.items():
        answer = await Asker(app).data(REGISTER, input=ADA | {"password": password})
        assert answer["reasons"] == reasons

    assert await Person.all().count() == 0


async def test_of_ten_who_want_one_name_at_once_one_gets_it(app: Starlette) -> None:
    spellings = ["ada", "ADA", "ＡＤＡ", " ada ", "Ada"] * 2
    asker = Asker(app)

    answers = await asyncio.gather(
        *(asker.data(REGISTER, input=ADA | {"accountName": each}) for each in spellings)
    )

    codes = sorted(answer.get("code", answer["__typename"]) for answer in answers)
    assert codes == ["ACCOUNT_NAME_TAKEN"] * 9 + ["Registered"]
    assert await Person.all().count() == 1
    assert await Contact.all().count() == 2
    assert await Job.all().count() == 2


async def test_that_a_contact_is_somebody_elses_is_not_told_to_whoever_registers(
    app: Starlette, resident: Moving
) -> None:
    bob = await resident("bob")
    await proved(bob.person, ContactKind.EMAIL, "ada@example.org")
    await proved(bob.person, ContactKind.PHONE, "+8613800000000")

    known = await Asker(app).data(REGISTER, input=ADA)
    unknown = await Asker(app).data(
        REGISTER, input=ADA | {"accountName": "eve", "email": "e@example.org", "phone": None}
    )

    assert known["__typename"] == unknown["__typename"] == "Registered"
    assert {each["isVerified"] for each in known["person"]["contacts"]} == {False}


async def test_problems_of_registering_come_in_the_language_that_was_chosen(
    app: Starlette,
) -> None:
    wrong = ADA | {"email": "ada"}

    english = await Asker(app, language="zh").data(REGISTER, input=wrong)
    chinese = await Asker(app, language="en").data(REGISTER, input=wrong | {"locale": "ZH_CN"})

    assert english["message"] == "This e-mail address is not valid."
    assert chinese["message"] == "邮箱地址无效。"


async def test_a_contact_is_proved_by_its_code_and_is_a_payee_only_then(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", display_name="Ada Lovelace"), await resident("bob")
    contact = await _contact(ada, "+8613800000000", clock)
    by = {"phone": "+86 138 0000 0000"}

    wrong = await ada.asker.data(
        VERIFY, id=_id(contact), code=different(await newest_code(contact))
    )
    unproved = await bob.asker.data(PAYEE, by=by)
    right = await ada.asker.data(VERIFY, id=_id(contact), code=await newest_code(contact))
    payee = await bob.asker.data(PAYEE, by=by)

    assert wrong == {
        "__typename": "CodeWrong", "triesLeft": 4, "code": "CODE_WRONG", "field": ["code"]
    }  # fmt: skip
    assert unproved == {"__typename": "PayeeNotFound", "code": "PAYEE_NOT_FOUND", "field": ["by"]}
    assert right["contact"] == {"value": "+8613800000000", "isVerified": True}
    assert payee == {"__typename": "Payee", "maskedName": "A** L*******"}


async def test_whoever_proves_a_contact_second_is_told_and_nothing_changes(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await proved(ada.person, ContactKind.PHONE, "+8613800000000")
    contact = await _contact(bob, "+8613800000000", clock)

    taken = await bob.asker.data(VERIFY, id=_id(contact), code=await newest_code(contact))

    assert taken["code"] == "CONTACT_TAKEN"
    assert (await Contact.get(id=contact.id)).verified_at is None
    assert await Contact.filter(verified_at__isnull=False).count() == 1


async def test_a_code_of_ten_minutes_ago_is_void(
    resident: Moving, clock: Clock, returning: Returning
) -> None:
    ada = await resident("ada")
    contact = await _contact(ada, "+8613800000000", clock)
    clock.advance(minutes=10)

    late = await ada.asker.data(VERIFY, id=_id(contact), code=await newest_code(contact))

    assert late["code"] == "CODE_EXPIRED"
    assert (await Contact.get(id=contact.id)).verified_at is None


async def test_a_sixth_code_within_the_hour_is_not_sent_and_it_is_said_when_it_could_be(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    contact = await _contact(ada, "+8613800000000", clock)
    for _ in range(4):
        clock.advance(minutes=1)
        await ada.asker.data(SEND, id=_id(contact))

    refused = await ada.asker.data(SEND, id=_id(contact))

    assert refused == {
        "__typename": "TooManyCodes",
        "code": "TOO_MANY_CODES",
        "againAt": "2026-03-02T13:00:00+00:00",
    }
    assert await Job.filter(kind=contacts.SEND_JOB).count() == 5


async def test_a_pin_is_changed_by_who_knows_it_and_problems_name_the_right_input(
    resident: Moving,
) -> None:
    ada = await resident("ada")
    kept = (await Pin.get(person_id=ada.person.id)).mac

    simple = await ada.asker.data(CHANGE_PIN, current=PIN, new="123456")
    wrong = await ada.asker.data(CHANGE_PIN, current="864213", new="975310")
    again = await ada.asker.data(SET_PIN, pin="975310")
    unset = await ada.asker.data(SET_PIN, pin="111111")

    assert (simple["code"], simple["field"]) == ("PIN_TOO_SIMPLE", ["newPin"])
    assert (wrong["code"], wrong["field"]) == ("PIN_WRONG", ["currentPin"])
    assert wrong["triesLeft"] == 4
    assert again == {"__typename": "PinAlreadySet", "code": "PIN_ALREADY_SET", "field": None}
    assert (unset["code"], unset["field"]) == ("PIN_TOO_SIMPLE", ["pin"])
    assert (await Pin.get(person_id=ada.person.id)).mac == kept

    changed = await ada.asker.data(CHANGE_PIN, current=PIN, new="975310")

    assert changed == {"__typename": "PinSaved", "pin": {"isSet": True, "lockedUntil": None}}
    assert (await ada.asker.data(CHANGE_PIN, current=PIN, new="246813"))["code"] == "PIN_WRONG"


async def test_a_locked_pin_says_until_when_and_so_does_the_person(
    resident: Moving, clock: Clock, returning: Returning
) -> None:
    ada = await resident("ada")
    words = {"current": "864213", "new": "975310"}
    for _ in range(4):
        await ada.asker.data(CHANGE_PIN, **words)

    locked = await ada.asker.data(CHANGE_PIN, **words)

    me = "{ me { pin { isSet lockedUntil } } }"
    until = "2026-03-02T12:15:00+00:00"
    assert (locked["code"], locked["field"], locked["until"]) == (
        "PIN_LOCKED", ["currentPin"], until
    )  # fmt: skip
    assert await ada.asker.data(me) == {"pin": {"isSet": True, "lockedUntil": until}}

    clock.advance(minutes=15)
    ada = await returning(ada)

    assert await ada.asker.data(me) == {"pin": {"isSet": True, "lockedUntil": None}}


async def _contact(resident: Resident, number: str, clock: Clock) -> Contact:
    """A telephone number that a code was sent to."""
    contact = await contacts.add(resident.person.id, ContactKind.PHONE, number, clock())
    await contacts.send_code(resident.person.id, contact.id, clock())
    return contact


def _id(contact: Contact) -> str:
    return f"con_{contact.id.hex}"


async def _every_word_kept() -> list[str]:
    """What stands in every column that could hold a code; ids and times are left out."""
    columns = await client().pool.fetch(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type NOT IN ('uuid', 'timestamp with time zone')"
    )
    return [
        str(value)
        for table, column in columns
        for (value,) in await client().pool.fetch(f'SELECT "{column}" FROM {table}')
    ]

"""Contacts, profile, phrase and the list of what happened, through the API."""

from __future__ import annotations

from typing import Any, Final

from domain import security_events
from domain.decisions import decision
from models.people import Contact, ContactKind
from models.security_events import EventKind, SecurityEvent
from tests.api.conftest import Moving, Resident, Returning
from tests.domain.registers import newest_code, proved
from tests.moments import NOON, Clock

ADD: Final = """
mutation ($input: AddContactInput!) { addContact(input: $input) {
  __typename
  ... on ContactAdded { contact { id kind value isVerified usableAt leavesAt } }
  ... on ProofNeeded { count }
  ... on Problem { code field }
} }
"""
VERIFY: Final = """
mutation ($id: ID!, $code: String!) { verifyContact(input: { contactId: $id, code: $code }) {
  __typename ... on ContactVerified { contact { isVerified usableAt } }
} }
"""
REMOVE: Final = """
mutation ($id: ID!) { removeContact(input: { contactId: $id }) {
  __typename
  ... on ContactRemoved { contact { value leavesAt } }
  ... on Problem { code field }
} }
"""
KEEP: Final = """
mutation ($id: ID!) { keepContact(input: { contactId: $id }) {
  __typename ... on ContactKept { contact { leavesAt } } ... on Problem { code }
} }
"""
UPDATE: Final = """
mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  __typename
  ... on ProfileUpdated { person { displayName locale timeZone } }
  ... on Problem { code field message }
} }
"""
PHRASE: Final = """
mutation ($phrase: String!) { setPhrase(input: { phrase: $phrase }) {
  __typename ... on PhraseSet { person { phrase } } ... on Problem { code field }
} }
"""
EVENTS: Final = """
query ($first: Int!, $after: String) { me { securityEvents(first: $first, after: $after) {
  edges { node { kind at address deviceName title text facts } }
  pageInfo { hasNextPage endCursor }
} } }
"""
CONTACTS: Final = "{ me { contacts { value } } }"


async def test_a_contact_is_added_proved_and_usable_a_day_later(resident: Moving) -> None:
    ada = await resident("ada")
    await proved(ada.person, ContactKind.EMAIL, "ada@example.org")

    added = await ada.asker.data(ADD, input={"phone": "+86 138 0000 0000"})
    contact = await Contact.get(kind=ContactKind.PHONE)
    verified = await ada.asker.data(VERIFY, id=_id(contact), code=await newest_code(contact))

    assert added == {
        "__typename": "ContactAdded",
        "contact": {
            "id": _id(contact),
            "kind": "PHONE",
            "value": "+8613800000000",
            "isVerified": False,
            "usableAt": None,
            "leavesAt": None,
        },
    }
    assert verified["contact"] == {"isVerified": True, "usableAt": "2026-03-03T12:00:00+00:00"}
    event = await SecurityEvent.get(kind=EventKind.CONTACT_ADDED)
    assert (event.kind, str(event.session_id)) == (EventKind.CONTACT_ADDED, ada.session_id)


async def test_what_is_no_contact_points_at_its_own_input(resident: Moving) -> None:
    ada = await resident("ada")

    said = [
        await ada.asker.data(ADD, input=words)
        for words in ({"email": "ada"}, {"phone": "138"}, {"email": "x" * 60_000})
    ]

    assert [(each["code"], each["field"]) for each in said] == [
        ("EMAIL_INVALID", ["email"]),
        ("PHONE_INVALID", ["phone"]),
        ("EMAIL_INVALID", ["email"]),
    ]
    assert await ada.asker.code(ADD, input={}) == "VARIABLES_INVALID"
    assert await Contact.all().count() == 0


async def test_an_hour_old_session_must_prove_again_who_uses_it(
    resident: Moving, clock: Clock
) -> None:
    ada = await resident("ada")
    clock.advance(minutes=11)

    said = await ada.asker.data(ADD, input={"email": "eve@example.org"})
    phrase = await ada.asker.data(PHRASE, phrase="blue whale")

    assert said == {"__typename": "ProofNeeded", "count": 1, "code": "PROOF_NEEDED", "field": None}
    assert phrase["code"] == "PROOF_NEEDED"
    assert await Contact.all().count() == 0


async def test_a_contact_is_removed_with_a_days_notice_and_may_be_kept(resident: Moving) -> None:
    ada = await resident("ada")
    first = await proved(ada.person, ContactKind.EMAIL, "ada@example.org")
    second = await proved(ada.person, ContactKind.EMAIL, "lovelace@example.org")
    await Contact.filter(id=second.id).update(usable_at=NOON)

    removed = await ada.asker.data(REMOVE, id=_id(first))
    last = await ada.asker.data(REMOVE, id=_id(second))
    kept = await ada.asker.data(KEEP, id=_id(first))

    assert removed["contact"] == {
        "value": "ada@example.org",
        "leavesAt": "2026-03-03T12:00:00+00:00",
    }
    assert (last["code"], last["field"]) == ("LAST_CONTACT", ["contactId"])
    assert kept["contact"] == {"leavesAt": None}


async def test_what_was_removed_is_shown_to_nobody(resident: Moving) -> None:
    ada = await resident("ada")
    await ada.asker.data(ADD, input={"email": "ada@example.org"})
    contact = await Contact.get()

    await ada.asker.data(REMOVE, id=_id(contact))

    assert await ada.asker.data(CONTACTS) == {"contacts": []}
    assert await ada.asker.code(REMOVE, id=_id(contact)) == "NOT_FOUND"


async def test_a_profile_changes_in_the_parts_that_are_named(resident: Moving) -> None:
    ada = await resident("ada", display_name="Ada")

    zone = await ada.asker.data(UPDATE, input={"timeZone": "Europe/London"})
    name = await ada.asker.data(UPDATE, input={"displayName": "王 小明", "locale": "ZH_CN"})
    wrong = await ada.asker.data(UPDATE, input={"displayName": "uPay 客服", "locale": "EN"})
    huge = await ada.asker.data(UPDATE, input={"timeZone": "x" * 60_000})

    assert zone["person"] == {"displayName": "Ada", "locale": "EN", "timeZone": "Europe/London"}
    assert name["person"]["displayName"] == "王 小明"
    assert (wrong["code"], wrong["field"]) == ("DISPLAY_NAME_RESERVED", ["displayName"])
    assert huge["code"] == "TIME_ZONE_INVALID"
    me = await ada.asker.data("{ me { displayName locale timeZone } }")
    assert me == {"displayName": "王 小明", "locale": "ZH_CN", "timeZone": "Europe/London"}


async def test_a_phrase_is_shown_back_to_whoever_chose_it(resident: Moving) -> None:
    ada = await resident("ada")
    assert await ada.asker.data("{ me { phrase } }") == {"phrase": None}

    chosen = await ada.asker.data(PHRASE, phrase=" blue  whale ")
    wrong = await ada.asker.data(PHRASE, phrase="x" * 60_000)

    assert chosen["person"] == {"phrase": "blue whale"}
    assert (wrong["code"], wrong["field"]) == ("PHRASE_INVALID", ["phrase"])
    assert await ada.asker.data("{ me { phrase } }") == {"phrase": "blue whale"}


async def test_what_happened_is_read_newest_first_in_the_readers_words(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await _happened(bob, EventKind.FROZEN, clock)
    await _happened(ada, EventKind.SESSION_ENDED, clock)
    clock.advance(minutes=1)
    await _happened(
        ada, EventKind.CONTACT_ADDED, clock, contact="a***@example.org", device="Mac",
        usable_at="2026-03-03T12:01:00+00:00",
    )  # fmt: skip

    page = await ada.asker.data(EVENTS, first=2)

    assert [edge["node"] for edge in page["securityEvents"]["edges"]] == [
        {
            "kind": "CONTACT_ADDED",
            "at": "2026-03-02T12:01:00+00:00",
            "address": "203.0.113.9",
            "deviceName": "Mac",
            "title": "A contact was added",
            "text": "A contact was added to your account. For a day it cannot be used to get in.",
            "facts": ["Contact: a***@example.org", "Takes effect: 3 March 2026, 20:01"],
        },
        {
            "kind": "SESSION_ENDED",
            "at": "2026-03-02T12:00:00+00:00",
            "address": "203.0.113.9",
            "deviceName": None,
            "title": "Signed out",
            "text": "One of your sessions was ended.",
            "facts": [],
        },
    ]


async def test_pages_of_what_happened_neither_repeat_nor_skip(
    resident: Moving, clock: Clock, returning: Returning
) -> None:
    ada = await resident("ada", locale="zh-CN")
    await SecurityEvent.all().delete()
    for _ in range(3):
        await _happened(ada, EventKind.FROZEN, clock)
        await _happened(ada, EventKind.UNFROZEN, clock)

    titles, after = [], None
    for _ in range(3):
        page = (await ada.asker.data(EVENTS, first=2, after=after))["securityEvents"]
        titles += [edge["node"]["title"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]

    assert titles == ["支付已解冻", "支付已冻结"] * 3
    assert page["pageInfo"]["hasNextPage"] is False


async def _happened(resident: Resident, kind: EventKind, clock: Clock, **detail: Any) -> None:
    async with decision() as announce:
        await security_events.record(
            announce,
            kind,
            person_id=resident.person.id,
            now=clock(),
            address="203.0.113.9",
            **detail,
        )


def _id(contact: Contact) -> str:
    return f"con_{contact.id.hex}"

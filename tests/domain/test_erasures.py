"""Erasing: nothing in the database tells who somebody was, and the books stay as they are."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest

from domain import (
    closings,
    contacts,
    erasures,
    exports,
    ledger,
    people,
    pins,
    refunds,
    retired_names,
    second_factors,
    security_events,
)
from domain.decisions import decision
from domain.people import AccountNameTaken
from jobs.erasures import AGAIN_AFTER, erase_account
from jobs.exports import make_export
from jobs.worker import Worker
from models.devices import Device
from models.exports import Export
from models.ids import new_id
from models.jobs import Job
from models.movements import Movement
from models.passkeys import Passkey
from models.passwords import PasswordHash
from models.people import Contact, ContactKind, Person
from models.phrases import Phrase
from models.refunds import RefundReason
from models.risk import Inquiry, InquiryStatus, PersonPlace
from models.security_events import EventKind
from models.sessions import Session
from models.wallets import Account
from server.embedded.postgres import DatabaseUrls
from tests import factories, showing
from tests.domain import books, orders, proved, registers
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

# Told apart from anything that is there by chance.
ACCOUNT_NAME: Final = "zenobia-qx"
DISPLAY_NAME: Final = "Zenobia Quixworth"
EMAIL: Final = "zenobia@quixworth.example"
PHONE: Final = "+8613912345678"
ID_NUMBER: Final = "QX-771204-Z"
PHRASE: Final = "quixotic windmills"
ADDRESS: Final = "198.51.100.77"
DEVICE: Final = "Zenobia's telephone"
NOTE: Final = "from quixworth with thanks"
COMPLAINT: Final = "the pot broke when quixworth poured"
PERSONAL: Final = (
    ACCOUNT_NAME,
    DISPLAY_NAME,
    EMAIL,
    PHONE,
    ID_NUMBER,
    PHRASE,
    ADDRESS,
    DEVICE,
    NOTE,
    COMPLAINT,
)

KEPT_WITH_A_REASON: Final = {
    ("movements", "note", NOTE): "what a payer wrote is the payee's record as well",
    ("audit_records", "reason", DISPLAY_NAME): "what an agent wrote when they looked, and why",
}

SOON: Final = NOON + erasures.BEGINS_AFTER


@dataclass(frozen=True)
class World:
    """zenobia, of whom uPay keeps everything it can keep; and bob, whom she paid."""

    zenobia: Person
    wallet: Account
    bobs: Account


@pytest.fixture
async def world() -> World:
    zenobia = await registers.resident(
        ACCOUNT_NAME, display_name=DISPLAY_NAME, time_zone="Europe/Paris"
    )
    bob = await factories.person("bob")
    wallet = await factories.wallet(zenobia, holds=400)
    bobs = await factories.wallet(bob)
    await _protected(zenobia)
    await _seen(zenobia, bob)
    await _paid(wallet, bobs)
    await _complained(wallet, bob)
    return World(zenobia, wallet, bobs)


async def _protected(zenobia: Person) -> None:
    await registers.proved(zenobia, ContactKind.EMAIL, EMAIL)
    await registers.proved(zenobia, ContactKind.PHONE, PHONE)
    await contacts.add(zenobia.id, ContactKind.EMAIL, f"other.{EMAIL}", NOON)
    await pins.set_pin(zenobia.id, "246810", NOON)
    await second_factors.enrol(zenobia.id, NOON)
    await Phrase.create(id=new_id(), person_id=zenobia.id, text=PHRASE, set_at=NOON)
    await PasswordHash.create(id=new_id(), person_id=zenobia.id, hash="$old", replaced_at=NOON)
    await Passkey.create(
        id=new_id(),
        person_id=zenobia.id,
        credential_id=b"credential",
        public_key=b"key",
        is_synced=False,
        name=DEVICE,
        created_at=NOON,
    )


async def _seen(zenobia: Person, bob: Person) -> None:
    device = await Device.create(
        id=new_id(),
        person_id=zenobia.id,
        token_hash="0" * 64,
        name=DEVICE,
        address=ADDRESS,
        created_at=NOON,
        last_seen_at=NOON,
    )
    identity = await registers.identity_of(zenobia)
    await Session.filter(id=identity.session_id).update(client=ADDRESS, device_id=device.id)
    await PersonPlace.create(person_id=zenobia.id, place="FR", seen_at=NOON)
    await Inquiry.create(
        id=new_id(),
        person_id=zenobia.id,
        session_id=identity.session_id,
        payee_id=bob.id,
        subject_id=device.id,
        amount=1,
        currency="CNY",
        address=ADDRESS,
        rules=[],
        status=InquiryStatus.UNANSWERED,
        asked_at=NOON,
        deadline_at=NOON,
    )
    async with decision() as announce:
        await security_events.record(
            announce,
            EventKind.CONTACT_ADDED,
            person_id=zenobia.id,
            now=NOON,
            address=ADDRESS,
            value=EMAIL,
        )
    await showing.asked(identity, full_name=DISPLAY_NAME, id_number=ID_NUMBER)
    await showing.paper(zenobia, showing.PNG + DISPLAY_NAME.encode())
    await exports.ask(by=identity, now=NOON)
    await Worker({exports.JOB: make_export}, clock=Clock()).run_due()


async def _paid(wallet: Account, bobs: Account) -> None:
    order = orders.transfer(wallet, bobs, 300)
    noted = ledger.Order(
        kind=order.kind,
        person_id=order.person_id,
        source_id=order.source_id,
        target_id=order.target_id,
        amount=order.amount,
        currency=order.currency,
        note=NOTE,
    )
    await ledger.post(ledger.pay(noted, key=factories.some_key(), at=NOON))
    await orders.challenge(wallet, bobs, 1)


async def _complained(wallet: Account, bob: Person) -> None:
    shop = await factories.merchant(bob)
    payment = await factories.payment(await factories.order(shop, 100), wallet)
    assert wallet.owner_id is not None
    wish = refunds.Wish(
        payment_id=payment.movement_id, reason=RefundReason.NOT_AS_DESCRIBED, note=COMPLAINT
    )
    await refunds.request(wish, by=wallet.owner_id, now=NOON)


async def closed(world: World) -> None:
    """zenobia closes her account, and her last letter has left."""
    await closings.close_account(by=await proved.twice(world.zenobia), now=NOON)
    await Job.filter(kind=security_events.TELL_JOB).update(done_at=NOON)


async def erase(after: timedelta = erasures.BEGINS_AFTER) -> int:
    """Lets the job do what is due by then; returns how often it was tried."""
    return await Worker({erasures.JOB: erase_account}, clock=Clock(NOON + after)).run_due()


async def places_of(urls: DatabaseUrls, words: str) -> set[tuple[str, str]]:
    """Each table and column of the database in which the words stand, as text or as bytes."""
    connection = await asyncpg.connect(urls.owner)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'bytea', 'ARRAY')"
        )
        found = set()
        for table, column, kind in columns:
            is_there = (
                f"position($1::bytea IN {column}) > 0"
                if kind == "bytea"
                else f"position(lower($1::text) IN lower({column}::text)) > 0"
            )
            said: Any = words.encode() if kind == "bytea" else words
            query = f"SELECT count(*) FROM {table} WHERE {is_there}"
            if await connection.fetchval(query, said):
                found.add((table, column))
        return found
    finally:
        await connection.close()


async def test_the_search_finds_what_is_there_before_it_is_erased(
    world: World, database_urls: DatabaseUrls
) -> None:
    assert ("people", "account_name") in await places_of(database_urls, ACCOUNT_NAME)
    assert ("contacts", "value") in await places_of(database_urls, EMAIL)
    assert ("security_events", "detail") in await places_of(database_urls, EMAIL)
    assert ("movements", "note") in await places_of(database_urls, NOTE)


async def test_nothing_personal_is_left_but_what_is_kept_with_a_reason(
    world: World, database_urls: DatabaseUrls
) -> None:
    await closed(world)

    assert await erase() == 1

    left = {
        (*place, words) for words in PERSONAL for place in await places_of(database_urls, words)
    }
    assert left - set(KEPT_WITH_A_REASON) == set()
    person = await Person.get(id=world.zenobia.id)
    assert re.fullmatch(r"closed-[0-9a-f]{24}", person.account_name)
    assert (person.display_name, person.password_hash, person.time_zone) == (
        "Closed account",
        "!",
        "UTC",
    )


async def test_every_table_that_names_a_person_is_erased_or_kept_with_a_reason(
    world: World, database_urls: DatabaseUrls
) -> None:
    kept = {
        "accounts": "the books",
        "movements": "the books",
        "refund_steps": "the books",
        "quotes": "pseudonymous, without words, and gone within a month",
        "challenges": "pseudonymous, and gone within 400 days",
        "freezes": "why the house or an agent acted",
        "risk_cases": "why an agent decided",
        "verification_requests": "which level was granted, and by whom; not as whom",
        "audit_records": "what agents did",
        "merchants": "payers' books name them; one that was never accepted says nothing",
        "idempotency_keys": "the same key gives the same answer for ever",
        "people": "the row that says nothing any more",
    }
    connection = await asyncpg.connect(database_urls.owner)
    tables = await connection.fetch(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name IN ('person_id', 'owner_id', 'session_id')"
    )
    await connection.close()

    named = {row["table_name"] for row in tables}

    gone = {trace.table for trace in erasures._GONE}
    assert named - gone - set(kept) == set()


async def test_the_books_are_as_they_were_and_the_other_side_keeps_its_payment(
    world: World,
) -> None:
    before = await Movement.all().order_by("id").values()
    await closed(world)

    await erase()

    assert await Movement.all().order_by("id").values() == before
    assert await factories.balances(world.wallet, world.bobs) == [0, 300]
    await books.assert_sound()


async def test_nobody_gets_the_account_name_again_and_everybody_may_have_the_contacts(
    world: World,
) -> None:
    await closed(world)
    await erase()
    eve = await factories.person("eve")

    with pytest.raises(AccountNameTaken):
        await people.register(
            account_name=ACCOUNT_NAME.upper(),
            display_name="Eve",
            email="eve@example.org",
            phone=None,
            password="nobody guesses 4 this!",
            locale="en",
            time_zone="UTC",
            now=NOON,
        )
    proved_again = await registers.proved(eve, ContactKind.EMAIL, EMAIL)

    assert proved_again.verified_at == NOON
    assert await retired_names.is_retired(ACCOUNT_NAME)
    assert not await retired_names.is_retired("eve")
    assert await Person.filter(account_name=ACCOUNT_NAME).count() == 0


async def test_the_last_letter_leaves_before_its_addresses_are_gone(world: World) -> None:
    await closings.close_account(by=await proved.twice(world.zenobia), now=NOON)

    await erase()
    waiting = await Contact.filter(person_id=world.zenobia.id).count()
    await Job.filter(kind=security_events.TELL_JOB).update(done_at=NOON)
    await erase(erasures.BEGINS_AFTER + AGAIN_AFTER)

    assert waiting == 3
    assert await Contact.filter(person_id=world.zenobia.id).count() == 0


async def test_a_letter_that_never_leaves_keeps_its_addresses_for_a_day_and_no_longer(
    world: World,
) -> None:
    await closings.close_account(by=await proved.twice(world.zenobia), now=NOON)

    await erase(erasures.WAITS_AT_MOST - timedelta(seconds=1))
    waiting = await Contact.filter(person_id=world.zenobia.id).count()
    await erase(erasures.WAITS_AT_MOST + AGAIN_AFTER)

    assert waiting == 3
    assert await Contact.filter(person_id=world.zenobia.id).count() == 0
    assert await Job.filter(kind=security_events.TELL_JOB, done_at__isnull=True).count() == 0


async def test_an_archive_that_is_being_made_is_never_finished(world: World) -> None:
    identity = await proved.twice(world.zenobia)
    await exports.ask(by=identity, now=NOON)
    await closed(world)
    await erase()

    await Worker({exports.JOB: make_export}, clock=Clock(SOON)).run_due()

    assert await Export.all().count() == 0


async def test_erased_twice_at_once_nothing_is_left_either(world: World) -> None:
    await closed(world)

    await asyncio.gather(
        erasures.erase(world.zenobia.id, SOON), erasures.erase(world.zenobia.id, SOON)
    )

    assert (await Person.get(id=world.zenobia.id)).display_name == "Closed account"
    assert await retired_names.is_retired(ACCOUNT_NAME)


async def test_nobody_is_erased_who_did_not_close_their_account(world: World) -> None:
    with pytest.raises(AssertionError):
        await erasures.erase(world.zenobia.id, SOON)

    assert await Contact.filter(person_id=world.zenobia.id).count() == 3

"""Fresh proofs: what somebody shows in a session counts for ten minutes, there and nowhere else."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import pyotp
import pytest

from domain import contacts, fresh_proofs, pins, proofs, second_factors, sessions
from domain.contacts import CodeExpired, CodeWrong
from domain.fresh_proofs import Factor, ProofNeeded
from domain.guards import SignInLocked
from domain.proofs import ContactNotUsable, ProofRefused
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.people import Contact, ContactCode, ContactKind, Person, Pin
from models.sessions import Audience, SessionProof
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MINUTE: Final = timedelta(minutes=1)
WRONG: Final = "wrong horse 7 battery"
PIN: Final = "246810"


async def ada_signed_in() -> tuple[Person, Identity]:
    """Ada, whose session is an hour old and holds no fresh proof."""
    ada = await registers.resident("ada")
    opened = await sessions.open_session(ada, audience=Audience.PUBLIC, client="", now=NOON)
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    return ada, identity


async def kinds(by: Identity) -> int:
    """How many different kinds of proof are fresh."""
    for count in (2, 1):
        try:
            await fresh_proofs.require(by, NOON, count=count)
        except ProofNeeded:
            continue
        return count
    return 0


async def sent(ada: Person, by: Identity) -> tuple[Contact, str]:
    """A contact of ada's and the code that was sent to it for this session."""
    contact = await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    await proofs.send_code(by, contact.id, NOON)
    return contact, await registers.newest_code(contact)


async def refused(proving: Awaitable[object]) -> type[Refusal]:
    with pytest.raises(Refusal) as refusal:
        await proving
    return type(refusal.value)


async def test_a_right_password_counts_for_ten_minutes() -> None:
    _, by = await ada_signed_in()

    until = await proofs.by_password(by, PASSWORD, NOON)

    assert until == NOON + 10 * MINUTE
    await fresh_proofs.require(by, until - MINUTE)
    with pytest.raises(ProofNeeded):
        await fresh_proofs.require(by, until)
    with pytest.raises(ProofNeeded):
        await fresh_proofs.require(by, NOON, count=2)


async def test_a_password_and_a_pin_are_one_kind_of_proof() -> None:
    ada, by = await ada_signed_in()
    await pins.set_pin(ada.id, PIN, NOON)

    await proofs.by_password(by, PASSWORD, NOON)
    await proofs.by_pin(by, PIN, NOON)

    assert await kinds(by) == 1


async def test_a_password_and_a_code_of_the_app_are_two() -> None:
    ada, by = await ada_signed_in()
    totp = pyotp.TOTP(await second_factors.enrol(ada.id, NOON))

    await proofs.by_password(by, PASSWORD, NOON)
    await proofs.by_code(by, totp.at(NOON), NOON, address="")

    assert await kinds(by) == 2
    assert await refused(proofs.by_code(by, totp.at(NOON), NOON, address="")) is ProofRefused


async def test_a_code_sent_to_a_contact_counts_once() -> None:
    ada, by = await ada_signed_in()
    _, code = await sent(ada, by)

    await proofs.by_contact_code(by, code, NOON)

    assert await kinds(by) == 1
    assert await refused(proofs.by_contact_code(by, code, NOON)) is CodeExpired


async def test_a_code_sent_for_one_session_proves_nothing_in_another() -> None:
    ada, by = await ada_signed_in()
    _, code = await sent(ada, by)
    thief = await sessions.open_session(ada, audience=Audience.PUBLIC, client="", now=NOON)
    other = await sessions.identity(thief.tokens.access, NOON)
    assert other is not None

    assert await refused(proofs.by_contact_code(other, code, NOON)) is CodeExpired
    assert await kinds(other) == 0


async def test_a_code_that_proves_a_session_verifies_no_contact() -> None:
    ada, by = await ada_signed_in()
    contact, code = await sent(ada, by)
    await Contact.filter(id=contact.id).update(verified_at=None, usable_at=None)

    with pytest.raises(CodeExpired):
        await contacts.verify(ada.id, contact.id, code, NOON)


async def test_no_code_is_sent_to_a_contact_that_would_prove_nothing() -> None:
    ada, by = await ada_signed_in()
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    lately = await registers.proved(ada, ContactKind.EMAIL, "eve@example.org")
    unproved = await contacts.add(ada.id, ContactKind.EMAIL, "later@example.org", NOON)
    before = await ContactCode.all().count()

    with pytest.raises(ContactNotUsable) as of_lately:
        await proofs.send_code(by, lately.id, NOON)
    with pytest.raises(ContactNotUsable) as of_unproved:
        await proofs.send_code(by, unproved.id, NOON)

    assert of_lately.value.usable_at == NOON + contacts.PROBATION
    assert of_unproved.value.usable_at is None
    assert await ContactCode.all().count() == before


async def test_no_code_is_sent_to_anothers_contact() -> None:
    _, by = await ada_signed_in()
    bob = await registers.resident("bob")
    bobs = await registers.proved(bob, ContactKind.EMAIL, "bob@example.org")

    with pytest.raises(NotFound):
        await proofs.send_code(by, bobs.id, NOON)


@pytest.mark.parametrize("name", ["password", "pin", "code", "contact_code"])
async def test_what_is_wrong_proves_nothing(name: str) -> None:
    ada, by = await ada_signed_in()
    await pins.set_pin(ada.id, PIN, NOON)
    await second_factors.enrol(ada.id, NOON)
    _, code = await sent(ada, by)
    ways: dict[str, Callable[[str], Awaitable[object]]] = {
        "password": lambda said: proofs.by_password(by, said, NOON),
        "pin": lambda said: proofs.by_pin(by, said, NOON),
        "code": lambda said: proofs.by_code(by, said, NOON, address=""),
        "contact_code": lambda said: proofs.by_contact_code(by, said, NOON),
    }
    refusal = {"pin": pins.WrongPin, "contact_code": CodeWrong}.get(name, ProofRefused)

    answers = [
        await refused(ways[name](said))
        for said in (registers.different(code), "", "\x00\ud800", "x" * 60_000)
    ]

    assert answers == [refusal] * 4
    assert await SessionProof.all().count() == 0


async def test_passwords_guessed_at_once_in_a_session_are_looked_at_ten_times() -> None:
    _, by = await ada_signed_in()

    answers = await asyncio.gather(
        *(refused(proofs.by_password(by, WRONG, NOON)) for _ in range(40))
    )

    assert Counter(answers) == {ProofRefused: 10, SignInLocked: 30}
    assert await refused(proofs.by_password(by, PASSWORD, NOON)) is SignInLocked


async def test_codes_guessed_in_a_session_are_looked_at_five_times() -> None:
    ada, by = await ada_signed_in()
    totp = pyotp.TOTP(await second_factors.enrol(ada.id, NOON))
    wrong = registers.different(totp.at(NOON))

    answers = await asyncio.gather(
        *(refused(proofs.by_code(by, wrong, NOON, address="")) for _ in range(20))
    )

    assert Counter(answers) == {ProofRefused: 5, SignInLocked: 15}


async def test_pins_guessed_here_are_pins_guessed() -> None:
    ada, by = await ada_signed_in()
    await pins.set_pin(ada.id, PIN, NOON)

    for _ in range(3):
        await refused(proofs.by_pin(by, "135791", NOON))

    assert (await Pin.get(person_id=ada.id)).wrong_tries == 3


async def test_strangers_who_lock_the_account_do_not_stop_who_is_in_on_a_device() -> None:
    await registers.resident("ada")
    words = {"name": "ada", "audience": Audience.PUBLIC, "now": NOON}
    opened = await sessions.sign_in(password=PASSWORD, client="192.0.2.1", **words)  # type: ignore[arg-type]
    for _ in range(10):
        await refused(sessions.sign_in(password=WRONG, client="203.0.113.9", **words))  # type: ignore[arg-type]
    by = await sessions.identity(opened.tokens.access, NOON)
    assert by is not None

    assert await proofs.by_password(by, PASSWORD, NOON) == NOON + 10 * MINUTE


async def test_a_sign_in_is_a_fresh_proof_of_what_was_shown() -> None:
    ada = await registers.resident("ada")
    totp = pyotp.TOTP(await second_factors.enrol(ada.id, NOON))

    opened = await sessions.sign_in(
        name="ada",
        password=PASSWORD,
        totp=totp.at(NOON),
        audience=Audience.PUBLIC,
        client="",
        now=NOON,
    )

    kept = await SessionProof.filter(session_id=opened.session.id)
    assert {proof.factor for proof in kept} == {Factor.PASSWORD, Factor.TOTP}

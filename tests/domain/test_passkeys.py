"""Passkeys: made by whoever is fresh in a session, and kept in order by their owner."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import cbor2
import pytest

from domain import fresh_proofs, passkeys
from domain.fresh_proofs import Factor, ProofNeeded
from domain.passkeys import PasskeyNameInvalid, PasskeyRefused, TooManyPasskeys
from domain.refusals import NotFound
from domain.second_factors import FactorRequired
from models.passkeys import Passkey, PasskeyChallenge
from models.people import Role
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience
from tests import factories
from tests.authenticators import Authenticator, padless, registration
from tests.domain.keyholders import (
    ELSEWHERE,
    MINUTE,
    identity,
    owner,
    quoted,
    registered,
    stored,
    to_pay,
)
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

Wrong = Callable[[Authenticator, str], str]


async def test_a_device_makes_a_passkey_and_its_owner_is_told() -> None:
    ada = await identity(await factories.person("ada"))
    device = Authenticator()

    passkey = await registered(ada, device, name="  Ada's   phone ")

    assert (await Passkey.get()).id == passkey.id
    assert passkey.name == "Ada's phone"
    assert (passkey.credential_id, passkey.public_key) == (device.credential_id, device.public_key)
    assert (passkey.transports, passkey.sign_count) == ("internal,hybrid", 0)
    assert not passkey.is_synced
    [event] = await SecurityEvent.all()
    assert (event.kind, event.person_id) == (EventKind.PASSKEY_ADDED, ada.person_id)
    assert event.detail == {"name": "Ada's phone"}


async def test_the_device_is_asked_for_a_key_that_needs_its_owner() -> None:
    person = await factories.person("ada")
    ada = await identity(person)

    options = json.loads(await passkeys.start(by=ada, now=NOON))

    assert options["rp"] == {"id": "upay.test", "name": "uPay"}
    assert options["user"]["id"] == padless(person.id.bytes)
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert {each["alg"] for each in options["pubKeyCredParams"]} == {-7, -8, -257}
    assert options["excludeCredentials"] == []


async def test_a_device_that_has_one_is_named_so_that_it_makes_no_second() -> None:
    ada, device = await owner()

    options = json.loads(await passkeys.start(by=ada, now=NOON))

    [excluded] = options["excludeCredentials"]
    assert excluded["id"] == padless(device.credential_id)
    assert excluded["transports"] == ["internal", "hybrid"]


async def test_the_first_passkey_takes_one_proof_and_the_next_one_two() -> None:
    ada = await identity(await factories.person("ada"))
    stale = await identity(await factories.person("bob"), now=NOON - fresh_proofs.FRESH_FOR)

    first = await passkeys.start(by=ada, now=NOON)
    await passkeys.finish(by=ada, name="a", credential=Authenticator().register(first), now=NOON)

    with pytest.raises(ProofNeeded) as second:
        await passkeys.start(by=ada, now=NOON)
    assert second.value.count == 2
    with pytest.raises(ProofNeeded) as old:
        await passkeys.start(by=stale, now=NOON)
    assert old.value.count == 1
    assert await PasskeyChallenge.all().count() == 0


async def test_an_agent_has_passkeys_as_anybody_has() -> None:
    person = await factories.person("lin", role=Role.AGENT)
    lin = await identity(person, audience=Audience.DESK)

    await registered(lin, Authenticator())

    assert [each.person_id for each in await Passkey.all()] == [person.id]


async def test_ten_are_enough() -> None:
    ada = await identity(await factories.person("ada"))
    options = await passkeys.start(by=ada, now=NOON)
    await Passkey.bulk_create([stored(ada, number) for number in range(9)])

    late = Authenticator()
    await passkeys.finish(by=ada, name="tenth", credential=late.register(options), now=NOON)

    await fresh_proofs.note(ada.session_id, Factor.TOTP, now=NOON)
    with pytest.raises(TooManyPasskeys) as refused:
        await passkeys.start(by=ada, now=NOON)
    assert refused.value.most == 10


async def test_of_two_devices_that_answer_for_the_tenth_place_at_once_one_gets_it() -> None:
    person = await factories.person("ada")
    sessions_ = [await identity(person) for _ in range(4)]
    answers = [Authenticator().register(await passkeys.start(by=by, now=NOON)) for by in sessions_]
    await Passkey.bulk_create([stored(sessions_[0], number) for number in range(9)])

    results = await asyncio.gather(
        *(
            passkeys.finish(by=by, name="mine", credential=answer, now=NOON)
            for by, answer in zip(sessions_, answers, strict=True)
        ),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["Passkey", *["TooManyPasskeys"] * 3]
    assert await Passkey.filter(person_id=person.id).count() == 10
    assert await SecurityEvent.all().count() == 1


async def test_one_answer_makes_one_passkey() -> None:
    ada = await identity(await factories.person("ada"))
    answer = Authenticator().register(await passkeys.start(by=ada, now=NOON))

    results = await asyncio.gather(
        *(passkeys.finish(by=ada, name="p", credential=answer, now=NOON) for _ in range(5)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == ["Passkey", *["PasskeyRefused"] * 4]
    assert await Passkey.all().count() == 1


async def test_a_passkey_belongs_to_one_person() -> None:
    _, device = await owner("ada")
    eve = await identity(await factories.person("eve"))
    options = await passkeys.start(by=eve, now=NOON)

    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=eve, name="mine", credential=device.register(options), now=NOON)

    assert await Passkey.filter(person_id=eve.person_id).count() == 0
    assert await SecurityEvent.filter(person_id=eve.person_id).count() == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\u202eb", "\ud800", "x" * 61_440])
async def test_a_name_that_nobody_could_read_is_refused(name: str) -> None:
    ada = await identity(await factories.person("ada"))
    answer = Authenticator().register(await passkeys.start(by=ada, now=NOON))

    with pytest.raises(PasskeyNameInvalid):
        await passkeys.finish(by=ada, name=name, credential=answer, now=NOON)

    await passkeys.finish(by=ada, name="Better", credential=answer, now=NOON)
    assert [each.name for each in await Passkey.all()] == ["Better"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda device, asked: device.register(asked, origin=ELSEWHERE),
        lambda device, asked: device.register(asked, origin="http://upay.test"),
        lambda device, asked: device.register(asked, challenge=padless(b"c" * 32)),
        lambda device, asked: device.register(asked, type="webauthn.get"),
        lambda device, asked: device.register(asked, crossOrigin=True),
        lambda device, asked: device.twin(rp_id="upay.example").register(asked),
        lambda device, asked: device.twin(verifies=False).register(asked),
        lambda device, asked: registration(
            b"another", {"type": "webauthn.create"}, cbor2.dumps({})
        ),
    ],
)
async def test_what_was_not_asked_for_makes_no_passkey(wrong: Wrong) -> None:
    ada = await identity(await factories.person("ada"))
    device = Authenticator()
    options = await passkeys.start(by=ada, now=NOON)

    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=ada, name="p", credential=wrong(device, options), now=NOON)

    assert await Passkey.all().count() == await SecurityEvent.all().count() == 0
    # It was used up: the right answer comes too late.
    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=ada, name="p", credential=device.register(options), now=NOON)


async def test_the_answer_counts_in_its_own_session_for_five_minutes() -> None:
    person = await factories.person("ada")
    ada, other = await identity(person), await identity(person)
    answer = Authenticator().register(await passkeys.start(by=ada, now=NOON))

    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=other, name="p", credential=answer, now=NOON)
    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=ada, name="p", credential=answer, now=NOON + 5 * MINUTE)

    assert await Passkey.all().count() == 0


async def test_asking_again_voids_what_was_asked_before() -> None:
    ada = await identity(await factories.person("ada"))
    first = Authenticator().register(await passkeys.start(by=ada, now=NOON))
    await passkeys.start(by=ada, now=NOON)

    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=ada, name="p", credential=first, now=NOON)

    assert await PasskeyChallenge.all().count() == 0


async def test_its_owner_calls_it_something_else() -> None:
    ada, _ = await owner("ada")
    eve = await identity(await factories.person("eve"))
    [passkey] = await passkeys.owned(ada.person_id)

    await passkeys.rename(by=ada, passkey_id=passkey.id, name="Old phone")

    with pytest.raises(NotFound):
        await passkeys.rename(by=eve, passkey_id=passkey.id, name="Mine")
    with pytest.raises(PasskeyNameInvalid):
        await passkeys.rename(by=ada, passkey_id=passkey.id, name="\n")
    assert [each.name for each in await passkeys.owned(ada.person_id)] == ["Old phone"]


async def test_what_was_taken_away_proves_nothing() -> None:
    ada, device = await owner("ada")
    challenge = quoted(ada)
    answer = device.sign(await to_pay(ada, challenge))
    [passkey] = await passkeys.owned(ada.person_id)

    await passkeys.remove(by=ada, passkey_id=passkey.id, now=NOON)

    with pytest.raises(PasskeyRefused):
        await passkeys.prove_payment(ada.person_id, challenge, answer, NOON)
    assert await passkeys.payment_options(ada.person_id, challenge) is None
    kinds = [each.kind for each in await SecurityEvent.all().order_by("id")]
    assert kinds == [EventKind.PASSKEY_ADDED, EventKind.PASSKEY_REMOVED]


async def test_taking_one_away_takes_two_proofs_and_the_passkey_is_two() -> None:
    ada, device = await owner("ada")
    [passkey] = await passkeys.owned(ada.person_id)
    later = NOON + fresh_proofs.FRESH_FOR

    with pytest.raises(ProofNeeded) as refused:
        await passkeys.remove(by=ada, passkey_id=passkey.id, now=later)
    answer = device.sign(await passkeys.start_proof(by=ada, now=later))
    await passkeys.prove(by=ada, credential=answer, now=later)
    await passkeys.remove(by=ada, passkey_id=passkey.id, now=later)

    assert refused.value.count == 2
    assert await Passkey.all().count() == 0


async def test_nobody_takes_away_what_is_anothers() -> None:
    ada, _ = await owner("ada")
    eve, _ = await owner("eve")
    [passkey] = await passkeys.owned(ada.person_id)

    with pytest.raises(NotFound):
        await passkeys.remove(by=eve, passkey_id=passkey.id, now=NOON)

    assert await passkeys.owned(ada.person_id) == [passkey]


async def test_of_two_who_take_it_away_at_once_one_does_and_one_letter_goes_out() -> None:
    ada, _ = await owner("ada")
    [passkey] = await passkeys.owned(ada.person_id)

    results = await asyncio.gather(
        *(passkeys.remove(by=ada, passkey_id=passkey.id, now=NOON) for _ in range(4)),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in results) == [*["NotFound"] * 3, "Passkey"]
    assert await SecurityEvent.filter(kind=EventKind.PASSKEY_REMOVED).count() == 1


async def test_an_agent_keeps_the_last_second_factor() -> None:
    lin = await identity(await factories.person("lin", role=Role.AGENT), audience=Audience.DESK)
    passkey = await registered(lin, Authenticator())

    with pytest.raises(FactorRequired):
        await passkeys.remove(by=lin, passkey_id=passkey.id, now=NOON)

    assert await passkeys.owned(lin.person_id) == [passkey]
    assert await SecurityEvent.filter(kind=EventKind.PASSKEY_REMOVED).count() == 0

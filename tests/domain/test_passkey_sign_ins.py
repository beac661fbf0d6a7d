"""Signing in with a passkey: without a name, once for each answer, and only where one belongs."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import fresh_proofs, passkeys, secrets, sessions
from domain.passkeys import PasskeyRefused
from models.passkeys import Passkey, PasskeyChallenge, SpentSignInChallenge
from models.people import Person, Role
from models.sessions import Audience, Session
from tests import factories
from tests.authenticators import Authenticator, padless, unpadded
from tests.conftest import KEYRING
from tests.domain.keyholders import MINUTE, identity, owner, quoted, registered, to_pay
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def signed_in(answer: str, *, audience: Audience = Audience.PUBLIC, **at: Any) -> Any:
    return await passkeys.sign_in(
        credential=answer, audience=audience, client="192.0.2.1", now=at.get("now", NOON)
    )


async def test_a_passkey_opens_a_session_without_a_name() -> None:
    ada, device = await owner()

    answer = device.sign(passkeys.start_sign_in(Audience.PUBLIC, NOON))
    opened = await signed_in(answer)

    assert opened.person.id == ada.person_id
    found = await sessions.identity(opened.tokens.access, NOON)
    assert found is not None
    assert found.person_id == ada.person_id
    await fresh_proofs.require(found, NOON, count=2)


async def test_everybody_is_asked_alike_and_nothing_is_kept_of_it() -> None:
    await owner()

    asked = [json.loads(passkeys.start_sign_in(Audience.PUBLIC, NOON)) for _ in range(2)]

    assert [each.pop("allowCredentials") for each in asked] == [[], []]
    assert len({each.pop("challenge") for each in asked}) == 2
    assert asked[0] == asked[1]
    assert await PasskeyChallenge.all().count() == await SpentSignInChallenge.all().count() == 0


async def test_one_answer_opens_one_session() -> None:
    _, device = await owner(counts=False)
    answer = device.sign(passkeys.start_sign_in(Audience.PUBLIC, NOON))
    before = await Session.all().count()

    results = await asyncio.gather(*(signed_in(answer) for _ in range(5)), return_exceptions=True)

    assert [isinstance(each, PasskeyRefused) for each in results].count(True) == 4
    assert await Session.all().count() == before + 1
    assert await SpentSignInChallenge.all().count() == 1


@pytest.mark.parametrize("late", [5 * MINUTE, -MINUTE])
async def test_a_challenge_to_sign_in_lives_five_minutes(late: timedelta) -> None:
    _, device = await owner()
    answer = device.sign(passkeys.start_sign_in(Audience.PUBLIC, NOON))

    with pytest.raises(PasskeyRefused):
        await signed_in(answer, now=NOON + late)

    await signed_in(answer, now=NOON + 4 * MINUTE)


async def test_a_challenge_of_our_own_making_is_needed() -> None:
    _, device = await owner()
    options = json.loads(passkeys.start_sign_in(Audience.PUBLIC, NOON))
    before = await Session.all().count()

    for challenge in (b"", b"c" * 32, b"\xff" * 56, unpadded(options["challenge"])[:-1] + b"\x00"):
        answer = device.sign(json.dumps(options | {"challenge": padless(challenge)}))
        with pytest.raises(PasskeyRefused):
            await signed_in(answer)

    assert await Session.all().count() == before


async def test_a_challenge_outlives_a_change_of_the_servers_key() -> None:
    _, device = await owner()
    answer = device.sign(passkeys.start_sign_in(Audience.PUBLIC, NOON))

    secrets.install(secrets.Keyring(current="next", keys={**KEYRING.keys, "next": b"n" * 32}))

    await signed_in(answer)


@pytest.mark.parametrize(
    ("role", "audience", "closed_at"),
    [
        (Role.CUSTOMER, Audience.DESK, None),
        (Role.AGENT, Audience.PUBLIC, None),
        (Role.CUSTOMER, Audience.PUBLIC, NOON),
    ],
)
async def test_who_is_closed_or_belongs_to_the_other_api_does_not_come_in(
    role: Role, audience: Audience, closed_at: datetime | None
) -> None:
    person = await factories.person("ada", role=role)
    own = Audience.DESK if role.is_desk else Audience.PUBLIC
    by, device = await identity(person, audience=own), Authenticator()
    await registered(by, device)
    await Person.filter(id=person.id).update(closed_at=closed_at)
    before = await Session.all().count(), await Passkey.all().values()
    answer = device.sign(passkeys.start_sign_in(audience, NOON))

    with pytest.raises(PasskeyRefused):
        await signed_in(answer, audience=audience)

    assert (await Session.all().count(), await Passkey.all().values()) == before


async def test_a_challenge_of_one_api_opens_nothing_at_the_other() -> None:
    _, device = await owner()
    answer = device.sign(passkeys.start_sign_in(Audience.DESK, NOON))

    with pytest.raises(PasskeyRefused):
        await signed_in(answer)


async def test_a_passkey_that_does_not_say_whose_it_is_signs_nobody_in() -> None:
    _, device = await owner()
    options = passkeys.start_sign_in(Audience.PUBLIC, NOON)

    for handle in (b"", b"somebody else"):
        with pytest.raises(PasskeyRefused):
            await signed_in(device.twin(user_handle=handle).sign(options))


async def test_a_proof_and_a_payment_are_no_sign_in() -> None:
    ada, device = await owner(counts=False)
    for options in (
        await passkeys.start_proof(by=ada, now=NOON),
        await to_pay(ada, quoted(ada)),
    ):
        with pytest.raises(PasskeyRefused):
            await signed_in(device.sign(options))

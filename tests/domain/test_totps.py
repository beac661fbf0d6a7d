"""An authenticator app counts once its first code came back, and goes only for who shows it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest

from domain import fresh_proofs, second_factors, secrets, sessions, totps
from domain.fresh_proofs import Factor, ProofNeeded
from domain.second_factors import FactorRequired
from domain.sessions import Identity
from domain.totps import TotpCodeWrong, TotpNotSet, TotpNotStarted
from models.factors import RecoveryCode
from models.people import Role
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience
from tests import factories
from tests.conftest import KEYRING
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

HERE = "192.0.2.7"


async def ada(name: str = "ada", role: Role = Role.CUSTOMER) -> Identity:
    """Somebody who has just signed in with a password."""
    return await registers.identity_of(await factories.person(name, role=role))


async def set_up(by: Identity) -> pyotp.TOTP:
    """An app in force, whose code of noon is spent."""
    started = await totps.start(by=by, now=NOON)
    app = pyotp.TOTP(started.secret)
    await totps.confirm(by=by, code=app.at(NOON), address=HERE, now=NOON)
    return app


async def show_app(by: Identity) -> None:
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)


async def told(by: Identity) -> list[EventKind]:
    return [row.kind for row in await SecurityEvent.filter(person_id=by.person_id).order_by("id")]


async def test_an_app_counts_only_once_a_first_code_of_it_came_back() -> None:
    by = await ada()

    started = await totps.start(by=by, now=NOON)
    app = pyotp.TOTP(started.secret)
    before = await second_factors.is_enrolled(by.person_id)
    early = await second_factors.accept(by.person_id, app.at(NOON), NOON)
    codes = await totps.confirm(by=by, code=app.at(NOON), address=HERE, now=NOON)

    assert (before, early) == (False, False)
    assert await second_factors.is_enrolled(by.person_id)
    assert len(set(codes)) == 10
    assert await told(by) == [EventKind.TOTP_ADDED]


async def test_the_code_that_set_the_app_up_opens_nothing_afterwards() -> None:
    by = await ada()
    app = await set_up(by)

    assert not await second_factors.accept(by.person_id, app.at(NOON), NOON)
    later = NOON + timedelta(seconds=30)
    assert await second_factors.accept(by.person_id, app.at(later), later)


async def test_of_ten_who_show_the_first_code_at_once_one_sets_the_app_up() -> None:
    by = await ada()
    app = pyotp.TOTP((await totps.start(by=by, now=NOON)).secret)

    answers = await asyncio.gather(
        *(totps.confirm(by=by, code=app.at(NOON), address=HERE, now=NOON) for _ in range(10)),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers].count(TotpNotStarted) == 9
    assert await RecoveryCode.all().count() == 10
    assert await told(by) == [EventKind.TOTP_ADDED]


@pytest.mark.parametrize("code", ["", "12345", "\ud800", "1" * 65_536])
async def test_a_wrong_first_code_sets_nothing_up_and_another_one_may_be_tried(code: str) -> None:
    by = await ada()
    app = pyotp.TOTP((await totps.start(by=by, now=NOON)).secret)
    before = await registers.picture()

    with pytest.raises(TotpCodeWrong):
        await totps.confirm(by=by, code=code, address=HERE, now=NOON)

    assert await registers.picture() == before
    assert await totps.confirm(by=by, code=app.at(NOON), address=HERE, now=NOON)


async def test_an_app_is_confirmed_within_ten_minutes_and_in_the_session_that_saw_it() -> None:
    by = await ada()
    app = pyotp.TOTP((await totps.start(by=by, now=NOON)).secret)
    other = await another_session(by)
    late = NOON + totps.ENROLMENT_LIVES

    with pytest.raises(TotpNotStarted):
        await totps.confirm(by=other, code=app.at(NOON), address=HERE, now=NOON)
    with pytest.raises(TotpNotStarted):
        await totps.confirm(by=by, code=app.at(late), address=HERE, now=late)

    assert not await second_factors.is_enrolled(by.person_id)


async def test_without_a_fresh_proof_no_app_is_set_up() -> None:
    by = await ada()
    later = NOON + fresh_proofs.FRESH_FOR
    before = await registers.picture()

    with pytest.raises(ProofNeeded) as needed:
        await totps.start(by=by, now=later)

    assert needed.value.count == 1
    assert await registers.picture() == before


async def test_an_app_in_force_is_replaced_only_by_who_shows_it_and_stays_until_then() -> None:
    by = await ada()
    old = await set_up(by)
    other = await another_session(by)

    with pytest.raises(ProofNeeded):
        await totps.start(by=by, now=NOON)
    await fresh_proofs.note(by.session_id, Factor.CONTACT_CODE, now=NOON)
    with pytest.raises(ProofNeeded) as needed:
        await totps.start(by=by, now=NOON)
    await show_app(by)
    fresh = pyotp.TOTP((await totps.start(by=by, now=NOON)).secret)
    later = NOON + timedelta(seconds=30)
    is_in_force = await second_factors.accept(by.person_id, old.at(later), later)
    await totps.confirm(by=by, code=fresh.at(later), address=HERE, now=later)

    assert (needed.value.count, needed.value.without) == (2, [Factor.CONTACT_CODE])
    assert is_in_force
    end = later + timedelta(seconds=60)
    assert not await second_factors.accept(by.person_id, old.at(end), end)
    assert await second_factors.accept(by.person_id, fresh.at(end), end)
    assert await sessions.live([by.session_id, other.session_id], NOON) == {by.session_id}


async def test_who_shows_the_app_may_remove_it_and_every_other_session_ends() -> None:
    by = await ada()
    await set_up(by)
    other = await another_session(by)
    before = await registers.picture()
    with pytest.raises(ProofNeeded):
        await totps.remove(by=by, address=HERE, now=NOON)
    assert await registers.picture() == before

    await show_app(by)
    await totps.remove(by=by, address=HERE, now=NOON)

    standing = await second_factors.standing(by.person_id)
    assert (standing.is_enrolled, standing.recovery_codes_left) == (False, 0)
    assert await sessions.live([by.session_id, other.session_id], NOON) == {by.session_id}
    assert await told(by) == [EventKind.TOTP_ADDED, EventKind.TOTP_REMOVED]
    with pytest.raises(TotpNotSet):
        await totps.remove(by=by, address=HERE, now=NOON)


async def test_whoever_works_at_the_desk_keeps_their_last_second_factor() -> None:
    lin = await ada("lin", Role.AGENT)
    await set_up(lin)
    await show_app(lin)
    before = await registers.picture()

    with pytest.raises(FactorRequired):
        await totps.remove(by=lin, address=HERE, now=NOON)

    assert await registers.picture() == before


async def test_an_app_whose_key_was_lost_meanwhile_is_begun_anew() -> None:
    by = await ada()
    app = pyotp.TOTP((await totps.start(by=by, now=NOON)).secret)
    secrets.install(secrets.Keyring(current="next", keys={"next": b"n" * 32}))

    with pytest.raises(TotpNotStarted):
        await totps.confirm(by=by, code=app.at(NOON), address=HERE, now=NOON)

    secrets.install(KEYRING)
    assert not await second_factors.is_enrolled(by.person_id)


async def another_session(by: Identity) -> Identity:
    """The same person, signed in somewhere else."""
    opened = await factories.session(await registers.person_of(by), Audience.PUBLIC, NOON)
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    return identity

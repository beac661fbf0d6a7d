"""Recovery codes stand in for a second factor: each once, however it is typed."""

from __future__ import annotations

import asyncio

import pytest

from domain import fresh_proofs, key_uses, recovery_codes, second_factors, secrets
from domain.fresh_proofs import Factor, ProofNeeded
from domain.second_factors import NoSecondFactor
from domain.sessions import Identity
from models.database import client
from models.factors import RecoveryCode
from models.jobs import Job
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.conftest import KEYRING
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

AFTER = secrets.Keyring(current="next", keys={**KEYRING.keys, "next": b"n" * 32})


async def guarded(name: str = "ada") -> Identity:
    """Somebody with an app, who has just shown a code of it."""
    by = await registers.identity_of(await factories.person(name))
    await second_factors.enrol(by.person_id, NOON)
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    return by


async def made(by: Identity) -> list[str]:
    return await recovery_codes.make(by=by, address="192.0.2.7", now=NOON)


async def test_each_of_ten_codes_is_accepted_once_and_a_letter_says_how_many_are_left() -> None:
    by = await guarded()
    codes = await made(by)

    taken = [await second_factors.take(by.person_id, code, NOON) for code in codes * 2]

    assert taken == [Factor.RECOVERY_CODE] * 10 + [None] * 10
    used = await SecurityEvent.filter(kind=EventKind.RECOVERY_CODE_USED).order_by("id")
    assert [row.detail["left"] for row in used] == list(range(9, -1, -1))
    assert await Job.filter(subject_id__in=[row.id for row in used]).count() == 10


async def test_of_ten_who_show_one_code_at_once_exactly_one_is_accepted() -> None:
    by = await guarded()
    [code, *_] = await made(by)

    answers = await asyncio.gather(
        *(second_factors.take(by.person_id, code, NOON) for _ in range(10))
    )

    assert answers.count(Factor.RECOVERY_CODE) == 1
    assert (await second_factors.standing(by.person_id)).recovery_codes_left == 9


async def test_a_code_is_taken_however_it_is_typed() -> None:
    by = await guarded()
    codes = await made(by)
    typed = [
        codes[0].lower(),
        codes[1].replace("-", ""),
        f"  {codes[2].replace('-', ' ')}\n",
        codes[3].replace("0", "O").replace("1", "l"),
        "".join(chr(ord(char) + 0xFEE0) for char in codes[4]),
    ]

    taken = [await second_factors.accept(by.person_id, each, NOON) for each in typed]

    assert taken == [True] * 5


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "\ud800" * 12, "\x00", "０" * 65_536])
async def test_what_is_no_code_of_theirs_is_not_accepted(code: str) -> None:
    by, eve = await guarded(), await guarded("eve")
    codes = await made(by)
    before = await registers.picture()

    assert not await second_factors.accept(by.person_id, code, NOON)
    assert not await second_factors.accept(eve.person_id, codes[0], NOON)

    assert await registers.picture() == before


async def test_fresh_codes_void_those_there_were() -> None:
    by = await guarded()
    old, fresh = await made(by), await made(by)

    assert not await second_factors.accept(by.person_id, old[0], NOON)
    assert await second_factors.accept(by.person_id, fresh[0], NOON)
    assert await RecoveryCode.all().count() == 10


async def test_two_who_make_codes_at_once_leave_ten_that_one_of_them_was_shown() -> None:
    by = await guarded()

    shown = await asyncio.gather(*(made(by) for _ in range(4)))

    works = [await second_factors.accept(by.person_id, codes[0], NOON) for codes in shown]
    assert works.count(True) == 1
    assert await RecoveryCode.all().count() == 10


async def test_codes_are_made_only_for_who_shows_a_second_factor() -> None:
    by = await registers.identity_of(await factories.person("ada"))
    eve = await registers.identity_of(await factories.person("eve"))
    await second_factors.enrol(eve.person_id, NOON)
    await fresh_proofs.note(eve.session_id, Factor.CONTACT_CODE, now=NOON)
    before = await registers.picture()

    with pytest.raises(ProofNeeded):
        await made(eve)
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    with pytest.raises(NoSecondFactor):
        await made(by)

    assert await registers.picture() == before


async def test_codes_are_kept_as_macs_of_a_key_that_is_sealed() -> None:
    by = await guarded()
    [code, *_] = await made(by)

    kept = await RecoveryCode.all()

    letters = code.replace("-", "").encode()
    assert all(letters not in row.mac and len(row.mac) == 32 for row in kept)
    [row] = await client().execute_query_dict("SELECT sealed_secret FROM recovery_sets")
    assert secrets.sealed_with(row["sealed_secret"]) == KEYRING.current


async def test_codes_stay_right_when_the_servers_key_is_replaced_and_the_old_one_goes() -> None:
    by = await guarded()
    codes = await made(by)
    secrets.install(AFTER)

    sealed = [await second_factors.reseal(limit=10) for _ in range(3)]
    secrets.install(secrets.Keyring(current="next", keys={"next": b"n" * 32}))

    assert sealed == [1, 1, 0]
    assert await second_factors.accept(by.person_id, codes[0], NOON)
    assert {use.place: use.key_id for use in await key_uses.counted()} == {
        "totps": "next",
        "recovery_sets": "next",
    }


async def test_codes_of_a_lost_key_are_taken_away_with_it() -> None:
    by = await guarded()
    await made(by)

    gone = await key_uses.forget(KEYRING.current)

    assert gone == 2
    assert (await second_factors.standing(by.person_id)).recovery_codes_left == 0
    assert await RecoveryCode.all().count() == 0

"""A forgotten PIN: replaced by two other proofs, and for a day not enough alone."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from domain import fresh_proofs, pin_resets, pins
from domain.fresh_proofs import Factor, ProofNeeded
from domain.pins import PinLocked, PinNotSet, PinTooSimple, WrongPin
from domain.sessions import Identity
from models.people import Pin
from models.security_events import EventKind, SecurityEvent
from tests import factories
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

PIN, WRONG, OTHER = "246810", "135790", "908172"


async def forgetful() -> Identity:
    """Somebody with a PIN, who has just signed in with a password."""
    ada = await factories.person("ada")
    await pins.set_pin(ada.id, PIN, NOON)
    return await registers.identity_of(ada)


async def reset(by: Identity, pin: str = OTHER) -> None:
    await pin_resets.reset(by=by, pin=pin, address="192.0.2.7", now=NOON)


async def cools(by: Identity, now: datetime) -> bool:
    return pin_resets.is_cooling(await Pin.get(person_id=by.person_id), now)


@pytest.mark.parametrize("factor", [Factor.TOTP, Factor.RECOVERY_CODE, Factor.CONTACT_CODE])
async def test_who_proves_twice_otherwise_chooses_another_pin(factor: Factor) -> None:
    by = await forgetful()
    await fresh_proofs.note(by.session_id, factor, now=NOON)

    await reset(by)

    await pins.prove(by.person_id, OTHER, NOON)
    with pytest.raises(WrongPin):
        await pins.prove(by.person_id, PIN, NOON)
    [*_, event] = await SecurityEvent.filter(person_id=by.person_id).order_by("id")
    assert (event.kind, event.session_id) == (EventKind.PIN_RESET, by.session_id)


async def test_a_pin_is_no_proof_for_its_own_reset() -> None:
    by = await forgetful()
    await fresh_proofs.note(by.session_id, Factor.PIN, now=NOON)
    before = await registers.picture()

    with pytest.raises(ProofNeeded) as needed:
        await reset(by)

    assert (needed.value.count, needed.value.without) == (2, [Factor.PIN])
    assert await registers.picture() == before


async def test_the_pin_and_the_app_together_do_not_reset_the_pin() -> None:
    ada = await factories.person("ada")
    await pins.set_pin(ada.id, PIN, NOON)
    by = await registers.identity_of(ada)
    later = NOON + fresh_proofs.FRESH_FOR
    await fresh_proofs.note(by.session_id, Factor.PIN, Factor.TOTP, now=later)

    with pytest.raises(ProofNeeded):
        await pin_resets.reset(by=by, pin=OTHER, address="", now=later)

    await pins.prove(ada.id, PIN, later)


async def test_a_locked_pin_starts_unlocked_and_is_not_enough_alone_for_a_day() -> None:
    by = await forgetful()
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    for _ in range(4):
        with pytest.raises(WrongPin):
            await pins.prove(by.person_id, WRONG, NOON)
    with pytest.raises(PinLocked):
        await pins.prove(by.person_id, WRONG, NOON)
    cooled_before = await cools(by, NOON)

    await reset(by)

    await pins.prove(by.person_id, OTHER, NOON)
    kept = await Pin.get(person_id=by.person_id)
    assert (kept.wrong_tries, kept.lockouts, kept.locked_until) == (0, 0, None)
    end = NOON + pin_resets.COOLING
    assert not cooled_before
    assert await cools(by, NOON)
    assert not await cools(by, end)


async def test_a_pin_that_is_changed_meanwhile_goes_on_cooling() -> None:
    by = await forgetful()
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    await reset(by)

    await pins.change_pin(by.person_id, OTHER, PIN, NOON)

    assert await cools(by, NOON)


@pytest.mark.parametrize("pin", ["", "123456", "111111", "\x00" * 6, "1" * 65_536])
async def test_a_simple_pin_is_refused_before_anything_is_looked_at(pin: str) -> None:
    by = await forgetful()
    before = await registers.picture()

    with pytest.raises(PinTooSimple):
        await reset(by, pin)

    assert await registers.picture() == before


async def test_who_has_no_pin_sets_one_instead() -> None:
    by = await registers.identity_of(await factories.person("ada"))
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)
    before = await registers.picture()

    with pytest.raises(PinNotSet):
        await reset(by)

    assert await registers.picture() == before


async def test_setting_and_changing_a_pin_is_written_down() -> None:
    by = await forgetful()

    await pins.change_pin(by.person_id, PIN, OTHER, NOON, session_id=by.session_id)

    events = await SecurityEvent.filter(person_id=by.person_id).order_by("id")
    assert [row.kind for row in events] == [EventKind.PIN_SET, EventKind.PIN_CHANGED]


async def test_a_reset_and_a_change_at_once_leave_one_pin_that_works() -> None:
    by = await forgetful()
    await fresh_proofs.note(by.session_id, Factor.TOTP, now=NOON)

    answers = await asyncio.gather(
        reset(by, "908172"),
        pins.change_pin(by.person_id, PIN, "807163", NOON),
        return_exceptions=True,
    )

    assert answers[0] is None
    assert await cools(by, NOON)
    works = []
    for pin in (PIN, "908172", "807163"):
        try:
            await pins.prove(by.person_id, pin, NOON)
            works.append(pin)
        except WrongPin:
            pass
    assert works == ["908172"]

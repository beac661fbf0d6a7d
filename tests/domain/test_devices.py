"""Devices: known again by their token, told of when they are new, forgotten with their sessions."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest

from domain import devices, fresh_proofs, sessions
from domain.devices import DeviceNameInvalid, Shown
from domain.fresh_proofs import ProofNeeded
from domain.refusals import NotFound
from domain.sessions import Identity, SessionEnded, SignedIn
from models.devices import Device
from models.ids import new_id
from models.links import Link, LinkKind
from models.people import Person
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience, Session
from realtime import bus
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

HOUR: Final = timedelta(hours=1)
PHONE: Final = Shown(name="Ada's phone", platform="iOS 19")


async def sign_in(device: Shown | None = None, **changes: Any) -> SignedIn:
    asked: dict[str, Any] = {"audience": Audience.PUBLIC, "client": "192.0.2.1", "now": NOON}
    words = {"name": "ada", "password": PASSWORD, "device": device, **asked, **changes}
    return await sessions.sign_in(**words)


async def by(opened: SignedIn) -> Identity:
    identity = await sessions.identity(opened.tokens.access, NOON)
    assert identity is not None
    return identity


async def opens(opened: SignedIn) -> bool:
    return await sessions.identity(opened.tokens.access, NOON) is not None


async def told() -> list[SecurityEvent]:
    return await SecurityEvent.filter(kind=EventKind.SIGNED_IN_ON_NEW_DEVICE)


async def test_a_device_is_known_again_by_the_token_it_was_given() -> None:
    await registers.resident("ada")
    first = await sign_in(PHONE)

    again = await sign_in(
        Shown(token=first.device_token, name="another"), client="192.0.2.9", now=NOON + HOUR
    )

    [device] = await Device.all()
    assert again.device_token == first.device_token
    assert again.session.device_id == first.session.device_id == device.id
    assert (device.name, device.platform) == ("Ada's phone", "iOS 19")
    assert (device.address, device.last_seen_at) == ("192.0.2.9", NOON + HOUR)
    assert await told() == []


async def test_of_a_devices_token_only_a_digest_is_kept_and_it_opens_nothing() -> None:
    await registers.resident("ada")

    token = (await sign_in(PHONE)).device_token

    assert token.startswith("upd_")
    assert len(token) == devices.TOKEN_LENGTH
    assert token not in str(await Device.all().values())
    assert token not in repr(Shown(token=token))
    assert await sessions.identity(token, NOON) is None
    with pytest.raises(SessionEnded):
        await sessions.refresh(token, Audience.PUBLIC, NOON)


@pytest.mark.parametrize(
    "token", ["", "upd_", "upd_" + "x" * 43, "upd_" + "\ud800" * 43, "\x00", "x" * 60_000]
)
async def test_a_token_that_a_client_chose_is_as_good_as_none(token: str) -> None:
    """Whoever could choose it could plant it in somebody else's browser and be known there."""
    await registers.resident("ada")

    opened = await sign_in(Shown(token=token))

    assert opened.device_token != token
    assert await Device.all().count() == 1


async def test_anothers_device_is_unknown_and_stays_theirs() -> None:
    await registers.resident("ada")
    await registers.resident("eve")
    eves = await sign_in(PHONE, name="eve")

    adas = await sign_in(Shown(token=eves.device_token))

    assert adas.device_token != eves.device_token
    assert sorted(str(device.person_id) for device in await Device.all()) == sorted(
        [str(adas.person.id), str(eves.person.id)]
    )


async def test_whoever_signs_in_on_a_new_device_gets_a_letter_with_a_way_to_freeze() -> None:
    ada = await registers.resident("ada")
    await sign_in(PHONE)

    opened = await sign_in(Shown(name="Somebody's laptop"), client="203.0.113.9")

    [event] = await told()
    assert (event.person_id, event.session_id) == (ada.id, opened.session.id)
    assert event.address == "203.0.113.9"
    assert event.detail == {
        "device_id": str(opened.session.device_id),
        "device": "Somebody's laptop",
    }
    [link] = await Link.filter(kind=LinkKind.FREEZE)
    assert link.subject_id == event.id


async def test_the_first_sign_in_of_all_is_no_news() -> None:
    await registers.resident("ada")

    await sign_in(PHONE)

    assert await told() == []


async def test_whoever_signed_in_before_there_were_devices_is_told_of_the_first() -> None:
    ada = await registers.resident("ada")
    await factories.session(ada, Audience.PUBLIC, NOON)

    await sign_in(PHONE)

    assert len(await told()) == 1


async def test_a_sign_in_that_fails_leaves_no_device() -> None:
    await registers.resident("ada")

    with pytest.raises(sessions.SignInRefused):
        await sign_in(PHONE, password="wrong horse 7 battery")

    assert await Device.all().count() == 0


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("My phone", "My phone"),
        ("  \u202eenohp\x00\n", "enohp"),
        ("\ud800", ""),
        ("x" * 60_000, "x" * 64),
    ],
)
async def test_what_a_device_calls_itself_is_kept_as_far_as_it_can_be_shown(
    said: str, kept: str
) -> None:
    await registers.resident("ada")

    await sign_in(Shown(name=said, platform=said))

    device = await Device.get()
    assert (device.name, device.platform) == (kept, kept[: devices.PLATFORM_MAX])


async def test_a_device_is_called_what_its_owner_likes_whatever_the_app_calls_it() -> None:
    ada = await registers.resident("ada")
    opened = await sign_in(PHONE)
    device_id = (await Device.get()).id

    await devices.name(ada.id, device_id, "  Red   phone ")
    await sign_in(Shown(token=opened.device_token, name="Ada's phone"))

    assert (await Device.get()).name == "Red phone"


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "x" * 60_000, "a\u202eb", "\ud800"])
async def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    ada = await registers.resident("ada")
    await sign_in(PHONE)
    device = await Device.get()

    with pytest.raises(DeviceNameInvalid):
        await devices.name(ada.id, device.id, name)

    assert await Device.get() == device


async def test_a_forgotten_device_has_no_session_any_more_and_is_new_again() -> None:
    await registers.resident("ada")
    laptop, phone = await sign_in(Shown(name="laptop")), await sign_in(PHONE)
    assert phone.session.device_id is not None
    again = await sign_in(Shown(token=phone.device_token))

    async with bus.listen(f"session:{phone.session.id}") as ear:
        await sessions.forget_device(
            by=await by(laptop), device_id=phone.session.device_id, address="", now=NOON
        )

        assert await ear.heard(0)
    assert [await opens(each) for each in (laptop, phone, again)] == [True, False, False]
    assert (await Session.get(id=again.session.id)).end_reason == "device_forgotten"
    assert await SecurityEvent.filter(kind=EventKind.DEVICE_FORGOTTEN).count() == 1
    before = len(await told())
    assert (await sign_in(Shown(token=phone.device_token))).device_token != phone.device_token
    assert len(await told()) == before + 1


async def test_of_a_sign_in_and_the_forgetting_of_its_device_at_once_no_session_is_left() -> None:
    """Whichever comes first: the session ends with the device, or belongs to a new one."""
    await registers.resident("ada")
    laptop, phone = await sign_in(Shown(name="laptop")), await sign_in(PHONE)
    owner, device_id = await by(laptop), phone.session.device_id
    assert device_id is not None

    for _ in range(5):
        known = Shown(token=phone.device_token)
        phone, _ = await asyncio.gather(
            sign_in(known),
            sessions.forget_device(by=owner, device_id=device_id, address="", now=NOON),
        )

        open_there = await Session.filter(device_id=device_id, ended_at__isnull=True).count()
        assert open_there == 0
        if phone.device_token == known.token:
            assert not await opens(phone)
            phone = await sign_in(PHONE)
        assert phone.session.device_id is not None
        device_id = phone.session.device_id


async def test_another_persons_device_is_not_there() -> None:
    ada, eve = await registers.resident("ada"), await registers.resident("eve")
    phone = await sign_in(PHONE)
    eves = await sign_in(PHONE, name="eve")
    assert phone.session.device_id is not None

    for id in (phone.session.device_id, new_id()):
        with pytest.raises(NotFound):
            await devices.name(eve.id, id, "mine")
        with pytest.raises(NotFound):
            await sessions.forget_device(by=await by(eves), device_id=id, address="", now=NOON)

    assert [device.name for device in await devices.of(ada.id)] == ["Ada's phone"]
    assert await opens(phone)


async def test_ending_other_sessions_needs_a_fresh_proof_and_ending_this_one_does_not() -> None:
    ada = await registers.resident("ada")
    here, there = await sign_in(PHONE), await sign_in(Shown(name="laptop"))
    assert there.session.device_id is not None
    late = NOON + fresh_proofs.FRESH_FOR
    owner = await by(here)

    for grave in (
        sessions.end_one(by=owner, session_id=there.session.id, address="", now=late),
        sessions.end_others(by=owner, address="", now=late),
        sessions.forget_device(by=owner, device_id=there.session.device_id, address="", now=late),
    ):
        with pytest.raises(ProofNeeded):
            await grave
    assert len(await sessions.open_ones(ada.id, late)) == 2

    await sessions.end_one(by=owner, session_id=here.session.id, address="", now=late)

    assert [await opens(each) for each in (here, there)] == [False, True]


async def test_ending_the_others_leaves_this_one_and_is_written_down_once() -> None:
    await registers.resident("ada")
    here, *others = [await sign_in(PHONE) for _ in range(3)]

    ended = await sessions.end_others(by=await by(here), address="192.0.2.1", now=NOON)
    again = await sessions.end_others(by=await by(here), address="192.0.2.1", now=NOON)

    assert (ended, again) == (2, 0)
    assert [await opens(each) for each in (here, *others)] == [True, False, False]
    [event] = await SecurityEvent.filter(kind=EventKind.SESSION_ENDED)
    assert event.detail == {"count": 2}


async def test_anothers_session_is_not_there_and_goes_on() -> None:
    await registers.resident("ada")
    await registers.resident("eve")
    adas, eves = await sign_in(PHONE), await sign_in(PHONE, name="eve")

    for id in (adas.session.id, new_id()):
        with pytest.raises(NotFound):
            await sessions.end_one(by=await by(eves), session_id=id, address="", now=NOON)

    assert await opens(adas)


async def test_the_open_sessions_are_listed_the_last_used_first() -> None:
    ada = await registers.resident("ada")
    first, second, ended = [
        await sign_in(PHONE, now=NOON + number * timedelta(minutes=1)) for number in range(3)
    ]
    await sessions.sign_out(ended.session.id, NOON + HOUR)
    await sessions.refresh(first.tokens.refresh, Audience.PUBLIC, NOON + HOUR)
    other = await registers.resident("eve")
    await factories.session(other, Audience.PUBLIC, NOON)

    listed = await sessions.open_ones(ada.id, NOON + HOUR)

    assert [session.id for session in listed] == [first.session.id, second.session.id]
    assert [session.last_seen_at for session in listed] == [NOON + HOUR, None]


async def test_that_a_session_is_used_is_written_down_every_five_minutes_at_most() -> None:
    ada = await factories.person("ada")
    opened = await factories.session(ada, Audience.PUBLIC, NOON)

    async def seen_after(minutes: int) -> Any:
        now = NOON + timedelta(minutes=minutes)
        identity = await sessions.identity(opened.tokens.access, now)
        assert identity is not None
        await sessions.note_seen(identity, now)
        return (await Session.get()).last_seen_at

    seen = [await seen_after(minutes) for minutes in (0, 4, 5, 9, 10)]

    five, ten = NOON + timedelta(minutes=5), NOON + timedelta(minutes=10)
    assert seen == [None, None, five, five, ten]


async def test_a_person_who_is_erased_takes_their_devices_along() -> None:
    ada: Person = await registers.resident("ada")
    opened = await sign_in(PHONE)

    await Device.filter(person_id=ada.id).delete()

    assert (await Session.get(id=opened.session.id)).device_id is None

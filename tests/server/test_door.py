"""Who is at the door: looked up once, remembered for seconds, forgotten at a hint."""

from __future__ import annotations

import asyncio

import pytest

from domain import sessions
from domain.sessions import SignedIn
from models.merchants import ApiKey
from models.sessions import Audience, Session
from realtime import bus
from server import door
from server.door import Door
from tests import factories
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")


async def opened(name: str, clock: Clock) -> SignedIn:
    return await factories.session(await factories.person(name), Audience.PUBLIC, clock())


async def ended_in_silence(session: SignedIn) -> None:
    """Ends a session as another process would whose hint was lost."""
    await Session.filter(id=session.session.id).update(ended_at=NOON, end_reason="signed_out")


async def is_known(at: Door, session: SignedIn) -> bool:
    return await at.identify(session.tokens.access, Audience.PUBLIC) is not None


async def test_a_known_token_is_not_looked_up_again_for_five_seconds() -> None:
    clock = Clock()
    at, ada = Door(clock), await opened("ada", clock)
    first = await is_known(at, ada)
    await ended_in_silence(ada)

    clock.advance(seconds=4.9)
    remembered = await is_known(at, ada)
    clock.advance(seconds=0.1)

    assert (first, remembered) == (True, True)
    assert not await is_known(at, ada)


async def test_a_hint_makes_the_door_forget_that_session_and_no_other() -> None:
    clock = Clock()
    at, ada, bob = Door(clock), await opened("ada", clock), await opened("bob", clock)
    for session in (ada, bob):
        assert await is_known(at, session)
        await ended_in_silence(session)

    at.forget(f"session:{ada.session.id}")

    assert not await is_known(at, ada)
    assert await is_known(at, bob)


async def test_when_any_session_may_have_ended_all_are_forgotten() -> None:
    clock = Clock()
    at, ada = Door(clock), await opened("ada", clock)
    unwatch = bus.installed().watch("session:", at.forget)
    assert await is_known(at, ada)
    await ended_in_silence(ada)

    bus.tell(bus.EVERYTHING)
    await asyncio.sleep(0)
    unwatch()

    assert not await is_known(at, ada)


async def test_a_session_that_ends_while_it_is_looked_up_is_not_remembered() -> None:
    clock = Clock()
    at, ada = Door(clock), await opened("ada", clock)
    looking = asyncio.create_task(is_known(at, ada))
    await asyncio.sleep(0)

    at.forget(f"session:{ada.session.id}")
    await ended_in_silence(ada)
    await looking

    assert not await is_known(at, ada)


async def test_a_token_is_not_remembered_beyond_its_end() -> None:
    clock = Clock()
    at, ada = Door(clock), await opened("ada", clock)
    clock.advance(minutes=14, seconds=58)
    assert await is_known(at, ada)

    clock.advance(seconds=2)

    assert not await is_known(at, ada)


async def test_a_token_of_one_api_opens_nothing_at_the_other_however_often_it_is_shown() -> None:
    clock = Clock()
    at, ada = Door(clock), await opened("ada", clock)

    for _ in range(2):
        assert await at.identify(ada.tokens.access, Audience.DESK) is None
        assert await at.identify(ada.tokens.refresh, Audience.PUBLIC) is None
        assert await is_known(at, ada)


async def test_no_more_tokens_are_remembered_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(door, "REMEMBERED_AT_MOST", 2)
    clock = Clock()
    at = Door(clock)
    three = [await opened(name, clock) for name in ("ada", "bob", "eve")]
    for session in three:
        assert await is_known(at, session)
        await ended_in_silence(session)

    known = [await is_known(at, session) for session in three]

    assert known == [False, True, True]
    assert await sessions.identity(three[1].tokens.access, clock()) is None


async def test_a_known_key_is_not_looked_up_again_for_five_seconds() -> None:
    clock = Clock()
    at, tea = Door(clock), await factories.merchant(await factories.person("ada"))
    key = await factories.key(tea)
    first = await at.holder(key)
    await ApiKey.filter(merchant_id=tea.id).update(revoked_at=NOON)

    clock.advance(seconds=4.9)
    remembered = await at.holder(key)
    clock.advance(seconds=0.1)

    assert first is not None
    assert remembered == first
    assert await at.holder(key) is None


async def test_a_hint_makes_the_door_forget_that_key_and_no_other() -> None:
    clock = Clock()
    at, tea = Door(clock), await factories.merchant(await factories.person("ada"))
    till, shelf = await factories.key(tea), await factories.key(tea)
    holder = await at.holder(till)
    assert holder is not None
    assert await at.holder(shelf) is not None
    await ApiKey.filter(merchant_id=tea.id).update(revoked_at=NOON)

    at.forget(f"session:{holder.api_key_id}")
    at.forget_key(f"api_key:{holder.api_key_id}")

    assert await at.holder(till) is None
    assert await at.holder(shelf) is not None
    at.forget_key("api_key:")
    assert await at.holder(shelf) is None

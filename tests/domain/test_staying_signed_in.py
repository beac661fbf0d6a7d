"""Sessions after they were opened: renewed, stolen, ended; who an access token belongs to."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain import sessions
from domain.sessions import SessionEnded, SignedIn, Tokens
from models.ids import new_id
from models.people import Person, Role
from models.sessions import Audience, Session, SessionToken
from realtime import bus
from tests import factories
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

MOMENT, SECOND, MINUTE, DAY = (
    timedelta(microseconds=1),
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(days=1),
)


async def opened() -> SignedIn:
    ada = await factories.person("ada")
    return await factories.session(ada, Audience.PUBLIC, NOON)


async def renewed(tokens: Tokens, after: timedelta) -> Tokens:
    return await sessions.refresh(tokens.refresh, Audience.PUBLIC, NOON + after)


async def opens(tokens: Tokens, after: timedelta) -> bool:
    return await sessions.identity(tokens.access, NOON + after) is not None


async def test_a_renewal_gives_two_new_tokens() -> None:
    ada = await opened()

    tokens = await renewed(ada.tokens, MINUTE)

    assert tokens.access.startswith("upa_")
    assert tokens.refresh.startswith("upr_")
    assert len({ada.tokens.access, ada.tokens.refresh, tokens.access, tokens.refresh}) == 4
    assert tokens.access_expires_at == NOON + 16 * MINUTE
    assert await opens(tokens, MINUTE)
    assert await Session.all().count() == 1


async def test_the_former_access_token_opens_until_it_runs_out() -> None:
    ada = await opened()

    await renewed(ada.tokens, MINUTE)

    assert await opens(ada.tokens, 15 * MINUTE - MOMENT)
    assert not await opens(ada.tokens, 15 * MINUTE)


async def test_a_renewal_whose_answer_was_lost_can_be_repeated_for_ten_seconds() -> None:
    ada = await opened()
    first = await renewed(ada.tokens, MINUTE)
    before = await registers.picture()

    again = [await renewed(ada.tokens, MINUTE + after) for after in (MOMENT, 10 * SECOND)]

    assert again == [first, first]
    assert await registers.picture() == before


async def test_sixteen_renewals_with_one_token_at_once_are_one() -> None:
    """More than there are connections: none may wait for a second one while it holds the first."""
    ada = await opened()

    async with asyncio.timeout(20):
        answers = await asyncio.gather(*(renewed(ada.tokens, MINUTE) for _ in range(16)))

    assert answers == [answers[0]] * 16
    assert await SessionToken.all().count() == 4
    assert await SessionToken.filter(spent_at__isnull=False).count() == 1


async def test_a_spent_token_shown_later_ends_the_session_for_thief_and_owner() -> None:
    ada = await opened()
    tokens = await renewed(ada.tokens, MINUTE)

    async with bus.listen(f"session:{ada.session.id}") as ear:
        with pytest.raises(SessionEnded):
            await renewed(ada.tokens, MINUTE + 10 * SECOND + MOMENT)

        assert await ear.heard(0)
    assert not await opens(tokens, 2 * MINUTE)
    assert not await opens(ada.tokens, 2 * MINUTE)
    with pytest.raises(SessionEnded):
        await renewed(tokens, 2 * MINUTE)
    assert (await Session.get()).end_reason == "token_reused"


async def test_a_token_of_long_ago_ends_the_session_too() -> None:
    ada = await opened()
    tokens = ada.tokens
    for minute in (10, 20, 30):
        tokens = await renewed(tokens, minute * MINUTE)

    with pytest.raises(SessionEnded):
        await renewed(ada.tokens, 31 * MINUTE)

    assert not await opens(tokens, 31 * MINUTE)


async def test_stealing_one_session_leaves_the_others() -> None:
    ada = await opened()
    other = await factories.session(ada.person, Audience.PUBLIC, NOON)
    await renewed(ada.tokens, MINUTE)

    with pytest.raises(SessionEnded):
        await renewed(ada.tokens, 2 * MINUTE)

    assert await opens(other.tokens, 2 * MINUTE)


@pytest.mark.parametrize("kind", ["access", "unknown", "", "\x00", "\ud800", "upr_" * 262_144])
async def test_what_is_no_refresh_token_renews_nothing(kind: str) -> None:
    ada = await opened()
    shown = ada.tokens.access if kind == "access" else kind
    before = await registers.picture()

    with pytest.raises(SessionEnded):
        await sessions.refresh(shown, Audience.PUBLIC, NOON)

    assert await registers.picture() == before


async def test_a_token_of_one_api_renews_nothing_at_the_other() -> None:
    ada = await opened()
    before = await registers.picture()

    with pytest.raises(SessionEnded):
        await sessions.refresh(ada.tokens.refresh, Audience.DESK, NOON)

    assert await registers.picture() == before


async def test_a_session_lasts_thirty_days_however_often_it_is_renewed() -> None:
    ada = await opened()

    tokens = await renewed(ada.tokens, 30 * DAY - MINUTE)

    assert tokens.session_expires_at == tokens.access_expires_at == NOON + 30 * DAY
    assert not await opens(tokens, 30 * DAY)
    with pytest.raises(SessionEnded):
        await renewed(tokens, 30 * DAY)


async def test_signing_out_is_heard_and_opens_nothing_any_more() -> None:
    ada = await opened()

    async with bus.listen(f"session:{ada.session.id}") as ear:
        await sessions.sign_out(ada.session.id, NOON + SECOND)

        assert await ear.heard(0)
    assert not await opens(ada.tokens, MINUTE)
    with pytest.raises(SessionEnded):
        await renewed(ada.tokens, MINUTE)
    ended = await Session.get()
    assert (ended.ended_at, ended.end_reason) == (NOON + SECOND, "signed_out")


async def test_an_ended_session_is_not_ended_again() -> None:
    ada = await opened()
    await sessions.sign_out(ada.session.id, NOON)
    before = await registers.picture()

    await sessions.sign_out(ada.session.id, NOON + MINUTE)
    await sessions.end_all(ada.person.id, reason="password_changed", now=NOON + MINUTE)
    await sessions.sign_out(new_id(), NOON + MINUTE)

    assert await registers.picture() == before


async def test_all_sessions_of_a_person_end_but_the_one_in_use() -> None:
    ada = await opened()
    others = [await factories.session(ada.person, Audience.PUBLIC, NOON) for _ in range(3)]
    bob = await factories.session(await factories.person("bob"), Audience.PUBLIC, NOON)

    async with (
        bus.listen(*(f"session:{each.session.id}" for each in others)) as ear,
        bus.listen(f"session:{ada.session.id}", f"session:{bob.session.id}") as quiet,
    ):
        await sessions.end_all(
            ada.person.id, reason="password_changed", now=NOON, except_id=ada.session.id
        )

        assert await ear.heard(0)
        assert not await quiet.heard(0)
    everybody = [ada, bob, *others]
    assert [await opens(each.tokens, SECOND) for each in everybody] == [True, True] + [False] * 3
    assert await sessions.live([each.session.id for each in everybody], NOON) == {
        ada.session.id,
        bob.session.id,
    }
    assert await Session.filter(end_reason="password_changed").count() == 3


async def test_every_session_can_be_ended_by_many_at_once() -> None:
    ada = await opened()
    for _ in range(5):
        await factories.session(ada.person, Audience.PUBLIC, NOON)

    await asyncio.gather(
        *(sessions.end_all(ada.person.id, reason="frozen", now=NOON) for _ in range(6))
    )

    assert await Session.filter(ended_at__isnull=True).count() == 0


@pytest.mark.parametrize(
    "token", ["", "upa_", "upa_" + "x" * 43, "\x00", "\ud800", "x" * 1_048_576]
)
async def test_what_is_no_access_token_is_nobodys(token: str) -> None:
    await opened()

    assert await sessions.identity(token, NOON) is None


async def test_a_refresh_token_is_no_access_token() -> None:
    ada = await opened()

    assert await sessions.identity(ada.tokens.refresh, NOON) is None


@pytest.mark.parametrize("changes", [{"closed_at": NOON}, {"role": Role.AGENT}])
async def test_whoever_left_or_changed_sides_has_no_session_any_more(
    changes: dict[str, object],
) -> None:
    ada = await opened()
    await Person.filter(id=ada.person.id).update(**changes)

    assert not await opens(ada.tokens, SECOND)
    assert await sessions.live([ada.session.id], NOON) == set()
    with pytest.raises(SessionEnded):
        await renewed(ada.tokens, MINUTE)


async def test_whoever_is_frozen_keeps_their_session() -> None:
    ada = await opened()
    await Person.filter(id=ada.person.id).update(freeze_level=3)

    assert await opens(ada.tokens, SECOND)


async def test_only_sessions_that_have_not_ended_live() -> None:
    ada = await opened()

    assert await sessions.live([ada.session.id, new_id()], NOON) == {ada.session.id}
    assert await sessions.live([ada.session.id], NOON + 30 * DAY - MOMENT) == {ada.session.id}
    assert await sessions.live([ada.session.id], NOON + 30 * DAY) == set()
    assert await sessions.live([], NOON) == set()

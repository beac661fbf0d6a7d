"""Following money live: each event once and in order, whatever happens to the wire."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from starlette.applications import Starlette

from domain import sessions, streams
from models.sessions import Audience
from realtime import bus
from realtime.redis_bus import RedisBus
from tests import factories
from tests.api.clients import Listener, served
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import confirm, prepared
from tests.moments import Clock
from tests.services import valkey

WALLET = """
subscription ($id: ID!, $after: Sequence) {
  walletEvents(walletId: $id, after: $after) {
    __typename
    ... on MovementChanged { seq status movement { id status amount { amountMinor } direction } }
    ... on StreamReset { head }
    ... on StreamHeartbeat { head }
  }
}
"""
MOVEMENT = """
subscription ($id: ID!, $after: Sequence) {
  movementUpdated(id: $id, after: $after) {
    __typename
    ... on MovementChanged { seq status movement { status } }
    ... on StreamReset { head }
  }
}
"""


async def pay(payer: Resident, payee: str, amount: int, key: str, **wish: Any) -> dict[str, Any]:
    return await confirm(payer, await prepared(payer, payee, amount, **wish), key=key)


async def test_the_receiver_sees_the_money_arrive(app: Starlette, resident: Moving) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await pay(ada, "bob", 250, "tea")
        event = await bobs.event()

    assert event["seq"] == 1
    assert event["status"] == "COMPLETED"
    assert event["movement"]["direction"] == "IN"
    assert event["movement"]["amount"] == {"amountMinor": 250}


async def test_a_listener_that_comes_back_gets_what_it_missed(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    for number in range(3):
        await pay(ada, "bob", 10 + number, f"key-{number}")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=1) as bobs,
    ):
        missed = [await bobs.event(), await bobs.event()]
        await pay(ada, "bob", 99, "live")
        live = await bobs.event()

    assert [event["seq"] for event in [*missed, live]] == [2, 3, 4]
    assert live["movement"]["amount"] == {"amountMinor": 99}


async def test_a_place_beyond_the_head_is_answered_with_one_reset(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await pay(ada, "bob", 10, "first")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=7) as bobs,
    ):
        reset = await bobs.event()
        await pay(ada, "bob", 20, "second")
        event = await bobs.event()

    assert reset == {"__typename": "StreamReset", "head": 1}
    assert event["seq"] == 2


async def test_a_movement_is_followed_from_pending_to_its_end(
    app: Starlette, resident: Moving
) -> None:
    ada, _ = await resident("ada", holds=1_000), await resident("bob")
    pending = await pay(ada, "bob", 250, "later", arrival="TWO_HOURS")
    transfer_id = pending["transfer"]["id"]

    async with (
        served(app) as address,
        Listener.open(address, ada.tokens.access, MOVEMENT, id=transfer_id, after=0) as adas,
    ):
        first = await adas.event()
        await ada.asker.data(
            "mutation ($i: CancelTransferInput!) { cancelTransfer(input: $i) { __typename } }",
            i={"transferId": transfer_id, "idempotencyKey": "back"},
        )
        last = await adas.event()

    assert [(e["seq"], e["status"]) for e in (first, last)] == [(1, "PENDING"), (2, "CANCELLED")]


async def test_a_session_that_ends_hears_no_more(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await pay(ada, "bob", 10, "heard")
        await bobs.event()
        await bob.asker.data("mutation { signOut { endedAt } }")
        last = await bobs.message()
        await pay(ada, "bob", 20, "unheard")
        end = await bobs.message()

    assert last["payload"]["errors"][0]["extensions"] == {"code": "SESSION_ENDED"}
    assert end["type"] == "complete"


async def test_a_session_that_ends_while_the_bus_is_dead_is_over_at_the_next_beat(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    bob = await resident("bob")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await _beat_until_heard(bobs, clock)
        clock.advance(days=31)
        await streams.beat(clock())
        last = await bobs.message()

    assert last["payload"]["errors"][0]["extensions"] == {"code": "SESSION_ENDED"}


async def test_an_event_whose_hint_was_lost_comes_with_the_next_beat(
    app: Starlette, resident: Moving, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=0) as bobs,
    ):
        await _beat_until_heard(bobs, clock)
        monkeypatch.setattr(bus, "tell", lambda *topics: None)
        await pay(ada, "bob", 250, "unheard")
        await streams.beat(clock())
        event = await bobs.event()

    assert event["seq"] == 1


async def test_a_heartbeat_names_the_head(app: Starlette, resident: Moving, clock: Clock) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await pay(ada, "bob", 250, "tea")

    async with (
        served(app) as address,
        Listener.open(address, bob.tokens.access, WALLET, id=bob.wallet_id, after=1) as bobs,
    ):
        heartbeat = await _beat_until_heard(bobs, clock)

    assert heartbeat == {"__typename": "StreamHeartbeat", "head": 1}


async def test_a_wrong_token_is_refused_at_the_socket_and_nobody_can_follow_others(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada"), await resident("bob")

    async with served(app) as address:
        async with Listener.open(address, ada.tokens.access, WALLET, id=bob.wallet_id) as foreign:
            refused = await foreign.message()
        async with Listener.open(address, None, WALLET, id=bob.wallet_id) as nobody:
            unknown = await nobody.message()

    assert refused["payload"]["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
    assert unknown["payload"]["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.slow
async def test_a_socket_cut_at_random_points_loses_and_repeats_nothing(
    app: Starlette, resident: Moving
) -> None:
    ada, bob = await resident("ada", holds=10_000), await resident("bob")

    async with served(app) as address:
        _, seen = await asyncio.gather(_pays(ada, "bob", 60), _follows(bob, address, 60))

    assert seen == list(range(1, 61))


@pytest.mark.slow
async def test_redis_killed_in_the_middle_delays_and_loses_nothing(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=10_000), await resident("bob")
    memory = bus.installed()

    with valkey() as redis:
        async with RedisBus(redis.url) as wire, served(app) as address:
            bus.install(wire)
            beating = asyncio.create_task(_beats(clock))
            following = asyncio.create_task(_follows(bob, address, 60))
            await _pays(ada, "bob", 20)
            redis.kill()
            await _pays(ada, "bob", 20, start=20)
            redis.start()
            await _pays(ada, "bob", 20, start=40)
            seen = await asyncio.wait_for(following, 30)
            beating.cancel()
            bus.install(memory)

    assert seen == list(range(1, 61))


async def _pays(payer: Resident, payee: str, count: int, *, start: int = 0) -> None:
    for number in range(start, start + count):
        await pay(payer, payee, 1 + number, f"key-{number}")


async def _follows(listener: Resident, address: str, count: int) -> list[int]:
    """The numbers seen by a client that drops those it knows, over a wire cut again and again."""
    seed = random.randrange(2**32)
    print("seed", seed)
    dice = random.Random(seed)
    seen: list[int] = []
    while len(seen) < count:
        last = seen[-1] if seen else 0
        async with Listener.open(
            address, listener.tokens.access, WALLET, id=listener.wallet_id, after=last
        ) as socket:
            for _ in range(dice.randrange(1, 6)):
                event = await socket.event()
                if event["seq"] > (seen[-1] if seen else 0):
                    seen.append(event["seq"])
                if len(seen) == count:
                    break
            socket.cut()
    return seen


async def _beats(clock: Clock) -> None:
    while True:
        await streams.beat(clock())
        await asyncio.sleep(0.2)


async def _beat_until_heard(listener: Listener, clock: Clock) -> dict[str, Any]:
    """Beats until the subscription is known to be open, and returns its heartbeat."""
    heard = asyncio.ensure_future(listener.message())
    while not heard.done():
        await streams.beat(clock())
        await asyncio.wait([heard], timeout=0.01)
    event: dict[str, Any] = heard.result()["payload"]["data"]["walletEvents"]
    return event


async def test_following_needs_a_session_that_is_there(app: Starlette, resident: Moving) -> None:
    bob = await resident("bob")
    opened = await factories.session(bob.person, Audience.PUBLIC, Clock()())
    await sessions.sign_out(opened.session.id, Clock()())

    with pytest.raises(Exception, match="4403"):
        async with (
            served(app) as address,
            Listener.open(address, opened.tokens.access, WALLET, id=bob.wallet_id),
        ):
            pass

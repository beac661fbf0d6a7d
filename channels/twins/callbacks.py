"""The simulator's callbacks: signed, after the decision, until somebody heard them."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Final, Self
from uuid import UUID

import httpx2

from channels.providers import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_callback
from channels.twins.clocks import Clock
from channels.twins.orders import Order, Orders

ANSWER_SECONDS: Final = 5.0
TRIES: Final = 8
FIRST_PAUSE_SECONDS: Final = 0.25


class Callbacks:
    """Calls `url` about each order that has callbacks left, also those a kill interrupted."""

    def __init__(self, orders: Orders, clock: Clock, *, url: str, secret: str) -> None:
        self._orders = orders
        self._clock = clock
        self._url = url
        self._secret = secret.encode()
        self._client = httpx2.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False)
        self._calls: set[asyncio.Task[None]] = set()
        self._hurries: dict[UUID, asyncio.Event] = {}

    async def __aenter__(self) -> Self:
        for order in self._orders.all():
            self.begin(order)
        return self

    async def __aexit__(self, *_: object) -> None:
        for call in self._calls:
            call.cancel()
        if self._calls:
            await asyncio.wait(self._calls)
        await self._client.aclose()

    def begin(self, order: Order) -> None:
        """Calls back about the order once it is decided."""
        if order.callbacks_left > 0:
            self._hurries[order.id] = asyncio.Event()
            call = asyncio.create_task(self._call(order))
            self._calls.add(call)
            call.add_done_callback(self._calls.discard)

    def hurry(self) -> None:
        """Looks again at all orders: one was decided early, or the clock was set."""
        for each in self._hurries.values():
            each.set()

    async def _call(self, order: Order) -> None:
        while (seconds := order.decides_at - self._clock()) > 0:
            self._hurries[order.id].clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._hurries[order.id].wait()
        while order.callbacks_left > 0 and await self._is_heard(order):
            self._orders.called_back(order)
        del self._hurries[order.id]

    async def _is_heard(self, order: Order) -> bool:
        for attempt in range(TRIES):
            try:
                if (await self._post(order)).is_success:
                    return True
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
        return False

    async def _post(self, order: Order) -> httpx2.Response:
        body, timestamp = json.dumps(order.next_call()).encode(), str(int(self._clock()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP_HEADER: timestamp,
            SIGNATURE_HEADER: sign_callback(self._secret, timestamp, body),
        }
        return await self._client.post(self._url, content=body, headers=headers)

"""The payment provider's simulator: `python -m channels.twins.provider`.

It takes orders, forgets nothing, and misbehaves on request: docs/reference/simulator.md.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channels.providers import NO_SUCH_ORDER, SIMULATOR
from channels.twins.callbacks import Callbacks
from channels.twins.fates import fate
from channels.twins.orders import Order, Orders, OtherOrder
from channels.twins.wires import Cut, Severable, end_with_parent, listening

DELAY_SECONDS: Final = 5.0
STOP_SECONDS: Final = 1
MAX_AMOUNT: Final = 2**53 - 1


class Simulator:
    """The routes of one provider."""

    def __init__(self, orders: Orders, callbacks: Callbacks, *, delay_seconds: float) -> None:
        self._orders = orders
        self._callbacks = callbacks
        self._delay_seconds = delay_seconds

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/orders", self.submitted, methods=["POST"]),
                Route("/orders/{order_id:uuid}", self.asked),
                Route("/control/decide/{order_id:uuid}", self.hurried, methods=["POST"]),
            ],
            lifespan=self._calling_back,
        )

    async def submitted(self, request: Request) -> Response:
        wanted = _wanted(await request.body())
        if wanted is None:
            return JSONResponse({"error": "not_an_order"}, 400)
        order_id, amount_minor, currency = wanted
        fated = fate(amount_minor)
        is_new = self._orders.get(order_id) is None
        if is_new and fated.loses_request and self._orders.lose(order_id):
            return Cut()
        decides_at = time.time() + (self._delay_seconds if fated.is_delayed else 0)
        try:
            order = self._orders.take(order_id, amount_minor, currency, decides_at=decides_at)
        except OtherOrder:
            return JSONResponse({"error": "order_differs"}, 409)
        if is_new:
            self._callbacks.begin(order)
            if fated.loses_answer:
                return Cut()
        return _answer(order)

    async def asked(self, request: Request) -> Response:
        return _answer(self._orders.get(request.path_params["order_id"]))

    async def hurried(self, request: Request) -> Response:
        """Ends an order's delay; for tests and for impatient developers."""
        order = self._orders.get(request.path_params["order_id"])
        if order is not None and order.decides_at > time.time():
            self._orders.decide(order, time.time())
            self._callbacks.hurry(order)
        return _answer(order)

    @asynccontextmanager
    async def _calling_back(self, _: Starlette) -> AsyncIterator[None]:
        async with self._callbacks:
            yield


class OnlyWithSecret:
    """Lets in who knows the secret: other people of this machine reach the port, too.

    Every answer says that it is a simulator's, which no live server would speak to.
    """

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._expected = f"Bearer {secret}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (SIMULATOR.encode(), b"1")]
            await send(message)

        given = dict(scope["headers"]).get(b"authorization", b"")
        is_known = hmac.compare_digest(given, self._expected)
        answer = self._app if is_known else JSONResponse({"error": "not_signed_in"}, 401)
        await answer(scope, receive, marked)


def _answer(order: Order | None) -> Response:
    if order is None:
        return JSONResponse({"error": NO_SUCH_ORDER}, 404)
    return JSONResponse(order.answer(time.time()))


def _wanted(body: bytes) -> tuple[UUID, int, str] | None:
    try:
        words = json.loads(body)
        order_id, amount_minor, currency = (
            UUID(words["order_id"]),
            words["amount_minor"],
            words["currency"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if type(amount_minor) is not int or not 1 <= amount_minor <= MAX_AMOUNT:
        return None
    if not isinstance(currency, str) or len(currency) != 3:
        return None
    return order_id, amount_minor, currency


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m channels.twins.provider", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes one that is free")
    parser.add_argument("--port-file", type=Path, help="where to write the port")
    parser.add_argument("--journal", type=Path, required=True, help="what it remembers")
    parser.add_argument("--callback", required=True, help="whom to call back")
    parser.add_argument("--secret-file", type=Path, required=True, help="shared with uPay")
    parser.add_argument("--delay-seconds", type=float, default=DELAY_SECONDS)
    return parser.parse_args()


async def _serve(arguments: Namespace) -> None:
    secret = arguments.secret_file.read_text().strip()
    orders = Orders(arguments.journal)
    simulator = Simulator(
        orders,
        Callbacks(orders, url=arguments.callback, secret=secret),
        delay_seconds=arguments.delay_seconds,
    )
    config = uvicorn.Config(
        OnlyWithSecret(simulator.application(), secret),
        http=Severable,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    async with asyncio.TaskGroup() as tasks:
        parent = tasks.create_task(end_with_parent(server))
        await server.serve(sockets=[listening(arguments.port, arguments.port_file)])
        parent.cancel()


if __name__ == "__main__":
    asyncio.run(_serve(_arguments()))

"""The payment provider's simulator: `python -m channels.twins.provider`.

It takes orders, forgets nothing, and misbehaves on request: docs/reference/simulator.md.
"""

from __future__ import annotations

import asyncio
import json
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.providers import MAINTENANCE, NO_SUCH_ORDER, OrderKind
from channels.providers import Order as Wanted
from channels.twins.accounts import Accounts
from channels.twins.callbacks import Callbacks
from channels.twins.clocks import Clock
from channels.twins.controls import Controls
from channels.twins.doors import OnlyWithSecret
from channels.twins.fates import Accident, fate
from channels.twins.journal import Journal
from channels.twins.orders import Order, Orders, OtherOrder
from channels.twins.statements import Statements
from channels.twins.wires import Cut, Severable, end_with_parent, listening

DELAY_SECONDS: Final = 5.0
STOP_SECONDS: Final = 1
MAX_AMOUNT: Final = 2**53 - 1
LINES_PER_PAGE: Final = 200


class Simulator:
    """The routes of one provider."""

    def __init__(
        self, journal: Journal, *, callback: str, secret: str, delay_seconds: float
    ) -> None:
        self._clock = Clock(journal)
        self._orders = Orders(journal)
        self._accounts = Accounts(journal)
        self._statements = Statements(self._orders, journal)
        self._callbacks = Callbacks(self._orders, self._clock, url=callback, secret=secret)
        self._controls = Controls(self._orders, self._callbacks, self._statements, self._clock)
        self._delay_seconds = delay_seconds

    def application(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/orders", self.submitted, methods=["POST"]),
                Route("/orders/{order_id:uuid}", self.asked),
                Route("/statements/{on}", self.stated),
                Route("/accounts", self.checked, methods=["POST"]),
                Route("/accounts/{account_id:uuid}/proof", self.proved, methods=["POST"]),
                *self._controls.routes(),
            ],
            lifespan=self._calling_back,
        )

    async def submitted(self, request: Request) -> Response:
        wanted = _wanted(await request.body())
        if wanted is None:
            return JSONResponse({"error": "not_an_order"}, 400)
        if self._controls.is_away:
            return _away()
        accident = fate(wanted.amount_minor).accident
        is_new = self._orders.get(wanted.id) is None
        if is_new and self._orders.strike(wanted.id, accident):
            return _away() if accident is Accident.AWAY else Cut()
        try:
            order = self._taken(wanted)
        except OtherOrder:
            return JSONResponse({"error": "order_differs"}, 409)
        if is_new:
            self._callbacks.begin(order)
            if accident is Accident.ANSWER_LOST:
                return Cut()
        return self._answer(order)

    async def asked(self, request: Request) -> Response:
        return self._answer(self._orders.get(request.path_params["order_id"]))

    async def stated(self, request: Request) -> Response:
        try:
            on = date.fromisoformat(request.path_params["on"])
            start = int(request.query_params.get("after", "0"))
        except ValueError:
            return JSONResponse({"error": "no_such_statement"}, 404)
        if self._controls.is_away:
            return _away()
        lines = self._statements.lines(on, until=self._clock())
        end = start + LINES_PER_PAGE
        following = str(end) if end < len(lines) else None
        page = {"on": on.isoformat(), "lines": lines[start:end], "next": following}
        return JSONResponse(page)

    async def checked(self, request: Request) -> Response:
        words = _object(await request.body())
        try:
            account_id, named = UUID(words["account_id"]), words.get("number") or words["token"]
        except (KeyError, ValueError, TypeError, AttributeError):
            return JSONResponse({"error": "not_an_account"}, 400)
        if self._controls.is_away:
            return _away()
        token = words.get("token")
        account = self._accounts.check(account_id, str(named)[-2:], token and str(token))
        return JSONResponse(account.answer())

    async def proved(self, request: Request) -> Response:
        amount_minor = _object(await request.body()).get("amount_minor")
        if type(amount_minor) is not int:
            return JSONResponse({"error": "not_an_amount"}, 400)
        if self._controls.is_away:
            return _away()
        account = self._accounts.prove(request.path_params["account_id"], amount_minor)
        if account is None:
            return JSONResponse({"error": "no_such_account"}, 404)
        return JSONResponse(account.answer())

    def _taken(self, wanted: Wanted) -> Order:
        now = self._clock()
        is_delayed = fate(wanted.amount_minor).later is not None
        return self._orders.take(
            wanted.id,
            wanted.kind,
            wanted.amount_minor,
            wanted.currency,
            taken_at=now,
            decides_at=now + self._delay_seconds if is_delayed else now,
        )

    def _answer(self, order: Order | None) -> Response:
        if self._controls.is_away:
            return _away()
        if order is None:
            return JSONResponse({"error": NO_SUCH_ORDER}, 404)
        return JSONResponse(order.answer(self._clock()))

    @asynccontextmanager
    async def _calling_back(self, _: Starlette) -> AsyncIterator[None]:
        async with self._callbacks:
            yield


def _away() -> Response:
    return JSONResponse({"error": MAINTENANCE}, 503)


def _wanted(body: bytes) -> Wanted | None:
    words = _object(body)
    try:
        wanted = Wanted(
            id=UUID(words["order_id"]),
            kind=OrderKind(words.get("kind", OrderKind.CHARGE)),
            amount_minor=words["amount_minor"],
            currency=words["currency"],
            token=words.get("token"),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if type(wanted.amount_minor) is not int or not 1 <= wanted.amount_minor <= MAX_AMOUNT:
        return None
    if not isinstance(wanted.currency, str) or len(wanted.currency) != 3:
        return None
    # Money that goes out has to go somewhere.
    is_aimless = wanted.kind is OrderKind.PAYOUT and not wanted.token
    return None if is_aimless else wanted


def _object(body: bytes) -> dict[str, Any]:
    try:
        words = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}


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
    simulator = Simulator(
        Journal(arguments.journal),
        callback=arguments.callback,
        secret=secret,
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

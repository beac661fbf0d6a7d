"""What tests and impatient developers may ask of the simulator, and no provider offers."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from channels.providers import NO_SUCH_ORDER
from channels.twins.callbacks import Callbacks
from channels.twins.clocks import Clock
from channels.twins.orders import Orders
from channels.twins.statements import Spoiling, Statements

MAX_AHEAD_SECONDS = 20 * 366 * 86_400


class Controls:
    """The routes under /control; `is_away` while the provider is down for maintenance."""

    def __init__(
        self, orders: Orders, callbacks: Callbacks, statements: Statements, clock: Clock
    ) -> None:
        self.is_away = False
        self._orders = orders
        self._callbacks = callbacks
        self._statements = statements
        self._clock = clock

    def routes(self) -> list[Route]:
        return [
            Route("/control/decide/{order_id:uuid}", self.decide, methods=["POST"]),
            Route("/control/maintenance", self.go_away, methods=["POST"]),
            Route("/control/clock", self.set_clock, methods=["POST"]),
            Route("/control/statement", self.spoil, methods=["POST"]),
        ]

    async def decide(self, request: Request) -> Response:
        """Ends an order's delay."""
        order, now = self._orders.get(request.path_params["order_id"]), self._clock()
        if order is None:
            return JSONResponse({"error": NO_SUCH_ORDER}, 404)
        if order.decides_at > now:
            self._orders.decide(order, now)
            self._callbacks.hurry()
        return JSONResponse(order.answer(now))

    async def go_away(self, request: Request) -> Response:
        """Goes down for maintenance (`is_away`), or comes back."""
        words = await _words(request)
        if not isinstance(words.get("is_away"), bool):
            return _not_understood()
        self.is_away = words["is_away"]
        return JSONResponse({"is_away": self.is_away})

    async def set_clock(self, request: Request) -> Response:
        """Sets the clock so many seconds ahead of the machine's (`ahead_seconds`)."""
        ahead = (await _words(request)).get("ahead_seconds")
        if not isinstance(ahead, int | float) or not abs(ahead) <= MAX_AHEAD_SECONDS:
            return _not_understood()
        self._clock.set(float(ahead))
        self._callbacks.hurry()
        return JSONResponse({"ahead_seconds": ahead})

    async def spoil(self, request: Request) -> Response:
        """Spoils what statements say of an order (`order_id`, `how`, `line`)."""
        words = await _words(request)
        try:
            order_id, how = UUID(words["order_id"]), Spoiling(words["how"])
            line = dict(words.get("line", {}))
        except (KeyError, ValueError, TypeError, AttributeError):
            return _not_understood()
        self._statements.spoil(order_id, how, line)
        return JSONResponse({"order_id": str(order_id), "how": how})


async def _words(request: Request) -> dict[str, Any]:
    try:
        words = json.loads(await request.body())
    except ValueError:
        return {}
    return words if isinstance(words, dict) else {}


def _not_understood() -> Response:
    return JSONResponse({"error": "not_understood"}, 400)

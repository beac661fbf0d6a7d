"""Sockets that speak graphql-transport-ws: many operations on one connection."""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import timedelta
from typing import Any, Final

import strawberry
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.subscriptions.protocols.graphql_transport_ws import handlers
from strawberry.types.unset import UNSET

from schema.context import Context
from server import errors, requests
from server.callers import Callers
from server.operations import Answer, Asked, Operations

OPERATIONS_PER_SOCKET: Final = 20
INIT_TIMEOUT: Final = timedelta(seconds=10)
LONGEST_ID: Final = 128


class Conversation(handlers.BaseGraphQLTransportWSHandler[Context, None]):
    """One socket: Strawberry keeps to the protocol, uPay runs what is asked by it."""

    view: Conversations

    async def handle_message(self, message: Any) -> None:
        """Closes with 4400 what is no message at all, and with a coded error one too many."""
        if not _is_message(message):
            await self.handle_invalid_message("This is not a message of graphql-transport-ws")
        elif message["type"] == "subscribe" and self._is_full(message["id"]):
            await self.send_message(_too_many(message["id"]))
        else:
            await super().handle_message(message)

    async def run_operation(self, operation: handlers.Operation[Context, None]) -> None:
        """Tells each answer as `next`; what is refused as `error`, which ends the operation."""
        # Whether the message says so in the right form was looked at when it came.
        asked = Asked(operation.query, operation.operation_name or None, operation.variables or {})
        try:
            async with aclosing(self.view.operations.stream(asked, self.context)) as answers:
                async for answer in answers:
                    await operation.send_operation_message(_message(operation.id, answer))
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except Exception as error:
            await self.handle_task_exception(error)
            await self.websocket.close(code=1011, reason="Something went wrong")
            raise

    def _is_full(self, id: str) -> bool:
        # One id twice, or an operation before the beginning, is for the protocol to refuse.
        is_new = self.connection_acknowledged and id not in self.operations
        return is_new and len(self.operations) >= OPERATIONS_PER_SOCKET


class Conversations(GraphQL[Context, None]):
    """The sockets of one API."""

    graphql_transport_ws_handler_class = Conversation

    def __init__(self, schema: strawberry.Schema, operations: Operations, callers: Callers) -> None:
        super().__init__(
            schema,
            graphql_ide=None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
            connection_init_wait_timeout=INIT_TIMEOUT,
            max_subscriptions_per_connection=None,
            allowed_origins=callers.allowed_origins,
        )
        self.operations = operations
        self._callers = callers

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        return await self._callers.by_socket(request.scope)

    async def on_ws_connect(self, context: Context) -> Any:
        """A socket shows its token as `{"authorization": "Bearer …"}`; a wrong one is refused.

        What app it is stands beside it as `client`: not every app can set headers for a socket.
        """
        params = context.connection_params or {}
        if (app := params.get("client")) is not None:
            context.client_version = app if isinstance(app, str) else ""
        shown = params.get("authorization")
        if shown is not None and not await self._callers.introduced(context, shown):
            raise ConnectionRejectionError
        return UNSET

    def encode_json(self, data: object) -> str:
        """Readable as it is."""
        return encoded(data)

    def decode_json(self, data: str | bytes) -> object:
        """As bodies are read: what is no JSON, or too deep, closes the socket."""
        try:
            return requests.decoded(data)
        except ValueError:
            raise json.JSONDecodeError("not JSON", "", 0) from None


def encoded(data: object) -> str:
    """JSON, readable as it is and short."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _message(id: str, answer: Answer) -> Any:
    payload = answer.payload()
    if answer.is_refused:
        return {"id": id, "type": "error", "payload": payload["errors"]}
    return {"id": id, "type": "next", "payload": payload}


def _too_many(id: str) -> Any:
    message = f"A socket carries {OPERATIONS_PER_SOCKET} operations at a time."
    error = errors.no("TOO_MANY_SUBSCRIPTIONS", message)
    return {"id": id, "type": "error", "payload": [error.formatted]}


def _is_message(message: Any) -> bool:
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return False
    if message["type"] in {"subscribe", "complete"}:
        id = message.get("id")
        if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID:
            return False
    return message["type"] != "subscribe" or _is_request(message.get("payload"))


def _is_request(payload: Any) -> bool:
    try:
        requests.asked(payload)
    except requests.BadRequest:
        return False
    return True

"""A provider that is spoken to in JSON over HTTP."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any, Final, Self
from uuid import UUID

import httpx2

from channels.providers import reading
from channels.providers.accounts import AccountAnswer, AccountDetails
from channels.providers.orders import AnswerLost, Order, ProviderAnswer, Unreachable
from channels.providers.statements import Statement, StatementLine

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 10.0
MAX_ANSWER_BYTES: Final = 65_536
MAX_STATEMENT_PAGES: Final = 1_000
SIMULATOR: Final = "upay-simulator"
"""The header by which a simulator says that it is one."""


class HttpProvider:
    """One provider; open during its `async with`."""

    def __init__(
        self,
        name: str,
        *,
        url: str,
        secret: str,
        connect_seconds: float = CONNECT_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.name = name
        self._answer_seconds = answer_seconds
        self._client = httpx2.AsyncClient(
            base_url=url,
            # Not gzip: the limit on an answer's size is one on what we unpack, too.
            headers={"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(answer_seconds, connect=connect_seconds),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def submit(self, order: Order) -> ProviderAnswer:
        words: dict[str, Any] = {
            "order_id": str(order.id),
            "kind": order.kind.value,
            "amount_minor": order.amount_minor,
            "currency": order.currency,
        }
        if order.token is not None:
            words["token"] = order.token
        status, raw = await self._speak("POST", "/orders", words)
        answer = reading.answer(order.id, status, raw)
        if answer is None:
            raise AnswerLost("The provider does not know the order it was just given.", raw)
        return answer

    async def ask(self, order_id: UUID) -> ProviderAnswer | None:
        return reading.answer(order_id, *await self._speak("GET", f"/orders/{order_id}"))

    async def statement(self, on: date) -> Statement:
        lines: list[StatementLine] = []
        path: str = f"/statements/{on.isoformat()}"
        after: str | None = None
        for _ in range(MAX_STATEMENT_PAGES):
            words = None if after is None else {"after": after}
            status, raw = await self._speak("GET", path, query=words)
            page, following = reading.page(on, status, raw)
            lines += page
            if following is None:
                return Statement(on, tuple(lines))
            after = following
        raise AnswerLost("The provider's statement has no end.")

    async def check_account(self, account: AccountDetails) -> AccountAnswer:
        words = {
            "account_id": str(account.id),
            "holder": account.holder,
            "currency": account.currency,
            "number": account.number,
            "token": account.token,
        }
        words = {name: value for name, value in words.items() if value is not None}
        return reading.account(account.id, *await self._speak("POST", "/accounts", words))

    async def prove_account(self, account_id: UUID, amount_minor: int) -> AccountAnswer:
        words = {"amount_minor": amount_minor}
        path = f"/accounts/{account_id}/proof"
        return reading.account(account_id, *await self._speak("POST", path, words))

    async def _speak(
        self,
        method: str,
        path: str,
        words: dict[str, Any] | None = None,
        *,
        query: dict[str, str] | None = None,
    ) -> tuple[int, str]:
        try:
            # A deadline for the whole answer: a client's timeouts begin anew with each byte.
            async with (
                asyncio.timeout(self._answer_seconds),
                self._client.stream(method, path, json=words, params=query) as response,
            ):
                return response.status_code, await _limited(response)
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
            raise Unreachable(type(error).__name__) from error
        except (httpx2.HTTPError, TimeoutError) as error:
            raise AnswerLost(f"The wire broke ({type(error).__name__}).") from error


async def is_simulator(url: str, *, patience_seconds: float = CONNECT_SECONDS) -> bool:
    """Whether a simulator answers at `url`, asked without the secret; False when nobody does."""
    try:
        async with (
            asyncio.timeout(patience_seconds),
            httpx2.AsyncClient(trust_env=False) as client,
            client.stream("GET", url) as response,
        ):
            return SIMULATOR in response.headers
    except (httpx2.HTTPError, TimeoutError):
        return False


async def _limited(response: httpx2.Response) -> str:
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise AnswerLost("The provider's answer is too long.", _text(body[:MAX_ANSWER_BYTES]))
    return _text(body)


def _text(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")

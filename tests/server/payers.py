"""Customers who pay over HTTP and repeat what got no answer, as a good client does."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import httpx2

from domain import ledger, payees, pins, transfers
from domain.money import MinorUnits
from domain.transfers import SETTLE_JOB, Arrival
from models.movements import MovementKind
from models.people import Person
from models.sessions import Audience
from models.wallets import Account
from schema.ids import Prefix, public
from tests import factories

PIN: Final = "246810"
REPEAT_SECONDS: Final = 0.02
ANSWER_SECONDS: Final = 15.0
CONFIRM: Final = """
mutation ($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) {
    __typename
    ... on TransferCompleted { transfer { id } }
    ... on TransferPending { transfer { id } }
    ... on TransferFailed { transfer { id } }
    ... on Problem { code }
  }
}
"""
_UNCERTAIN: Final = {"Busy", "OutcomeUnknown"}


@dataclass(frozen=True)
class Customer:
    """Somebody with a wallet, a PIN and an open session."""

    person: Person
    wallet: Account
    token: str
    session_id: str

    @property
    def wallet_id(self) -> str:
        return public(Prefix.WALLET, self.wallet.id)


@dataclass(frozen=True)
class Order:
    """One transfer that was prepared, and what will be shown and sent to confirm it."""

    customer: Customer
    key: str
    amount: int
    words: dict[str, Any]


@dataclass(frozen=True)
class Told:
    """What a customer was told became of an order; `movement` is the transfer's id, if any."""

    outcome: str
    movement: str | None = None


async def customer(name: str, *, holds: int = 0) -> Customer:
    """Somebody moves in, signed in on the real clock."""
    now = datetime.now(UTC)
    person = await factories.person(name)
    wallet = await factories.wallet(person, holds=holds)
    await pins.set_pin(person.id, PIN, now)
    opened = await factories.session(person, Audience.PUBLIC, now)
    return Customer(person, wallet, opened.tokens.access, str(opened.session.id))


async def order(
    by: Customer,
    payee: str,
    amount: int,
    *,
    key: str,
    pin: str = PIN,
    arrival: Arrival = Arrival.NOW,
) -> Order:
    """A transfer that waits for its confirmation."""
    wish = transfers.Wish(
        wallet_id=by.wallet.id,
        payee=payees.Named(account_name=payee),
        amount=amount,
        currency="CNY",
        arrival=arrival,
    )
    prepared = await transfers.prepare(
        wish,
        by=factories.identity(by.person, UUID(by.session_id)),
        address="",
        now=datetime.now(UTC),
    )
    words = {
        "quoteId": public(Prefix.QUOTE, prepared.shown.quote.id),
        "challengeId": public(Prefix.CHALLENGE, prepared.shown.challenge.id),
        "proof": {"pin": pin},
        "idempotencyKey": key,
    }
    return Order(by, key, amount, words)


async def sent_earlier(
    payer: Customer, payee: Customer, amount: int, *, arrives_at: datetime
) -> None:
    """A delayed transfer that was due while nobody was there to let it arrive."""
    sent_at = arrives_at - timedelta(hours=2)
    held = ledger.hold(
        ledger.Order(
            kind=MovementKind.TRANSFER,
            person_id=payer.person.id,
            source_id=payer.wallet.id,
            target_id=payee.wallet.id,
            amount=MinorUnits(amount),
            currency="CNY",
        ),
        key=factories.some_key(payer.person.id),
        at=sent_at,
        arrives_at=arrives_at,
        expires_at=arrives_at + timedelta(days=7),
        job=(SETTLE_JOB, arrives_at),
    )
    assert (await ledger.post(held)).movement is not None


@asynccontextmanager
async def line(address: str) -> AsyncIterator[Line]:
    """One connection to a server, opened anew whenever it broke."""
    limits = httpx2.Limits(max_connections=1)
    async with httpx2.AsyncClient(
        base_url=f"http://{address}", limits=limits, timeout=ANSWER_SECONDS, trust_env=False
    ) as http:
        yield Line(http)


class Line:
    """Asks one thing after the other."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http
        self.repeated: Counter[str] = Counter()

    async def ask(self, document: str, token: str | None = None, **variables: Any) -> Any:
        """The whole answer to one try."""
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        body = {"query": document, "variables": variables}
        response = await self.http.post("/graphql", json=body, headers=headers)
        if response.status_code >= 500:
            raise httpx2.RemoteProtocolError(f"answered {response.status_code}")
        return response.json()

    async def confirm(self, order: Order) -> Told:
        """Asks with the same key until there is an answer."""
        while True:
            try:
                answer = await self.ask(CONFIRM, order.customer.token, input=order.words)
            except httpx2.TransportError as error:
                self.repeated[str(error) or type(error).__name__] += 1
            else:
                told = _told(answer)
                if told.outcome not in _UNCERTAIN:
                    return told
                self.repeated[told.outcome] += 1
            await asyncio.sleep(REPEAT_SECONDS)


def _told(answer: dict[str, Any]) -> Told:
    assert "errors" not in answer, answer
    result = answer["data"]["confirmTransfer"]
    return Told(result["__typename"], result.get("transfer", {}).get("id"))

"""Top-ups: money from outside into a wallet, asked for here and fetched by a job."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, jobs, keys, ledger, provider_orders
from domain.chart import house_account
from domain.decisions import decision
from domain.ledger import Outcome
from domain.provider_orders import MessageKind
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown, Refusal
from domain.wallets import WalletClosed
from models.movements import Movement, MovementKind
from models.wallets import Account, AccountKind

SUBMIT_JOB: Final = "submit_top_up"
HEAR_JOB: Final = "hear_provider"

_provider: str | None = None


class TopUpsUnavailable(Refusal):
    """No payment provider is connected."""

    def __init__(self) -> None:
        super().__init__("No payment provider is connected.")


START_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    WalletClosed,
    TopUpsUnavailable,
    Busy,
    OutcomeUnknown,
)


def install(provider: str | None) -> None:
    """Says which provider this process's top-ups are meant for; with None they are refused."""
    global _provider
    _provider = provider


async def start(
    *, by: UUID, wallet_id: UUID, amount: int, currency: str, key: str, now: datetime
) -> Movement:
    """Makes a PENDING top-up and the job that asks the provider for the money.

    `amount` is in minor units of `currency`. The same `key` from the same person returns what
    became of the first one. A freeze, under which nothing leaves, does not keep money out.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: the wallet is not this person's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        WalletClosed: it receives nothing any more.
        TopUpsUnavailable: no provider is connected.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    digest = keys.digest("top_up", wallet_id, amount, currency)
    given = ledger.Key(owner_id=by, key=keys.checked(key), digest=digest)
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    order = await _order(by, wallet_id, amount, currency)
    if _provider is None:
        raise TopUpsUnavailable
    posted = await ledger.post(ledger.record(order, key=given, at=now, job=(SUBMIT_JOB, now)))
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    assert posted.movement is not None
    return posted.movement


async def hear(provider: str, body: bytes, now: datetime) -> None:
    """Keeps a callback whose signature was right, and has the provider asked at once.

    What the callback says is a hint and never believed.
    """
    text = body.decode("utf-8", "backslashreplace")
    async with decision() as announce:
        message = await provider_orders.keep(
            provider, MessageKind.CALLBACK, text, top_up_id=_order_id(text), now=now
        )
        await jobs.enqueue(announce, HEAR_JOB, subject_id=message.id, due_at=now)


async def _order(by: UUID, wallet_id: UUID, amount: int, currency: str) -> ledger.Order:
    wallet = await Account.get_or_none(id=wallet_id, owner_id=by, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    checked = amounts.checked(amount, currency, wallet_currency=wallet.currency)
    if wallet.closed_at is not None:
        raise WalletClosed
    return ledger.Order(
        kind=MovementKind.TOP_UP,
        person_id=by,
        source_id=house_account(AccountKind.PROVIDER_CLEARING, currency),
        target_id=wallet.id,
        amount=checked,
        currency=currency,
    )


def _order_id(text: str) -> UUID | None:
    """The order that a message names, as far as it can be read."""
    try:
        return UUID(json.loads(text)["order_id"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None

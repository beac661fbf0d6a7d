"""Transfers that have been prepared, so that a round has only to confirm them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from tortoise.models import Model

from benchmarks import asking
from benchmarks.worlds import PIN, Resident, World
from domain import transfers
from models.ids import new_id
from models.quotes import Challenge, Quote
from schema import ids

CONFIRM: Final = """
mutation Confirm($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) {
    __typename
    ... on TransferCompleted {
      transfer { id status amount { amountMinor currency } createdAt }
    }
    ... on Problem { code message }
  }
}
"""
CONFIRMED: Final = b'"__typename":"TransferCompleted"'
_LIVES: Final = timedelta(hours=1)


async def confirmations(world: World, sides: Sequence[tuple[Resident, Resident]]) -> list[bytes]:
    """Quotes and challenges are in the database afterwards; the requests that confirm them."""
    now = datetime.now(UTC)
    quotes = [_quote(payer, payee, now) for payer, payee in sides]
    challenges = [_challenge(quote) for quote in quotes]
    connection = await asyncpg.connect(world.postgres.urls.owner)
    try:
        await _copied(connection, quotes)
        await _copied(connection, challenges)
    finally:
        await connection.close()
    return [
        _request(payer, challenge) for (payer, _), challenge in zip(sides, challenges, strict=True)
    ]


def _quote(payer: Resident, payee: Resident, now: datetime) -> Quote:
    return Quote(
        id=new_id(),
        person_id=payer.person_id,
        source_id=payer.wallet_id,
        target_id=payee.wallet_id,
        payee_id=payee.person_id,
        amount=1,
        currency="CNY",
        arrival=transfers.Arrival.NOW.value,
        created_at=now,
        expires_at=now + _LIVES,
    )


def _challenge(quote: Quote) -> Challenge:
    return Challenge(
        id=new_id(),
        quote_id=quote.id,
        person_id=quote.person_id,
        digest=transfers.intent(quote),
        expires_at=quote.expires_at,
    )


def _request(payer: Resident, challenge: Challenge) -> bytes:
    given = {
        "quoteId": ids.public(ids.Prefix.QUOTE, challenge.quote_id),
        "challengeId": ids.public(ids.Prefix.CHALLENGE, challenge.id),
        "proof": {"pin": PIN},
        "idempotencyKey": challenge.id.hex,
    }
    return asking.request(CONFIRM, {"input": given}, token=payer.token)


async def _copied(connection: asyncpg.Connection, rows: Sequence[Model]) -> None:
    meta = type(rows[0])._meta
    columns = dict(meta.fields_db_projection)
    await connection.copy_records_to_table(
        meta.db_table,
        columns=list(columns.values()),
        records=[tuple(getattr(row, name) for name in columns) for row in rows],
    )

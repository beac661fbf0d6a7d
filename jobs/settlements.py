"""Settling merchants, a day after the other, and reading what the provider says it booked."""

from __future__ import annotations

import logging
from datetime import datetime

from channels.providers import Provider, StatementLine
from domain import merchant_settlements, reconciliation
from domain.reconciliation import Booking
from models.jobs import Job
from models.statements import BookingKind

_log = logging.getLogger(__name__)


async def find_accounts_to_settle(job: Job, now: datetime) -> None:
    """Asks for tomorrow's look first, so that no failure ends the row of days; then looks."""
    await merchant_settlements.schedule(now)
    found = await merchant_settlements.scan(job)
    if found:
        _log.info("settlements: %s accounts are looked at", found)


async def settle_merchant_account(job: Job, now: datetime) -> None:
    """Settles one account up to the day before the job was due; repeated, it changes nothing."""
    await merchant_settlements.settle(job.subject_id, merchant_settlements.settled_day(job), now)


async def fetch_statement(job: Job, now: datetime, *, provider: Provider) -> None:
    """Fetches the provider's statement of a day, and of those before that were missed; compares.

    Asks for tomorrow's first, so that no failure ends the row of days.
    """
    await reconciliation.schedule(now)
    day = reconciliation.fetched_day(job)
    for each in [*await reconciliation.missed_days(provider.name, day), day]:
        statement = await provider.statement(each)
        bookings = [_booking(line) for line in statement.lines]
        found = await reconciliation.keep(provider.name, each, bookings, now)
        if found:
            _log.error("statement of %s: %s differences from our books", each, len(found))


def _booking(line: StatementLine) -> Booking:
    return Booking(
        reference=line.reference,
        order_id=line.order_id,
        kind=BookingKind(line.kind.value),
        amount=line.amount_minor,
        fee=line.fee_minor,
        currency=line.currency,
        booked_at=line.booked_at,
    )

"""Taking away, once a day, what is past its day."""

from __future__ import annotations

import logging
from datetime import datetime

from domain import retention
from models.jobs import Job

_log = logging.getLogger(__name__)


async def purge(_: Job, now: datetime) -> None:
    """Asks for tomorrow's first, so that no failure ends the row of days; then purges."""
    await retention.schedule(now)
    for rule in retention.RULES:
        gone = await retention.purge(rule, now)
        if gone:
            _log.info("retention: %s %s of %s days were taken away", gone, rule.name, rule.days)

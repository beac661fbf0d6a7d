"""The secrets that sign webhooks: made here, shown once, sealed ever after, replaced gently."""

from __future__ import annotations

import base64
import logging
import os
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from tortoise.connection import get_connection
from tortoise.expressions import Q

from domain import secrets
from domain.decisions import decision
from models.ids import new_id
from models.webhooks import WebhookSecret

OVERLAP: Final = timedelta(hours=24)
"""For so long a replaced secret signs beside the one that took its place."""

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
ALIVE_MAX: Final = 4
"""However often somebody rotates: each signature is a line of a header that cannot grow."""

_PURPOSE: Final = "webhook-secret"
_log = logging.getLogger(__name__)


async def make(endpoint_id: UUID, now: datetime) -> str:
    """A secret for an endpoint, as its owner sees it once: `whsec_` and base64 of 32 bytes."""
    plain = os.urandom(SECRET_BYTES)
    await WebhookSecret.create(
        id=new_id(),
        endpoint_id=endpoint_id,
        sealed_secret=secrets.seal(_PURPOSE, plain),
        made_at=now,
    )
    return PREFIX + base64.b64encode(plain).decode()


async def replace(endpoint_id: UUID, now: datetime) -> tuple[str, datetime]:
    """As `make`, for an endpoint that is locked; and until when those before it sign as well."""
    until = now + OVERLAP
    older = WebhookSecret.filter(endpoint_id=endpoint_id)
    await older.filter(expires_at__lte=now).delete()
    await older.filter(expires_at__isnull=True).update(expires_at=until)
    kept = await older.order_by("-made_at", "-id").limit(ALIVE_MAX - 1).values_list("id", flat=True)
    await older.exclude(id__in=list(kept)).delete()
    return await make(endpoint_id, now), until


async def alive(endpoint_id: UUID, now: datetime) -> list[bytes]:
    """The secrets that sign at this moment, the newest first; those of a lost key are left out."""
    rows = await WebhookSecret.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), endpoint_id=endpoint_id
    ).order_by("-made_at", "-id")
    found = []
    for row in rows:
        try:
            found.append(secrets.unseal(_PURPOSE, row.sealed_secret))
        except InvalidTag:
            _log.error("Webhook secret %s cannot be opened with the keys there are.", row.id)
    return found


# Whoever is replacing one at this moment is not waited for.
_SEALED_BEFORE: Final = """
    SELECT id, sealed_secret FROM webhook_secrets
    WHERE substr(sealed_secret, 2, get_byte(sealed_secret, 0)) = ANY ($1)
    ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
"""


async def reseal(*, limit: int) -> int:
    """Seals up to `limit` secrets of older keys with the server's current one; returns how many.

    Raises:
        InvalidTag: a secret was not sealed with the key of that id; this batch stays as it was.
    """
    older = [key_id.encode() for key_id in secrets.key_ids()[1:]]
    async with decision():
        rows = await get_connection("default").execute_query_dict(_SEALED_BEFORE, [older, limit])
        for row in rows:
            plain = secrets.unseal(_PURPOSE, row["sealed_secret"])
            sealed = secrets.seal(_PURPOSE, plain)
            await WebhookSecret.filter(id=row["id"]).update(sealed_secret=sealed)
    return len(rows)

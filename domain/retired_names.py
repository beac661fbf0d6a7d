"""Retired names: account names of closed accounts, which nobody gets again.

Whoever paid somebody by name must not pay a stranger one day. The name itself is not kept: only a
MAC of it, with the server's key, which tells nothing to whoever has the database alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from domain import secrets
from models.retired_names import RetiredName

_PURPOSE: Final = "retired-name"


async def retire(account_name: str, now: datetime) -> None:
    """Gives the name to nobody again; joins the caller's decision."""
    key_id = secrets.current_key_id()
    await RetiredName.create(mac=_mac(account_name, key_id), key_id=key_id, retired_at=now)


async def is_retired(account_name: str) -> bool:
    """Whether it was somebody's; names come in their folded form."""
    macs = [_mac(account_name, key_id) for key_id in secrets.key_ids()]
    return await RetiredName.exists(mac__in=macs)


def _mac(account_name: str, key_id: str) -> str:
    return secrets.mac(_PURPOSE, account_name.encode(), key_id=key_id).hex()

"""Keys that the database needs and the server has not: noticed at its start, not at a payment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

from domain import key_uses
from domain.key_uses import KeyUse
from models.database import connected
from server.keys import SecretKey
from server.refusals import Refused

WORDS: Final = {
    "pins": "PINs",
    "totps": "second factors",
    "recovery_sets": "recovery sets",
    "sealed_files": "sealed files",
    "webhook_secrets": "webhook secrets",
    "retired_names": "retired names",
    "chain_anchors": "anchors",
}


async def refuse_lost(keys: Sequence[SecretKey], url: str) -> None:
    """Raises:
    Refused: something in the database at `url` was kept with a key that is not among `keys`.
    """
    async with connected(url, pool_size=1):
        uses = [use for use in await key_uses.counted() if use.is_vital]
    lost = missing(uses, {key.id for key in keys})
    if lost:
        key_id, *_ = lost
        raise Refused(
            f"The key {key_id} is not among the secret keys, and {needed(uses, key_id)} were kept "
            "with it: bring it back, behind the one in use; should it be lost for good, "
            f"`python -m server keys forget {key_id}` takes those away."
        )


def missing(uses: Collection[KeyUse], known: Collection[str]) -> list[str]:
    """The ids of the keys that are needed and not known."""
    return sorted({use.key_id for use in uses} - set(known))


def needed(uses: Collection[KeyUse], key_id: str) -> str:
    """What needs this key, for people, such as `2 PINs, 1 second factors`."""
    return ", ".join(f"{use.rows} {WORDS[use.place]}" for use in uses if use.key_id == key_id)


def rows_by_key(uses: Collection[KeyUse]) -> dict[str, dict[str, int]]:
    """How many rows of each place need each key."""
    by_key: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for use in uses:
        by_key[use.key_id][use.place] = use.rows
    return dict(by_key)

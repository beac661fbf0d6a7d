"""Fresh proofs: what somebody showed in this session a moment ago, asked for before grave steps.

A token alone opens a session for a month. What could take an account away needs more than that.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain.refusals import Refusal
from models.sessions import SessionProof

if TYPE_CHECKING:
    from domain.sessions import Identity

FRESH_FOR: Final = timedelta(minutes=10)


class Factor(StrEnum):
    """One way to prove that it is you."""

    PASSWORD = "password"  # noqa: S105 - a kind
    PIN = "pin"
    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"
    CONTACT_CODE = "contact_code"
    PASSKEY = "passkey"


_PROVES: Final = {
    Factor.PASSWORD: {"knowledge"},
    Factor.PIN: {"knowledge"},
    Factor.TOTP: {"possession"},
    Factor.RECOVERY_CODE: {"possession"},
    Factor.CONTACT_CODE: {"reach"},
    Factor.PASSKEY: {"possession", "inherence"},
}
"""A passkey with user verification is two things at once; a password and a PIN are one."""


class ProofNeeded(Refusal):
    """More must be proved within this session: `count` different kinds of proof in ten minutes.

    Those of `without` do not count for this.
    """

    def __init__(self, count: int, without: Collection[Factor] = ()) -> None:
        super().__init__("Please prove again that it is you.")
        self.count = count
        self.without = sorted(without)


async def note(session_id: UUID, *factors: Factor, now: datetime) -> None:
    """Remembers what was just proved in a session; joins the caller's decision."""
    for factor in factors:
        await SessionProof.bulk_create(
            [SessionProof(session_id=session_id, factor=factor, proved_at=now)],
            on_conflict=("session_id", "factor"),
            update_fields=("proved_at",),
        )


async def require(
    by: Identity, now: datetime, *, count: int = 1, without: Collection[Factor] = ()
) -> None:
    """Returns when `count` different kinds of proof are fresh in this session.

    What must not vouch for itself is left out by `without`, such as the PIN where it is reset.

    Raises:
        ProofNeeded: they are not.
    """
    # On the connection of a decision that is open: a second one might never come.
    fresh = await get_connection("default").execute_query_dict(
        "SELECT factor FROM session_proofs WHERE session_id = $1 AND proved_at > $2",
        [by.session_id, now - FRESH_FOR],
    )
    kinds: set[str] = set()
    for row in fresh:
        factor = Factor(row["factor"])
        if factor not in without:
            kinds |= _PROVES[factor]
    if len(kinds) < count:
        raise ProofNeeded(count, without)

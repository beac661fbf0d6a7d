"""What happens to an account: written down with it, told to its owner by a letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from domain import jobs, links
from domain.decisions import Announce
from models.ids import new_id
from models.links import LinkKind
from models.security_events import EventKind, SecurityEvent

TELL_JOB: Final = "tell_security_event"

UNTOLD: Final = frozenset(
    {
        EventKind.SESSION_ENDED,
        EventKind.DEVICE_FORGOTTEN,
        EventKind.EXPORT_ASKED,
        EventKind.VERIFICATION_ASKED,
        EventKind.LIMIT_LOWERED,
        EventKind.PIN_SET,
    }
)
"""What only the list shows: the person has just done it, and nobody gains by it."""

OFFER_A_FREEZE: Final = frozenset(
    {
        EventKind.SIGNED_IN_ON_NEW_DEVICE,
        EventKind.PASSWORD_CHANGED,
        EventKind.PASSWORD_RESET,
        EventKind.PIN_CHANGED,
        EventKind.PIN_RESET,
        EventKind.TOTP_ADDED,
        EventKind.TOTP_REMOVED,
        EventKind.RECOVERY_CODE_USED,
        EventKind.RECOVERY_CODES_MADE,
        EventKind.PASSKEY_ADDED,
        EventKind.PASSKEY_REMOVED,
        EventKind.FACTOR_LOSS_REPORTED,
        EventKind.FACTORS_CLEARED,
        EventKind.CONTACT_ADDED,
        EventKind.CONTACT_LEAVING,
        EventKind.CONTACT_REMOVED,
        EventKind.LIMIT_RAISE_ASKED,
        EventKind.UNFROZEN,
        EventKind.PHRASE_CHANGED,
        EventKind.EXPORT_READY,
        EventKind.BANK_ACCOUNT_ADDED,
        EventKind.BANK_ACCOUNT_REMOVED,
    }
)
"""What somebody else may have done: the letter has a link that freezes at once."""


async def record(
    announce: Announce,
    kind: EventKind,
    *,
    person_id: UUID,
    now: datetime,
    session_id: UUID | None = None,
    address: str = "",
    **detail: Any,
) -> SecurityEvent:
    """Writes down what happened, in the decision that does it, and asks for the letter about it.

    `detail` holds codes, ids and masked values, never a secret. Letters go to every contact that is
    verified when the letter is written.
    """
    event = await SecurityEvent.create(
        id=new_id(),
        person_id=person_id,
        kind=kind,
        session_id=session_id,
        address=address,
        detail=detail,
        at=now,
    )
    if kind in OFFER_A_FREEZE:
        await links.make(LinkKind.FREEZE, person_id=person_id, subject_id=event.id, now=now)
    if kind not in UNTOLD:
        await jobs.enqueue(announce, TELL_JOB, subject_id=event.id, due_at=now)
    return event

"""The payment PIN: six digits kept as a keyed digest, guessed at most five times in a row.

A slow hash could not save six digits once the database is stolen; a key that is not in the
database can, and costs a payment nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import secrets, security_events
from domain.decisions import decision
from domain.refusals import Refusal
from models.database import client
from models.people import Pin
from models.security_events import EventKind

MAX_WRONG_TRIES: Final = 5
LOCKS: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=24))
"""How long the first, the second, and every further lock lasts; a right PIN starts over."""


class PinNotSet(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no payment PIN yet.")


class PinAlreadySet(Refusal):
    def __init__(self) -> None:
        super().__init__("A payment PIN is set already.")


class PinTooSimple(Refusal):
    """Not six digits, or six that everybody guesses first: all alike, or a row up or down."""

    def __init__(self) -> None:
        super().__init__("A PIN is six digits that are neither a row nor all alike.")


class WrongPin(Refusal):
    """`tries_left` more may be guessed before the PIN is locked."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("The PIN is wrong.")
        self.tries_left = tries_left


class PinLocked(Refusal):
    """No guess is looked at before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__("The PIN is locked.")
        self.until = until


SET_REFUSALS: Final = (PinTooSimple, PinAlreadySet)
CHANGE_REFUSALS: Final = (PinTooSimple, PinNotSet, WrongPin, PinLocked)

_TRY: Final = """
    SELECT true AS has_pin, is_right, wrong_tries, locked_until
    FROM pins_try(ARRAY[($1, $2)::pin_try], $3, $4, $5, $6)
"""


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try ended that is committed; `wrong_tries` since the last right one."""

    has_pin: bool
    is_right: bool
    wrong_tries: int
    locked_until: datetime | None

    @classmethod
    def of(cls, row: Mapping[str, Any], at: datetime) -> Tried:
        """From a row of `pins` as it is after the try; a lock that is over is none."""
        until = row["locked_until"]
        locked_until = until if until is not None and until > at else None
        return cls(row["has_pin"], row["is_right"], row["wrong_tries"], locked_until)

    def require(self) -> None:
        """Returns when the PIN was right.

        Raises:
            PinNotSet: there is none.
            PinLocked: it is locked, or was by this try.
            WrongPin: it is wrong, and more tries are left.
        """
        if not self.has_pin:
            raise PinNotSet
        if self.locked_until is not None:
            raise PinLocked(self.locked_until)
        if not self.is_right:
            raise WrongPin(MAX_WRONG_TRIES - self.wrong_tries)


async def set_pin(
    person_id: UUID, pin: str, now: datetime, *, session_id: UUID | None = None, address: str = ""
) -> None:
    """Sets the first PIN of a person.

    Raises:
        PinTooSimple: see there.
        PinAlreadySet: there is one; `change_pin` wants to see it.
    """
    check_strength(pin)
    key_id = secrets.current_key_id()
    async with decision() as announce:
        rows = await get_connection("default").execute_query_dict(
            "INSERT INTO pins (person_id, mac, key_id, set_at) VALUES ($1, $2, $3, $4) "
            "ON CONFLICT DO NOTHING RETURNING person_id",
            [person_id, _mac(person_id, pin, key_id), key_id, now],
        )
        if not rows:
            raise PinAlreadySet
        await security_events.record(
            announce,
            EventKind.PIN_SET,
            person_id=person_id,
            now=now,
            session_id=session_id,
            address=address,
        )


async def change_pin(
    person_id: UUID,
    current: str,
    new: str,
    now: datetime,
    *,
    session_id: UUID | None = None,
    address: str = "",
) -> None:
    """Replaces the PIN after the current one was shown.

    Raises:
        PinTooSimple: see there; the current one was not looked at.
        PinNotSet, WrongPin, PinLocked: as `prove`.
    """
    check_strength(new)
    proved = await _prove(person_id, current, now)
    key_id = secrets.current_key_id()
    async with decision() as announce:
        changed = await Pin.filter(person_id=person_id, mac=proved).update(
            mac=_mac(person_id, new, key_id), key_id=key_id, set_at=now
        )
        if changed:
            await security_events.record(
                announce,
                EventKind.PIN_CHANGED,
                person_id=person_id,
                now=now,
                session_id=session_id,
                address=address,
            )
            return
    # It was changed elsewhere a moment ago, so that `current` is most likely wrong by now.
    await change_pin(person_id, current, new, now, session_id=session_id, address=address)


async def prove(person_id: UUID, pin: str, now: datetime) -> None:
    """Returns when the PIN is right; the try is committed before anybody learns that it is not.

    Not for use inside a decision, which could roll the try back.

    Raises:
        PinNotSet: there is none.
        WrongPin: it is wrong, and more tries are left.
        PinLocked: it is locked, or was by this try.
    """
    await _prove(person_id, pin, now)


async def _prove(person_id: UUID, pin: str, now: datetime) -> bytes:
    """As `prove`; returns the digest of the right PIN, which is with the current key by then."""
    key_ids = secrets.key_ids()
    shown = macs(person_id, pin, key_ids)
    row = await client().pool.fetchrow(
        _TRY, person_id, shown, key_ids, now, MAX_WRONG_TRIES, list(LOCKS)
    )
    if row is None:
        raise PinNotSet
    Tried.of(row, now).require()
    return shown[0]


def macs(person_id: UUID, pin: str, key_ids: Sequence[str]) -> list[bytes]:
    """The digests of what was shown, one for each key, in the order of the keys."""
    return [_mac(person_id, pin, key_id) for key_id in key_ids]


def _mac(person_id: UUID, pin: str, key_id: str) -> bytes:
    return secrets.mac("pin", person_id.bytes + secrets.as_bytes(pin[:64]), key_id=key_id)


def check_strength(pin: str) -> None:
    """Whether six digits may be somebody's PIN.

    Raises:
        PinTooSimple: see there.
    """
    if len(pin) != 6 or not pin.isascii() or not pin.isdigit():
        raise PinTooSimple
    steps = {int(right) - int(left) for left, right in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise PinTooSimple

"""The payment PIN: six digits kept as a keyed digest, guessed at most five times in a row.

A slow hash could not save six digits once the database is stolen; a key that is not in the
database can, and costs a payment nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from domain import secrets
from domain.refusals import Refusal
from models.database import client
from models.people import Pin

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

# One statement counts the try, compares, and locks: its row lock lets no two guesses share a try.
_TRY: Final = """
    UPDATE pins SET
        wrong_tries = CASE WHEN mac = $2 OR wrong_tries + 1 >= $4 THEN 0 ELSE wrong_tries + 1 END,
        lockouts = CASE WHEN mac = $2 THEN 0 WHEN wrong_tries + 1 >= $4 THEN lockouts + 1
                   ELSE lockouts END,
        locked_until = CASE WHEN mac <> $2 AND wrong_tries + 1 >= $4
                       THEN $3 + ($5::interval[])[least(lockouts + 1, cardinality($5))] END
    WHERE person_id = $1 AND (locked_until IS NULL OR locked_until <= $3)
    RETURNING mac = $2 AS is_right, wrong_tries, locked_until
"""


async def set_pin(person_id: UUID, pin: str, now: datetime) -> None:
    """Sets the first PIN of a person.

    Raises:
        PinTooSimple: see there.
        PinAlreadySet: there is one; `change_pin` wants to see it.
    """
    _check_strength(pin)
    key_id = secrets.current_key_id()
    rows = await client().execute_query_dict(
        "INSERT INTO pins (person_id, mac, key_id, set_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT DO NOTHING RETURNING person_id",
        [person_id, _mac(person_id, pin, key_id), key_id, now],
    )
    if not rows:
        raise PinAlreadySet


async def change_pin(person_id: UUID, current: str, new: str, now: datetime) -> None:
    """Replaces the PIN after the current one was shown.

    Raises:
        PinTooSimple: see there; the current one was not looked at.
        PinNotSet, WrongPin, PinLocked: as `prove`.
    """
    _check_strength(new)
    proved = await _prove(person_id, current, now)
    key_id = secrets.current_key_id()
    changed = await Pin.filter(person_id=person_id, mac=proved).update(
        mac=_mac(person_id, new, key_id), key_id=key_id, set_at=now
    )
    if not changed:
        # It was changed elsewhere a moment ago, so that `current` is most likely wrong by now.
        await change_pin(person_id, current, new, now)


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
    """As `prove`; returns the digest that was right."""
    kept = await Pin.get_or_none(person_id=person_id)
    if kept is None:
        raise PinNotSet
    shown = _mac(person_id, pin, kept.key_id)
    rows = await client().execute_query_dict(
        _TRY, [person_id, shown, now, MAX_WRONG_TRIES, list(LOCKS)]
    )
    if not rows:
        locked = await Pin.get(person_id=person_id)
        raise PinLocked(locked.locked_until or now)
    [tried] = rows
    if tried["is_right"]:
        return shown
    if tried["locked_until"] is not None:
        raise PinLocked(tried["locked_until"])
    raise WrongPin(MAX_WRONG_TRIES - tried["wrong_tries"])


def _mac(person_id: UUID, pin: str, key_id: str) -> bytes:
    return secrets.mac("pin", person_id.bytes + secrets.as_bytes(pin[:64]), key_id=key_id)


def _check_strength(pin: str) -> None:
    if len(pin) != 6 or not pin.isascii() or not pin.isdigit():
        raise PinTooSimple
    steps = {int(right) - int(left) for left, right in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise PinTooSimple

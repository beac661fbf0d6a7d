"""Guards at the door: how often somebody guessed wrong, and until when no guess is looked at.

There are three. The account's own counts whoever guesses at its password; a stranger can lock it,
so a device that its owner signed in on before has one for itself. Codes of a second factor are
counted apart from passwords. An address has one over all accounts, against whoever tries one
password on many names. None of them stands before a passkey or a password reset.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

from tortoise.connection import get_connection

from domain import jobs, secrets
from domain.decisions import decision
from domain.refusals import Refusal
from models.people import GuardedFactor

MAX_WRONG_TRIES: Final = 10
MAX_WRONG_CODES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
TELL_JOB: Final = "tell_sign_in_lock"
TOLD_AFTER: Final = timedelta(minutes=1)
"""By then it is known whether the last try was right after all."""

ADDRESS_MAX_WRONG_TRIES: Final = 100
ADDRESS_WINDOW: Final = timedelta(minutes=15)
ADDRESS_SLOTS: Final = 1_048_576
IPV6_PREFIX: Final = 64
"""What one household gets; whoever has it can use all of its addresses."""

_MOST: Final = {
    GuardedFactor.PASSWORD: MAX_WRONG_TRIES,
    GuardedFactor.CODE: MAX_WRONG_CODES,
}


class SignInWay(StrEnum):
    """What somebody can do who is not let in; said alike of names that exist and that do not."""

    TRY_AGAIN_LATER = "try_again_later"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a way
    OTHER_FACTOR = "other_factor"
    CONTACT_SUPPORT = "contact_support"


class SignInLocked(Refusal):
    """Guessed wrong too often; no guess is looked at before `until`."""

    ways = (
        SignInWay.TRY_AGAIN_LATER,
        SignInWay.RESET_PASSWORD,
        SignInWay.OTHER_FACTOR,
        SignInWay.CONTACT_SUPPORT,
    )

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many wrong tries.")
        self.until = until


class SignInThrottled(Refusal):
    """Too many wrong tries came from this network address; none is looked at before `until`."""

    ways = (SignInWay.TRY_AGAIN_LATER, SignInWay.OTHER_FACTOR, SignInWay.CONTACT_SUPPORT)

    def __init__(self, until: datetime) -> None:
        super().__init__("Too many wrong tries from this network.")
        self.until = until


# Counted before anything is compared: parallel guesses share the tries, however many there are.
_TAKE_TRY: Final = """
    INSERT INTO sign_in_guards AS g (subject_id, person_id, factor, wrong_tries)
    VALUES ($1, $5, $6, 1)
    ON CONFLICT (subject_id) DO UPDATE SET
        wrong_tries = CASE WHEN g.locked_until IS NOT NULL THEN 1 ELSE g.wrong_tries + 1 END,
        locked_until = CASE WHEN g.locked_until IS NULL AND g.wrong_tries + 1 >= $3
                       THEN $2::timestamptz + $4::interval END
    WHERE g.locked_until IS NULL OR g.locked_until <= $2
    RETURNING locked_until
"""
_TAKE_TRY_FROM: Final = """
    INSERT INTO address_guards AS g (slot, wrong_tries, began_at) VALUES ($1, 1, $2)
    ON CONFLICT (slot) DO UPDATE SET
        wrong_tries = CASE WHEN g.began_at <= $3 THEN 1 ELSE g.wrong_tries + 1 END,
        began_at = CASE WHEN g.began_at <= $3 THEN $2 ELSE g.began_at END
    WHERE g.began_at <= $3 OR g.wrong_tries < $4
    RETURNING wrong_tries
"""


async def take_try(
    subject_id: UUID,
    now: datetime,
    *,
    person_id: UUID | None = None,
    factor: GuardedFactor = GuardedFactor.PASSWORD,
    address: str = "",
) -> None:
    """Counts a try that is about to be made, and commits it unless the caller has a decision.

    `subject_id` is a person, one of their devices or sessions (then `person_id` says whose), or
    `stranger`. The try that locks asks for the job that tells the owner, and costs the same where
    there is none.

    Raises:
        SignInLocked: ten passwords were wrong, or five codes; the lock ends by itself.
    """
    if factor is GuardedFactor.CODE:
        person_id, subject_id = person_id or subject_id, _of_codes(subject_id)
    async with decision() as announce:
        tried = await _asked(
            _TAKE_TRY, [subject_id, now, _MOST[factor], LOCKED_FOR, person_id, factor.value]
        )
        if not tried:
            locked = "SELECT locked_until FROM sign_in_guards WHERE subject_id = $1"
            [guard] = await _asked(locked, [subject_id])
            raise SignInLocked(guard["locked_until"])
        if tried[0]["locked_until"] is not None:
            await jobs.enqueue(
                announce,
                TELL_JOB,
                subject_id=subject_id,
                due_at=now + TOLD_AFTER,
                payload={"address": address},
            )


async def take_try_from(address: str, now: datetime) -> None:
    """Counts a try from a network address, in the decision that counts it at the account's guard.

    Of an IPv6 address the first 64 bits count. Nothing is known of where an empty one is from: all
    of them share one guard.

    Raises:
        SignInThrottled: a hundred were wrong within a quarter of an hour, at whichever accounts.
    """
    slot = _slot(address)
    is_left = await _asked(
        _TAKE_TRY_FROM, [slot, now, now - ADDRESS_WINDOW, ADDRESS_MAX_WRONG_TRIES]
    )
    if not is_left:
        [guard] = await _asked("SELECT began_at FROM address_guards WHERE slot = $1", [slot])
        raise SignInThrottled(guard["began_at"] + ADDRESS_WINDOW)


async def give_back(address: str) -> None:
    """Takes back the one try of whoever got in; the wrong ones from their address stay counted."""
    await _asked(
        "UPDATE address_guards SET wrong_tries = wrong_tries - 1 "
        "WHERE slot = $1 AND wrong_tries > 0",
        [_slot(address)],
    )


async def forget_tries(subject_id: UUID, *, factor: GuardedFactor = GuardedFactor.PASSWORD) -> None:
    """Starts the count over, for whoever got in or chose another password.

    Of a person: their own guard and those of all their devices. Codes of a second factor are left
    as they are: who can reset a password must not get more guesses at the second factor by it.
    """
    if factor is GuardedFactor.CODE:
        subject_id = _of_codes(subject_id)
    await _asked(
        "UPDATE sign_in_guards SET wrong_tries = 0, locked_until = NULL "
        "WHERE (subject_id = $1 OR person_id = $1) AND factor = $2",
        [subject_id, factor.value],
    )


def stranger(name: str) -> UUID:
    """Whose tries are counted when nobody has the name: one of 65,536 that all such names share.

    Without them a lock would tell who has an account; with one for each name, guessing names
    would fill the table.
    """
    drawn = secrets.mac("sign-in-guard", name.encode())
    return UUID(bytes=bytes(14) + drawn[:2])


def _of_codes(subject_id: UUID) -> UUID:
    return uuid5(subject_id, "codes")


def _slot(address: str) -> int:
    """Drawn with the server's key, so that nobody can choose whom they share one with."""
    drawn = secrets.mac("address-guard", secrets.as_bytes(network(address)))
    return int.from_bytes(drawn[:4]) % ADDRESS_SLOTS


def network(address: str) -> str:
    """Whom an address is counted as: itself, or of IPv6 the network that one household has."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(known, ipaddress.IPv4Address):
        return str(known)
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(known), IPV6_PREFIX), strict=False))


async def _asked(statement: str, values: list[Any]) -> list[dict[str, Any]]:
    """Within the caller's decision, if there is one."""
    return await get_connection("default").execute_query_dict(statement, values)

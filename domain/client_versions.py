"""Which versions of the apps uPay still speaks with, and which it would rather meet."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from domain import audit, texts
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.client_versions import ClientVersion
from models.people import Role

Version: TypeAlias = tuple[int, ...]
"""The numbers of a version without zeros at its end: 4.2 and 4.2.0 are one."""

LONGEST: Final = 27
NOTES_MAX: Final = 500
URL_MAX: Final = 500
_SPELLING: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_DECIDERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})


class VersionInvalid(Refusal):
    """A version is one to four whole numbers of at most six digits, with dots between them."""

    def __init__(self) -> None:
        super().__init__("A version is like 4.2.1.")


class VersionsReversed(Refusal):
    """The minimum is higher than the recommended version."""

    def __init__(self) -> None:
        super().__init__("The minimum is higher than the recommended version.")


class UpdateNotesInvalid(Refusal):
    """Notes are 1 to 500 characters of visible text in each language."""

    def __init__(self) -> None:
        super().__init__("Notes are 1 to 500 characters of visible text.")


class UpdateUrlInvalid(Refusal):
    """Where an update is to be had is an https address of at most 500 characters."""

    def __init__(self) -> None:
        super().__init__("The address of an update begins with https://.")


JUDGE_REFUSALS: Final = (VersionInvalid,)
SET_REFUSALS: Final = (
    audit.ReasonRequired,
    VersionInvalid,
    VersionsReversed,
    UpdateNotesInvalid,
    UpdateUrlInvalid,
)


class Standing(StrEnum):
    """How a version stands to the policy of its platform."""

    CURRENT = "current"
    UPDATE_RECOMMENDED = "update_recommended"
    OUTDATED = "outdated"


def parsed(text: str) -> Version:
    """The numbers of a version, to be compared.

    Raises:
        VersionInvalid: it is none.
    """
    if len(text) > LONGEST or not _SPELLING.fullmatch(text):
        raise VersionInvalid
    numbers = [int(number) for number in text.split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def judged(version: Version, policy: ClientVersion | None) -> Standing:
    """How a version stands; without a policy every one is current."""
    if policy is None or version >= parsed(policy.recommended):
        return Standing.CURRENT
    if version >= parsed(policy.minimum):
        return Standing.UPDATE_RECOMMENDED
    return Standing.OUTDATED


async def policies(*, by: Identity) -> list[ClientVersion]:
    """The policies of all platforms that have one.

    Raises:
        NotFound: whoever asks does not work at the desk.
    """
    if not by.role.is_desk:
        raise NotFound
    return await ClientVersion.all().order_by("platform")


async def set_policy(*, by: Identity, wanted: ClientVersion, reason: str, now: datetime) -> None:
    """Makes `wanted` the policy of its platform; every server follows within five seconds.

    Raises:
        NotFound: whoever asks is neither supervisor nor admin.
        ReasonRequired, VersionInvalid, VersionsReversed, UpdateNotesInvalid, UpdateUrlInvalid: see
            there.
    """
    if by.role not in _DECIDERS:
        raise NotFound
    why = audit.reason(reason)
    _check(wanted)
    wanted.changed_by, wanted.changed_at = by.person_id, now
    async with decision():
        before = await ClientVersion.filter(platform=wanted.platform).select_for_update().first()
        await ClientVersion.bulk_create(
            [wanted],
            on_conflict=["platform"],
            update_fields=[name for name in ClientVersion._meta.db_fields if name != "platform"],
        )
        await audit.record(
            actor_id=by.person_id,
            action="set_client_version",
            subject_id=None,
            reason=why,
            now=now,
            platform=wanted.platform.value,
            before=None if before is None else [before.minimum, before.recommended],
            after=[wanted.minimum, wanted.recommended],
        )


def _check(wanted: ClientVersion) -> None:
    if parsed(wanted.minimum) > parsed(wanted.recommended):
        raise VersionsReversed
    for notes in (wanted.notes_zh, wanted.notes_en):
        if len(notes) > NOTES_MAX or not notes.strip() or not texts.is_seen(notes):
            raise UpdateNotesInvalid
    if len(wanted.url) > URL_MAX or not _is_address(wanted.url):
        raise UpdateUrlInvalid


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return is_plain and parts.scheme == "https" and bool(parts.hostname) and not parts.username

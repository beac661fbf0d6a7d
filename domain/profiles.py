"""Profiles: what somebody is called, the language they read, and where their day begins."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from domain import names, reserved_names
from domain.decisions import decision
from models.people import Person

UPDATE_REFUSALS: Final = (
    names.DisplayNameInvalid,
    reserved_names.DisplayNameReserved,
    names.TimeZoneInvalid,
)


async def update(
    person_id: UUID,
    *,
    display_name: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
) -> Person:
    """Changes what is not None of somebody's own profile, all of it or nothing.

    A day begins in their zone: what a limit counts by the day is counted anew from the next day of
    the zone they chose. Sessions that are open read the profile again within seconds.

    Raises:
        DisplayNameInvalid, DisplayNameReserved, TimeZoneInvalid: see there.
    """
    changes: dict[str, str] = {}
    if display_name is not None:
        changes["display_name"] = checked_display_name(display_name)
    if locale is not None:
        assert locale in names.LOCALES, "the API knows no other language"
        changes["locale"] = locale
    if time_zone is not None:
        changes["time_zone"] = names.time_zone(time_zone)
    async with decision():
        if changes:
            await Person.filter(id=person_id).update(**changes)
        return await Person.get(id=person_id)


def checked_display_name(text: str) -> str:
    """A name that people outside uPay may show, in one spelling.

    Raises:
        DisplayNameInvalid, DisplayNameReserved: see there.
    """
    shown = names.display_name(text)
    reserved_names.refuse(shown)
    return shown

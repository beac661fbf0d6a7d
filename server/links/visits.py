"""A visit to the page behind a link: whose it is, from where, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from models.links import Link
from models.people import Person
from schema.texts import Language
from server.links.sheets import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Somebody who has a link that is alive; `address` is their network address."""

    link: Link
    token: str
    person: Person
    language: Language
    address: str
    now: datetime


class Page(Protocol):
    """What one kind of link does. Showing changes nothing, however often it is asked for."""

    async def shown(self, visit: Visit) -> Sheet:
        """What it would do, with a form."""

    async def sent(self, visit: Visit, said: Mapping[str, str]) -> Sheet:
        """What it did, or the form again.

        Raises:
            LinkDead, ResetDead: somebody was faster, or it is void.
        """

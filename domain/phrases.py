"""Phrases: what somebody recognises uPay's letters by, because only they and uPay know it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from domain import fresh_proofs, names, security_events
from domain.decisions import decision
from domain.refusals import Refusal
from models.ids import new_id
from models.people import Person
from models.phrases import Phrase
from models.security_events import EventKind

if TYPE_CHECKING:
    from domain.sessions import Identity

LEAST: Final = 4
MOST: Final = 40


class PhraseInvalid(Refusal):
    """Not 4 to 40 visible characters."""

    def __init__(self) -> None:
        super().__init__("A phrase is 4 to 40 visible characters.")


SET_REFUSALS: Final = (PhraseInvalid, fresh_proofs.ProofNeeded)


async def current(person_id: UUID) -> str | None:
    """The phrase that letters to this person show; None when there is none."""
    phrase = await Phrase.get_or_none(person_id=person_id, replaced_at__isnull=True)
    return None if phrase is None else phrase.text


async def set_phrase(by: Identity, phrase: str, now: datetime, *, address: str = "") -> str:
    """Sets or changes the caller's own phrase; returns it as it is kept.

    The letter about it shows the one before, by which its reader knows that it is real. The same
    phrase again changes nothing and is not told.

    Raises:
        PhraseInvalid: see there.
        ProofNeeded: the session must prove again who is using it.
    """
    tidy = _tidy(phrase)
    await fresh_proofs.require(by, now)
    async with decision() as announce:
        await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
        former = await Phrase.get_or_none(person_id=by.person_id, replaced_at__isnull=True)
        if former is not None and former.text == tidy:
            return tidy
        if former is not None:
            await Phrase.filter(id=former.id).update(replaced_at=now)
        chosen = await Phrase.create(id=new_id(), person_id=by.person_id, text=tidy, set_at=now)
        await security_events.record(
            announce,
            EventKind.PHRASE_CHANGED,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
            shown_id=str((former or chosen).id),
        )
    return tidy


def _tidy(text: str) -> str:
    """A phrase is written as a name is, so that nothing in it is unseen."""
    try:
        tidy = names.display_name(text)
    except names.DisplayNameInvalid:
        raise PhraseInvalid from None
    if len(tidy.replace(" ", "")) < LEAST or len(tidy) > MOST:
        raise PhraseInvalid
    return tidy

"""Composing letters: the same frame around all of them, so that a fake can be told from them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from channels.couriers import Courier, Letter, Undeliverable
from domain import contacts, phrases
from models.people import Contact, ContactKind, Person
from schema.texts import Language
from schema.texts.letters import LetterText
from schema.texts.letters.parts import ENDING, GREETING, GREETING_TO_NOBODY, NO_PHRASE, PHRASE

_log = logging.getLogger(__name__)


async def carry(letter: Letter, courier: Courier) -> bool:
    """Hands a letter over; False when it can never arrive, of which nothing is to be repeated.

    Raises:
        NotCarried: it was not taken this time, so the job is to be tried again.
    """
    try:
        await courier.send(letter)
    except Undeliverable as why:
        _log.warning("Letter %s cannot be delivered: %s", letter.id, why)
        return False
    return True


async def compose(
    letter_id: UUID,
    words: LetterText,
    *,
    to: Contact,
    person: Person,
    public_url: str,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    phrase: str | None = None,
) -> Letter:
    """A letter to one contact of a person, in their language; the same id is the same letter.

    `facts` fill the `{names}` of `words`; whatever they hold is text, never a template. By e-mail a
    greeting and an ending are put around it, and the person's phrase, unless `phrase` is another
    one to show; to a telephone only `words.sms` goes. What a contact that lets nobody in may not
    learn, the phrase, it is not told; one that is nobody's yet is not even told the name. Links in
    `facts` begin with `public_url`, the origin that jobs are given in their `Wires`.
    """
    language = Language(person.locale)
    filled = {name: _in_a_line(value) for name, value in (facts or {}).items()}
    subject = words.subject.said(language, **filled)
    if to.kind is ContactKind.PHONE:
        assert words.sms is not None, "this letter goes to no telephone"
        text = words.sms.said(language, **filled)
    else:
        known_by = phrase or await phrases.current(person.id)
        parts = [
            _greeting(to, person, language),
            words.text.said(language, **filled),
            _phrase(known_by, language) if contacts.is_usable(to, now) else "",
            ENDING.said(language, host=urlsplit(public_url).netloc),
        ]
        text = "\n\n".join(part for part in parts if part)
    return Letter(id=letter_id, to=to.value, kind=to.kind.value, subject=subject, text=text)


def _greeting(to: Contact, person: Person, language: Language) -> str:
    if to.verified_at is None and to.removed_at is None:
        return GREETING_TO_NOBODY.said(language)
    return GREETING.said(language, name=_in_a_line(person.display_name))


def _phrase(phrase: str | None, language: Language) -> str:
    return NO_PHRASE.said(language) if phrase is None else PHRASE.said(language, phrase=phrase)


def _in_a_line(text: str) -> str:
    """No fact brings a line of its own into a letter."""
    return " ".join(text.split())

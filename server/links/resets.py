"""The page that asks for another password."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from domain import password_resets, passwords
from schema.texts import pages as words
from server.links import sheets
from server.links.sheets import Sheet
from server.links.visits import Visit

NEW, AGAIN = "password", "again"

_FOLLOWS: Final = (words.RESET_FOLLOWS, words.RESET_PIN)


class ResetPage:
    """Two inputs, because without a script nothing can show what was typed."""

    async def shown(self, visit: Visit) -> Sheet:
        await password_resets.refuse_dead(visit.link)
        return await _asking(visit)

    async def sent(self, visit: Visit, said: Mapping[str, str]) -> Sheet:
        password = said.get(NEW, "")
        if password != said.get(AGAIN, ""):
            return await _asking(visit, words.RESET_DIFFERENT.said(visit.language))
        shown = password_resets.ByLink(visit.token)
        try:
            await password_resets.complete(shown, password, address=visit.address, now=visit.now)
        except passwords.PasswordTooWeak as refusal:
            faults = [words.REASONS[reason].said(visit.language) for reason in refusal.reasons]
            return await _asking(visit, *faults)
        except passwords.PasswordUsedBefore:
            return await _asking(visit, words.RESET_USED.said(visit.language))
        return Sheet(words.RESET_DONE_TITLE, (words.RESET_DONE.said(visit.language),))


async def _asking(visit: Visit, *faults: str) -> Sheet:
    language, policy = visit.language, passwords.policy()
    owner = await passwords.owner(visit.person)
    length = str(policy.min_length(has_second_factor=owner.has_second_factor))
    rule = words.RESET_CLASSES if policy.needs_classes else words.RESET_LENGTH
    suggestion = passwords.suggestion(visit.person.account_name)
    follows = (words.RESET_FOLLOWS,) if visit.person.role.is_desk else _FOLLOWS
    return Sheet(
        words.RESET_TITLE,
        (rule.said(language, length=length), " ".join(each.said(language) for each in follows)),
        faults,
        sheets.form(
            # For the browser's own keeper of passwords, which asks whose it is.
            sheets.field_of(
                "username",
                words.RESET_ACCOUNT.said(language),
                kind="text",
                fills="username",
                value=visit.person.account_name,
            ),
            sheets.field_of(
                NEW, words.RESET_NEW.said(language), kind="password", fills="new-password"
            ),
            sheets.field_of(
                AGAIN, words.RESET_AGAIN.said(language), kind="password", fills="new-password"
            ),
            f"<p>{escape(words.RESET_SUGGESTION.said(language))} <code>{suggestion}</code></p>",
            sheets.button(words.RESET_BUTTON.said(language)),
        ),
        status=422 if faults else 200,
    )

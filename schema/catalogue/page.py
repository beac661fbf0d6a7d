"""The catalogue as a page of the documentation."""

from __future__ import annotations

from typing import Final

from schema.catalogue import GROUPS
from schema.catalogue.entries import Disclosure, Entry, Outcome, Place, RetryAdvice
from schema.texts import Text

_TITLE: Final = """\
# Every code that uPay can say

Printed from `schema/catalogue` by `python -m server schema`: change it there.

A code never changes its meaning and is never translated; its words follow the person's language.
It says the same wherever it comes out:

- a **problem** is a member of a mutation's result: nothing was done, nothing was recorded, and the
  idempotency key is unused;
- a **failure** is a fact: the movement stays, `FAILED` and with its reason, and its key is used;
  whoever tries again takes a fresh key;
- a **notice** is no no: it says what to know of a payment before it is confirmed (`quote.notices`)
  or while it waits (`movement.notice`);
- a **top-level** error stands in `errors`, its code in `extensions.code`. The two numbers are the
  HTTP status of an answer that has no `data`: first in `application/graphql-response+json`, then in
  `application/json`, where a well-formed GraphQL request keeps its 200. An answer with `data` is
  200 in both.
"""
_OUTCOMES: Final = {
    Outcome.SUCCESS: "done",
    Outcome.NOTHING_MOVED: "a final no: no money moved, or it came back",
    Outcome.UNKNOWN: "not known: ask by `movementByKey`, never pay again",
}
_DISCLOSURES: Final = {
    Disclosure.OPEN: "the payer is told exactly this",
    Disclosure.GENERAL: "the words are true, and do not say the rule or whose fault it is",
    Disclosure.HIDDEN: "only the desk sees it; the payer gets a general code and its words",
}


def page() -> str:
    """The whole page, in Markdown."""
    keys = [
        _list("Outcome", {each.value: said for each, said in _OUTCOMES.items()}),
        _list("Retry", {each.name: _describe(each) for each in RetryAdvice}),
        _list("Told", {each.value: said for each, said in _DISCLOSURES.items()}),
    ]
    tables = [f"## {title}\n\n{_table(entries)}" for title, entries in GROUPS.items()]
    return "\n".join([_TITLE, *keys, *tables])


def _list(title: str, meanings: dict[str, str]) -> str:
    lines = [f"- `{word}`: {meaning}" for word, meaning in meanings.items()]
    return f"**{title}**\n\n" + "\n".join(lines) + "\n"


def _describe(advice: RetryAdvice) -> str:
    definition = RetryAdvice.__strawberry_definition__  # type: ignore[attr-defined]
    said: str = next(each.description for each in definition.values if each.name == advice.name)
    return said[0].lower() + said[1:].rstrip(".")


def _table(entries: tuple[Entry, ...]) -> str:
    head = "| code | meaning | where | outcome | retry | told | English | 中文 |"
    return "\n".join([head, "|---" * 8 + "|", *map(_row, entries)]) + "\n"


def _row(entry: Entry) -> str:
    cells = [
        f"`{entry.code}`",
        entry.meaning,
        _where(entry),
        f"`{entry.outcome.value}`",
        f"`{entry.retry.name}`",
        entry.disclosure.value,
        " ".join(text.en for text in _texts(entry)),
        "".join(text.zh for text in _texts(entry)),
    ]
    return f"| {' | '.join(cells)} |"


def _where(entry: Entry) -> str:
    said = {Place.TOP_LEVEL: f"top-level ({_statuses(entry)})"}
    return ", ".join(said.get(place, place.value) for place in Place if place in entry.places)


def _statuses(entry: Entry) -> str:
    return f"{entry.statuses.graphql} / {entry.statuses.json}" if entry.statuses else ""


def _texts(entry: Entry) -> list[Text]:
    heading = entry.title and Text(en=f"**{entry.title.en}.**", zh=f"**{entry.title.zh}**。")
    step = entry.step and Text(en=f"*{entry.step.en}*", zh=f"*{entry.step.zh}*")
    return [text for text in (heading, entry.text, step) if text]

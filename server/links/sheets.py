"""What a page behind a link shows: a title, sentences, perhaps a form; no script."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Final

from starlette.responses import HTMLResponse, Response

from schema.texts import Language, Text
from schema.texts import pages as words

STYLE_PATH: Final = "/links.css"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

_PAGE: Final = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · uPay</title>
<link rel="stylesheet" href="{style}">
<header>uPay</header>
<main>
<h1>{title}</h1>
{body}
</main>
<footer>{foot}</footer>
</html>
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page's content; `form` is HTML, everything else is text."""

    title: Text
    sentences: tuple[str, ...] = ()
    faults: tuple[str, ...] = field(default=())
    form: str = ""
    status: int = 200


DEAD: Final = (words.DEAD_TITLE, words.DEAD, 410)
TOO_OFTEN: Final = (words.TOO_OFTEN_TITLE, words.TOO_OFTEN, 429)
UNREADABLE: Final = (words.UNREADABLE_TITLE, words.UNREADABLE, 400)


def notice(said: tuple[Text, Text, int], language: Language) -> Sheet:
    """A page that says one thing and offers nothing."""
    title, sentence, status = said
    return Sheet(title, (sentence.said(language),), status=status)


def html(sheet: Sheet, language: Language) -> str:
    """The whole page."""
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in sheet.faults)
    body = [
        f'<ul class="faults" role="alert">{faults}</ul>' if faults else "",
        *(f"<p>{escape(sentence)}</p>" for sentence in sheet.sentences),
        sheet.form,
    ]
    return _PAGE.format(
        language=language.value,
        title=escape(sheet.title.said(language)),
        style=STYLE_PATH,
        body="\n".join(part for part in body if part),
        foot=escape(words.FOOT.said(language)),
    )


def answer(sheet: Sheet, language: Language) -> Response:
    """The page, told to nobody and kept nowhere."""
    return HTMLResponse(
        html(sheet, language),
        status_code=sheet.status,
        headers={
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
            "x-robots-tag": "noindex, nofollow",
        },
    )


def form(*parts: str) -> str:
    """A form that is sent back to the page's own address."""
    return "\n".join(('<form method="post">', *parts, "</form>"))


def field_of(name: str, label: str, *, kind: str, fills: str, value: str | None = None) -> str:
    """A labelled input; with a value it is only shown. `fills` is what browsers may put there."""
    shown = "required" if value is None else f'value="{escape(value)}" readonly'
    return (
        f'<label for="{name}">{escape(label)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}" {shown}>'
    )


def button(label: str, *, answer: str = "yes", is_grave: bool = False) -> str:
    """A button that sends the form off with `answer`."""
    look = ' class="grave"' if is_grave else ""
    return f'<button name="answer" value="{answer}"{look}>{escape(label)}</button>'

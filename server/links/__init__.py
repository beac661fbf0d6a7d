"""The pages behind links in letters, at `/links/{token}`: a GET only shows, a POST acts.

Whatever looks at links by itself (scanners of mail, browsers that fetch ahead) sees a page and
uses nothing up. The token is in the path alone: it is not logged, not traced, and tells no other
page where its reader came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain import links
from domain.links import LinkDead
from domain.password_resets import ResetDead
from models.links import LinkKind
from models.people import Person
from schema.texts import Language, choose
from server import rates, requests
from server.limits import PRICES
from server.links import sheets
from server.links.resets import ResetPage
from server.links.stops import AnswerPage, FreezePage
from server.links.visits import Page, Visit
from server.origins import is_own
from server.rates import Rates
from server.requests import BadRequest, HungUp

PAGES: Final[Mapping[LinkKind, Page]] = {
    LinkKind.RESET_PASSWORD: ResetPage(),
    LinkKind.FREEZE: FreezePage(),
    LinkKind.ANSWER: AnswerPage(),
}
FORM_BYTES: Final = 8_192
SHOW_POINTS: Final = 10
SEND_POINTS: Final = PRICES["completePasswordReset"]

_FORM: Final = "application/x-www-form-urlencoded"
_FIELDS: Final = 8
_STYLE: Final = (Path(__file__).parent / "static" / "links.css").read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPages:
    """The pages of one server; callers are counted by their network address."""

    clock: Callable[[], datetime]
    rates: Rates

    def routes(self) -> list[BaseRoute]:
        return [
            Route(sheets.STYLE_PATH, _style),
            Route("/links/{token}", self.answer, methods=["GET", "POST"]),
        ]

    async def answer(self, request: Request) -> Response:
        """The page, in the language of the link's owner once it is known who that is."""
        language = choose(request.headers.get("accept-language", ""))
        address = request.client.host if request.client else ""
        points = SEND_POINTS if request.method == "POST" else SHOW_POINTS
        verdict = await self.rates.take(caller_id=None, address=address, points=points)
        if not verdict.is_allowed:
            answer = sheets.answer(sheets.notice(sheets.TOO_OFTEN, language), language)
        else:
            answer = await self._answered(request, address, language)
        answer.raw_headers += rates.headers(verdict)
        return answer

    async def _answered(self, request: Request, address: str, language: Language) -> Response:
        try:
            said = await _said(request) if request.method == "POST" else None
            visit = await self._visit(request.path_params["token"], address)
            language = visit.language
            page = PAGES[visit.link.kind]
            sheet = await (page.shown(visit) if said is None else page.sent(visit, said))
        except (LinkDead, ResetDead):
            sheet = sheets.notice(sheets.DEAD, language)
        except (BadRequest, HungUp) as bad:
            status = bad.status if isinstance(bad, BadRequest) else 400
            sheet = sheets.notice((*sheets.UNREADABLE[:2], status), language)
        return sheets.answer(sheet, language)

    async def _visit(self, token: str, address: str) -> Visit:
        now = self.clock()
        link = await links.find(token, now)
        person = await Person.get(id=link.person_id)
        return Visit(
            link=link,
            token=token,
            person=person,
            language=Language(person.locale),
            address=address,
            now=now,
        )


async def _said(request: Request) -> dict[str, str]:
    """What the form says.

    Raises:
        BadRequest: it is no form of ours, or more than one may hold.
        HungUp: it broke off.
    """
    headers = dict(request.scope["headers"])
    _refuse_strangers(headers)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise BadRequest(415, "UNSUPPORTED_MEDIA_TYPE", "This is not a form.")
    raw = await requests.body(request.receive, headers)
    if len(raw) > FORM_BYTES:
        raise BadRequest(413, "BODY_TOO_LARGE", "This form is too large.")
    try:
        fields = parse_qs(
            raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError:
        raise BadRequest(400, "REQUEST_INVALID", "This form cannot be read.") from None
    return {name: values[0] for name, values in fields.items()}


def _refuse_strangers(headers: Mapping[bytes, bytes]) -> None:
    """A form on a page elsewhere has no business here.

    A page that tells nobody where it is sends the origin `null` even to itself.
    """
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin", b"null")
    is_ours = origin == b"null" or is_own(origin, headers)
    if site not in {None, b"same-origin", b"none"} or not is_ours:
        raise BadRequest(403, "FORBIDDEN", "Only the page itself may send its form.")


async def _style(_: Request) -> Response:
    return Response(
        _STYLE, headers={"content-type": "text/css; charset=utf-8", "cache-control": "no-cache"}
    )

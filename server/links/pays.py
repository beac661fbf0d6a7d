"""The pages at `/p/…` that show what a merchant wants to be paid; nothing is done on them.

Whoever has the number of an order, or scanned a lasting code with a camera, sees merchant, amount,
status and the code to scan with uPay. Neither is a secret, and numbers are not guessed: they are
drawn at random, and callers are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from domain import merchant_codes, orders
from domain.codes import QrExpired
from domain.orders import Standing
from models.merchants import Merchant, MerchantStatus
from models.orders import Order
from schema import pictures
from schema.money import display
from schema.texts import Language, Text, choose
from schema.texts import pay_pages as words
from server import rates
from server.links import sheets
from server.links.sheets import Sheet
from server.rates import Rates

SHOW_POINTS: Final = 20
"""A picture is drawn."""

UNKNOWN: Final = (words.UNKNOWN_TITLE, words.UNKNOWN, 404)
_ENDED: Final = {
    Standing.PAID: words.PAID,
    Standing.CLOSED: words.CLOSED,
    Standing.EXPIRED: words.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayPages:
    """The pages of one server; callers are counted by their network address."""

    clock: Callable[[], datetime]
    rates: Rates
    livemode: bool

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/p/{number}", self.answer, methods=["GET"]),
            Route("/p/m/{token}", self.answer, methods=["GET"]),
        ]

    async def answer(self, request: Request) -> Response:
        """The page of an order, or of a code without an amount."""
        language = choose(request.headers.get("accept-language", ""))
        address = request.client.host if request.client else ""
        verdict = await self.rates.take(caller_id=None, address=address, points=SHOW_POINTS)
        if verdict.is_allowed:
            sheet = await self._sheet(request, language)
        else:
            sheet = sheets.notice(sheets.TOO_OFTEN, language)
        answer = sheets.answer(sheet, language)
        answer.raw_headers += rates.headers(verdict)
        return answer

    async def _sheet(self, request: Request, language: Language) -> Sheet:
        said = request.path_params
        try:
            if "number" in said:
                return await self._order(said["number"], language)
            return await self._lasting(said["token"], language)
        except (orders.OrderNotFound, QrExpired):
            return sheets.notice(UNKNOWN, language)

    async def _order(self, number: str, language: Language) -> Sheet:
        order = await orders.by_number(number)
        merchant = await Merchant.get(id=order.merchant_id)
        amount = display(order.amount, order.currency, language)
        state = _state(order, merchant, self.clock())
        title = words.ORDER_TITLE.said(language, amount=amount, merchant=merchant.name)
        text = merchant_codes.write_for_order(order, merchant, livemode=self.livemode)
        link = merchant_codes.order_link(merchant_codes.APP, order.number)
        return Sheet(
            Text(en=title, zh=title),
            tuple(each for each in (order.description, state and state.said(language)) if each),
            form=self._below(
                "" if state else await _picture(words.SCAN, text, link, language),
                words.NUMBER.said(language, number=_grouped(order.number)),
                language=language,
            ),
        )

    async def _lasting(self, token: str, language: Language) -> Sheet:
        code = await merchant_codes.by_token(token)
        merchant = await Merchant.get(id=code.merchant_id)
        title = words.MERCHANT_TITLE.said(language, merchant=merchant.name)
        text = merchant_codes.write_static(code, merchant, livemode=self.livemode)
        link = merchant_codes.static_link(merchant_codes.APP, code.token)
        label = merchant_codes.StaticCode.of(code).label
        is_open = merchant.status is MerchantStatus.ACCEPTING
        return Sheet(
            Text(en=title, zh=title),
            () if is_open else (words.UNAVAILABLE.said(language),),
            form=self._below(
                await _picture(words.SCAN_AND_TYPE, text, link, language) if is_open else "",
                label,
                language=language,
            ),
        )

    def _below(self, picture: str, said: str, *, language: Language) -> str:
        test = "" if self.livemode else f'<p class="test">{escape(words.TEST.said(language))}</p>'
        return "\n".join(
            part for part in (picture, said and f"<p>{escape(said)}</p>", test) if part
        )


def _state(order: Order, merchant: Merchant, now: datetime) -> Text | None:
    """Why the order cannot be paid; None when it can."""
    ended = _ENDED.get(orders.standing(order, now))
    if ended is None and merchant.status is not MerchantStatus.ACCEPTING:
        return words.UNAVAILABLE
    return ended


async def _picture(said: Text, text: str | None, link: str, language: Language) -> str:
    """How to pay: by scanning, where there is something to scan, or in the app on this device."""
    opens = f'<p><a href="{escape(link)}">{escape(words.OPEN.said(language))}</a></p>'
    if text is None:
        return opens
    drawn = await pictures.qr_code(text, words.CODE.said(language))
    return f'<p>{escape(said.said(language))}</p>\n<div class="qr">{drawn}</div>\n{opens}'


def _grouped(number: str) -> str:
    """The sixteen digits as people read them out."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))

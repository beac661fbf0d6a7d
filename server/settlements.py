"""Where merchants fetch the lines of a settlement: `GET /settlements/{id}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from domain import merchant_settlements
from domain.merchants import Scope
from schema import ids
from schema.context import Context
from server.files import ATTACHMENT, FileDoor

POINTS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementFiles:
    """The address of settlement files; each is given to whoever acts for its merchant.

    A person names the merchant, as everywhere: `?merchantId=mer_…`.
    """

    door: FileDoor

    def routes(self) -> list[BaseRoute]:
        fetch = self.door.guarded(self.fetch, points=POINTS)
        return [Route("/settlements/{id}", fetch, methods=["GET"])]

    async def fetch(self, request: Request, context: Context) -> Response:
        """The file, a page of lines at a time: one is in memory, however long it is."""
        actor = await context.acting(Scope.SETTLEMENTS, request.query_params.get("merchantId"))
        settlement_id = ids.parse(request.path_params["id"], ids.Prefix.SETTLEMENT)
        settlement = await merchant_settlements.owned(actor, settlement_id)
        name = f"upay-{settlement.day.isoformat()}-{settlement.currency}.csv"
        return StreamingResponse(
            merchant_settlements.content(settlement),
            media_type="text/csv; charset=utf-8; header=present",
            headers={**ATTACHMENT, "content-disposition": f'attachment; filename="{name}"'},
        )

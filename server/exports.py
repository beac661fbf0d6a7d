"""Where people fetch what uPay keeps about them: `GET /exports/{id}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from domain import exports
from schema import ids
from schema.context import Context
from server.files import ATTACHMENT, FileDoor

POINTS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """The address of archives; each is given to its owner alone, and with a fresh proof."""

    door: FileDoor

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/exports/{id}", self.door.guarded(self.fetch, points=POINTS), methods=["GET"])
        ]

    async def fetch(self, request: Request, context: Context) -> Response:
        """The archive, a part at a time: one is in memory, however long it is."""
        export, content = await exports.fetch(
            by=context.person,
            export_id=ids.parse(request.path_params["id"], ids.Prefix.EXPORT),
            now=context.now,
        )
        day = export.asked_at.date().isoformat()
        return StreamingResponse(
            content,
            media_type="application/zip",
            headers={
                **ATTACHMENT,
                "content-disposition": f'attachment; filename="upay-{day}.zip"',
                "content-length": str(export.length),
            },
        )

"""Where people show their papers, and where agents look at them.

`POST /papers` takes a JPEG, a PNG or a PDF as the body of a request. `POST /desk/papers/{id}` takes
`{"reason": "…"}` and answers with the paper: a look is put on record, so it is no `GET`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from domain import papers
from models.papers import MediaType
from schema import catalogue, ids
from schema.context import Context
from server import requests
from server.files import ATTACHMENT, FileDoor, headers_of
from server.media_types import require_json
from server.requests import BadRequest

UPLOAD_SECONDS: Final = 60.0
UPLOADS_AT_ONCE: Final = 32
"""In one process: each holds 5 MiB at most."""

KEEP_POINTS: Final = 200
SHOW_POINTS: Final = 50
_ENDINGS: Final = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """The two addresses; `public` lets customers in, `desk` agents."""

    public: FileDoor
    desk: FileDoor
    _uploading: set[UUID] = field(default_factory=set)

    def routes(self) -> list[BaseRoute]:
        keep = self.public.guarded(self.keep, points=KEEP_POINTS)
        show = self.desk.guarded(self.show, points=SHOW_POINTS)
        return [
            Route("/papers", keep, methods=["POST"]),
            Route("/desk/papers/{id}", show, methods=["POST"]),
        ]

    async def keep(self, request: Request, context: Context) -> Response:
        """Keeps a paper of whoever is signed in; nothing is read before there is room for it."""
        owner_id = context.person.person_id
        media_type = _declared(request)
        if owner_id in self._uploading or len(self._uploading) >= UPLOADS_AT_ONCE:
            raise BadRequest(429, "RATE_LIMITED", "One paper at a time. Wait a moment.")
        self._uploading.add(owner_id)
        try:
            await papers.check_room(owner_id)
            content = await requests.body(
                request.receive,
                headers_of(request),
                at_most=papers.BYTES_MAX,
                seconds=UPLOAD_SECONDS,
            )
            paper = await papers.keep(
                person_id=owner_id, media_type=media_type, content=content, now=context.now
            )
        except papers.TooManyPapers:
            entry = catalogue.top_level("TOO_MANY_PAPERS")
            raise BadRequest(entry.status, entry.code, entry.whole(context.language)) from None
        except papers.PaperUnreadable:
            message = "The body is not what its content-type says."
            raise BadRequest(415, "MEDIA_TYPE_UNSUPPORTED", message) from None
        finally:
            self._uploading.discard(owner_id)
        id = ids.public(ids.Prefix.PAPER, paper.id)
        return JSONResponse({"id": id, "length": paper.length, "sha256": paper.sha256.hex()}, 201)

    async def show(self, request: Request, context: Context) -> Response:
        """A paper, for an agent who says why."""
        by, headers = context.person, headers_of(request)
        require_json(headers.get(b"content-type"), headers.get(b"content-encoding"))
        paper, content = await papers.show(
            by=by,
            paper_id=ids.parse(request.path_params["id"], ids.Prefix.PAPER),
            reason=_reason(await requests.body(request.receive, headers)),
            now=context.now,
        )
        name = f"{ids.public(ids.Prefix.PAPER, paper.id)}.{_ENDINGS[paper.media_type]}"
        return StreamingResponse(
            content,
            media_type=paper.media_type.value,
            headers={
                **ATTACHMENT,
                "content-disposition": f'attachment; filename="{name}"',
                "content-length": str(paper.length),
            },
        )


def _declared(request: Request) -> MediaType:
    name = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if name not in set(MediaType) or "content-encoding" in request.headers:
        message = f"A paper is {', '.join(MediaType)}, not compressed any further."
        raise BadRequest(415, "MEDIA_TYPE_UNSUPPORTED", message)
    return MediaType(name)


def _reason(body: bytes) -> str:
    try:
        said = requests.decoded(body)
    except ValueError:
        said = None
    reason = said.get("reason") if isinstance(said, dict) else None
    if not isinstance(reason, str):
        raise BadRequest(400, "BAD_REQUEST", 'Send {"reason": "…"}.')
    return reason

"""The provider's door: whoever has the secret is heard, and nobody is believed."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx2
import pytest
from starlette.applications import Starlette

from channels.providers import SIGNATURE_HEADER, TIMESTAMP_HEADER, sign_callback
from domain import provider_orders
from models.jobs import Job
from models.movements import Movement
from models.providers import ProviderMessage
from server import callbacks
from tests.domain import books
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

SECRET = b"a secret between two"
BODY = json.dumps({"order_id": str(uuid4()), "status": "succeeded"}).encode()


async def calls_back(
    body: bytes = BODY, *, secret: bytes = SECRET, at: int = int(NOON.timestamp())
) -> int:
    """The status that a callback is answered with."""
    app = Starlette(routes=callbacks.routes(callbacks.Caller("bank", SECRET), lambda: NOON))
    headers = {
        TIMESTAMP_HEADER: str(at),
        SIGNATURE_HEADER: sign_callback(secret, str(at), body),
    }
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://upay.test") as http:
        answer = await http.post("/providers/callback", content=body, headers=headers)
    return answer.status_code


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"secret": b"another secret"}, 401),
        ({"at": int(NOON.timestamp()) - 301}, 401),
        ({"at": int(NOON.timestamp()) + 301}, 401),
        ({"body": b"x" * (callbacks.BODY_MAX_BYTES + 1)}, 413),
    ],
)
async def test_a_callback_that_is_not_the_providers_or_too_large_leaves_nothing(
    changes: dict[str, object], status: int
) -> None:
    before = await books.picture()

    answered = await calls_back(**changes)  # type: ignore[arg-type]

    assert answered == status
    assert await books.picture() == before
    assert await ProviderMessage.all().count() == 0


async def test_a_callback_about_a_payment_nobody_knows_is_kept_and_asked_about() -> None:
    assert await calls_back() == 204

    [message], [job] = await ProviderMessage.all(), await Job.all()
    assert message.body == {"text": BODY.decode()}
    assert (job.kind, job.subject_id) == (provider_orders.HEAR_JOB, message.id)
    assert await Movement.all().count() == 0


async def test_without_a_provider_there_is_no_door() -> None:
    assert callbacks.routes(None, lambda: NOON) == []

"""Papers, and people who show them to be verified."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from domain import papers, verification_requests
from domain.sessions import Identity
from models.papers import MediaType, Paper
from models.people import Person, Role
from models.verification_requests import VerificationRefusal, VerificationRequest
from tests import factories
from tests.domain import registers
from tests.moments import NOON

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff\xe0"
PDF: Final = b"%PDF-1.7\n"
FULL_NAME: Final = "Ada Lovelace"
ID_NUMBER: Final = "11010119900307803X"


async def paper(owner: Person, content: bytes = PNG + b"face", now: datetime = NOON) -> Paper:
    """A paper that no request names yet."""
    return await papers.keep(person_id=owner.id, media_type=MediaType.PNG, content=content, now=now)


async def accepted(owner: Person, full_name: str, *, now: datetime = NOON) -> None:
    """An agent has seen that this is somebody's name."""
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    request = await asked(owner, level=1, now=now, full_name=full_name)
    await verification_requests.decide(
        by=lin,
        request_id=request.id,
        decided=verification_requests.Decision.ACCEPT,
        refusal=VerificationRefusal.OTHER,
        reason="The papers agree",
        now=now,
    )


async def asked(
    by: Person | Identity, *, level: int = 2, now: datetime = NOON, **changes: Any
) -> VerificationRequest:
    """Somebody who asks to be verified, with as many papers as that takes."""
    identity = by if isinstance(by, Identity) else await registers.identity_of(by)
    owner = await Person.get(id=identity.person_id)
    shown = [await paper(owner, PNG + bytes([number]), now) for number in range(level - 1)]
    words: dict[str, Any] = {
        "level": level,
        "full_name": FULL_NAME,
        "id_number": ID_NUMBER,
        "paper_ids": [each.id for each in shown],
        **changes,
    }
    return await verification_requests.request(by=identity, now=now, **words)

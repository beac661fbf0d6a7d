"""How the codes around the versions of apps come out."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from models.client_versions import ClientVersion, Platform
from models.people import Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.scenarios.stage import WHY, Act, Scenario, Scenarios, Stage, problem

POLICY: Final[dict[str, Any]] = {
    "platform": "IOS",
    "minimum": "4.2.0",
    "recommended": "5.0",
    "notesZh": "更快，也更省电。",
    "notesEn": "Faster, and easier on the battery.",
    "url": "https://example.org/upay",
    "reason": WHY,
}


def setting(**changes: str) -> Scenario:
    """A supervisor decides something that cannot be."""

    async def scenario(stage: Stage) -> Act:
        sue = await factories.person("sue", role=Role.SUPERVISOR)
        opened = await factories.session(sue, Audience.DESK, stage.clock())
        asker = Asker(stage.app, path="/desk/graphql", token=opened.tokens.access)
        return partial(problem, asker, "setClientVersion", POLICY | changes)

    return scenario


async def client_outdated(stage: Stage) -> Act:
    sue = await factories.person("sue", role=Role.SUPERVISOR)
    await ClientVersion.create(
        platform=Platform.IOS,
        minimum="4.2.0",
        recommended="5.0",
        notes_zh="更快。",
        notes_en="Faster.",
        url="https://example.org/upay",
        changed_by=sue.id,
        changed_at=stage.clock(),
    )
    return partial(stage.refused, json={"query": "{ me { id } }"}, x_upay_client="ios/4.1.9")


PROBLEMS: Final[Scenarios] = {
    "VERSION_INVALID": setting(minimum="4.x"),
    "VERSIONS_REVERSED": setting(minimum="5.0.1"),
    "UPDATE_NOTES_INVALID": setting(notesZh=" "),
    "UPDATE_URL_INVALID": setting(url="javascript:alert(1)"),
}
TOP_LEVEL: Final[Scenarios] = {"CLIENT_OUTDATED": client_outdated}

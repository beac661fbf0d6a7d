"""How the codes of exports come out."""

from __future__ import annotations

from functools import partial
from typing import Final

from models.exports import Export, ExportStatus
from models.ids import new_id
from tests.api.scenarios.closings import without_input
from tests.api.scenarios.stage import Act, Scenarios, Stage


async def export_under_way(stage: Stage) -> Act:
    ada = await stage.resident("ada")
    await ada.asker.data("mutation { requestExport { __typename } }")
    return partial(without_input, ada.asker, "requestExport")


async def too_many_exports(stage: Stage) -> Act:
    ada, now = await stage.resident("ada"), stage.clock()
    for _ in range(3):
        await Export.create(
            id=new_id(),
            person_id=ada.person.id,
            status=ExportStatus.FAILED,
            asked_at=now,
            ended_at=now,
        )
    return partial(without_input, ada.asker, "requestExport")


PROBLEMS: Final[Scenarios] = {
    "EXPORT_UNDER_WAY": export_under_way,
    "TOO_MANY_EXPORTS": too_many_exports,
}

"""Asking for what uPay keeps about oneself."""

from __future__ import annotations

import strawberry

from domain import exports
from schema.context import Info
from schema.exports import Export, ExportRequested, RequestExportResult
from schema.problems.base import named


@strawberry.type
class ExportMutations:
    @strawberry.mutation(
        description="Has everything that uPay keeps about you put into one archive; something must "
        "be proved freshly: see `proveIdentity`. Three times a day at most."
    )
    async def request_export(self, info: Info) -> RequestExportResult:
        context = info.context
        try:
            row = await exports.ask(by=context.person, now=context.now, address=context.client)
        except exports.ASK_REFUSALS as refusal:
            return named(refusal, context.language)
        return ExportRequested(export=Export.of(row, context.now))

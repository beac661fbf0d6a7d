"""Cases at the desk: what there is to look into, and how it ended."""

from __future__ import annotations

import strawberry

from domain import cases
from models import cases as rows
from schema import ids, pages
from schema.cases import Case, CaseClosed, CaseKind, CaseStatus, CloseCaseInput, CloseCaseResult
from schema.context import Info
from schema.problems.base import named


@strawberry.type
class CaseQueries:
    @strawberry.field(description="What uPay cannot put right by itself, the oldest first.")
    async def cases(
        self,
        info: Info,
        status: CaseStatus = CaseStatus.OPEN,
        kind: CaseKind | None = None,
        first: pages.First = pages.FIRST_DEFAULT,
        after: pages.After = None,
    ) -> pages.Connection[Case]:
        found = await cases.page(
            by=info.context.person,
            is_open=status is CaseStatus.OPEN,
            kind=None if kind is None else rows.CaseKind[kind.name],
            limit=pages.size(first) + 1,
            after=pages.parse_cursor(after),
        )
        places = [(row.opened_at, row.id) for row in found]
        nodes = [Case.of(row, livemode=info.context.livemode) for row in found]
        return pages.page(places, nodes, first, after)


@strawberry.type
class CaseMutations:
    @strawberry.mutation(description="Says how a case ended; the reason is kept on record.")
    async def close_case(self, info: Info, input: CloseCaseInput) -> CloseCaseResult:
        try:
            row = await cases.close(
                by=info.context.person,
                case_id=ids.parse(input.case_id, ids.Prefix.CASE),
                outcome=rows.CaseOutcome[input.outcome.name],
                reason=input.reason,
                now=info.context.now,
            )
        except cases.CLOSE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return CaseClosed(case=Case.of(row, livemode=info.context.livemode))

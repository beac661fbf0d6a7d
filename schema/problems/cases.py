"""Problems around cases at the desk."""

from __future__ import annotations

import strawberry

from domain import cases
from schema.problems.base import Problem, names


@names(cases.CaseClosedAlready, code="CASE_CLOSED_ALREADY", field="caseId")
@strawberry.type(description="An agent closed the case before.")
class CaseClosedAlready(Problem):
    pass

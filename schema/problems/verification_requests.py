"""Problems around proving who one is."""

from __future__ import annotations

import strawberry

from domain.verification_requests import refusals
from schema.problems.base import Problem, names


@names(refusals.FullNameInvalid, code="FULL_NAME_INVALID", field="fullName")
@strawberry.type(description="The name is not 1 to 64 visible characters.")
class FullNameInvalid(Problem):
    pass


@names(refusals.IdNumberInvalid, code="ID_NUMBER_INVALID", field="idNumber")
@strawberry.type(
    description="The number is missing where the level needs one, or is not 4 to 32 letters, "
    "digits, spaces, dots, dashes or slashes."
)
class IdNumberInvalid(Problem):
    pass


@names(refusals.PapersMissing, code="PAPERS_MISSING", field="paperIds")
@strawberry.type(description="The level takes more papers than were named.")
class PapersMissing(Problem):
    needed: int = strawberry.field(description="How many the level takes.")


@names(refusals.LevelReached, code="LEVEL_REACHED", field="level")
@strawberry.type(description="You are verified that far already, or there is no such level.")
class LevelReached(Problem):
    level: int = strawberry.field(description="How far you are verified.")


@names(refusals.VerificationUnderWay, code="VERIFICATION_UNDER_WAY")
@strawberry.type(description="An earlier request has yet to be decided.")
class VerificationUnderWay(Problem):
    pass


@names(refusals.AlreadyDecided, code="ALREADY_DECIDED", field="requestId")
@strawberry.type(description="The request was decided before, or its account is closed.")
class AlreadyDecided(Problem):
    pass

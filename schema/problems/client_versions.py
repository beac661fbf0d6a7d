"""Problems around the versions of apps."""

from __future__ import annotations

import strawberry

from domain import client_versions
from schema.problems.base import Problem, names


@names(client_versions.VersionInvalid, code="VERSION_INVALID")
@strawberry.type(description="Not one to four whole numbers with dots between them.")
class VersionInvalid(Problem):
    pass


@names(client_versions.VersionsReversed, code="VERSIONS_REVERSED", field="minimum")
@strawberry.type(description="The minimum is higher than the recommended version.")
class VersionsReversed(Problem):
    pass


@names(client_versions.UpdateNotesInvalid, code="UPDATE_NOTES_INVALID")
@strawberry.type(description="Empty in a language, too long, or with unseen characters.")
class UpdateNotesInvalid(Problem):
    pass


@names(client_versions.UpdateUrlInvalid, code="UPDATE_URL_INVALID", field="url")
@strawberry.type(description="Not an https address of at most 500 characters.")
class UpdateUrlInvalid(Problem):
    pass

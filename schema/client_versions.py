"""The versions of apps that uPay still speaks with."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import client_versions
from models import client_versions as rows
from schema.context import Info
from schema.problems import client_versions as problems
from schema.problems.desk import ReasonRequired
from schema.texts import Language


@strawberry.enum(description="What an app runs on.")
class ClientPlatform(Enum):
    IOS = rows.Platform.IOS
    ANDROID = rows.Platform.ANDROID
    WEB = rows.Platform.WEB
    MINI_PROGRAM = rows.Platform.MINI_PROGRAM


@strawberry.enum(
    description="How a version stands: nothing better is to be had, an update should be offered, "
    "or the version is answered nothing but this and must be updated."
)
class ClientStanding(Enum):
    CURRENT = client_versions.Standing.CURRENT
    UPDATE_RECOMMENDED = client_versions.Standing.UPDATE_RECOMMENDED
    OUTDATED = client_versions.Standing.OUTDATED


@strawberry.type(description="How a version of an app stands, and what to do about it.")
class ClientVersion:
    standing: ClientStanding
    minimum: str | None = strawberry.field(
        description="The oldest version that is answered; null while every one is."
    )
    recommended: str | None
    notes: str | None = strawberry.field(
        description="What is better in the recommended version, in the caller's language."
    )
    url: str | None = strawberry.field(description="Where the recommended version is to be had.")

    @classmethod
    def of(
        cls, standing: client_versions.Standing, row: rows.ClientVersion | None, info: Info
    ) -> ClientVersion:
        if row is None:
            return cls(
                standing=ClientStanding(standing),
                minimum=None,
                recommended=None,
                notes=None,
                url=None,
            )
        return cls(
            standing=ClientStanding(standing),
            minimum=row.minimum,
            recommended=row.recommended,
            notes=notes(row, info.context.language),
            url=row.url,
        )


def notes(row: rows.ClientVersion, language: Language) -> str:
    """What is better in the recommended version."""
    return row.notes_zh if language is Language.ZH_CN else row.notes_en


ClientVersionResult = Annotated[
    ClientVersion | problems.VersionInvalid, strawberry.union("ClientVersionResult")
]


@strawberry.type(description="The policy of one platform, as the desk sees it.")
class ClientVersionPolicy:
    platform: ClientPlatform
    minimum: str = strawberry.field(description="The oldest version that is answered.")
    recommended: str
    notes_zh: str
    notes_en: str
    url: str
    changed_at: datetime

    @classmethod
    def of(cls, row: rows.ClientVersion) -> ClientVersionPolicy:
        return cls(
            platform=ClientPlatform(row.platform),
            minimum=row.minimum,
            recommended=row.recommended,
            notes_zh=row.notes_zh,
            notes_en=row.notes_en,
            url=row.url,
            changed_at=row.changed_at,
        )


@strawberry.input
class SetClientVersionInput:
    platform: ClientPlatform
    minimum: str = strawberry.field(
        description="One to four whole numbers with dots between them. Older apps are answered "
        "nothing but `clientVersion`: the version must be to be had everywhere."
    )
    recommended: str = strawberry.field(description="At least `minimum`.")
    notes_zh: str = strawberry.field(description="1 to 500 characters in Chinese.")
    notes_en: str = strawberry.field(description="1 to 500 characters in English.")
    url: str = strawberry.field(description="Where it is to be had; an https address.")
    reason: str = strawberry.field(description="Kept on record; 3 to 500 characters.")

    def row(self) -> rows.ClientVersion:
        """The policy that is wanted, not yet looked at."""
        return rows.ClientVersion(
            platform=self.platform.value,
            minimum=self.minimum,
            recommended=self.recommended,
            notes_zh=self.notes_zh,
            notes_en=self.notes_en,
            url=self.url,
        )


@strawberry.type(description="Every server follows within five seconds.")
class ClientVersionSet:
    policy: ClientVersionPolicy


SetClientVersionResult = Annotated[
    ClientVersionSet
    | ReasonRequired
    | problems.VersionInvalid
    | problems.VersionsReversed
    | problems.UpdateNotesInvalid
    | problems.UpdateUrlInvalid,
    strawberry.union("SetClientVersionResult"),
]

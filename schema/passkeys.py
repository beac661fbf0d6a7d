"""Passkeys: making one, keeping them in order, and what a device is asked with."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import strawberry

from models import passkeys as rows
from schema import ids
from schema.problems import factors
from schema.problems import passkeys as problems
from schema.problems import sessions as session_problems

CREDENTIAL: Final = (
    "What the device answered, as JSON: `JSON.stringify(credential)` in a browser. At most 8192 "
    "characters."
)


@strawberry.type(
    description="A passkey: a key on somebody's device, which signs once its owner has shown a "
    "finger, a face or the screen's lock. Only its public half is here."
)
class Passkey:
    id: strawberry.ID
    name: str = strawberry.field(description="What its owner calls it.")
    is_synced: bool = strawberry.field(
        description="Whether the device said that its owner's other devices have it too."
    )
    created_at: datetime
    used_at: datetime | None = strawberry.field(description="When last; null for never yet.")

    @classmethod
    def of(cls, row: rows.Passkey) -> Passkey:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PASSKEY, row.id)),
            name=row.name,
            is_synced=row.is_synced,
            created_at=row.created_at,
            used_at=row.used_at,
        )


@strawberry.type(description="Ask the device with this, within five minutes.")
class PasskeyAsked:
    options: str = strawberry.field(
        description="JSON for the browser: `PublicKeyCredential.parseCreationOptionsFromJSON` to "
        "make a passkey, `parseRequestOptionsFromJSON` to use one."
    )


@strawberry.input
class FinishPasskeyInput:
    name: str = strawberry.field(description="What to call it; 1 to 64 visible characters.")
    credential: str = strawberry.field(description=CREDENTIAL)


@strawberry.type(description="The passkey is yours; a letter about it is on its way.")
class PasskeyAdded:
    passkey: Passkey


@strawberry.input
class NamePasskeyInput:
    passkey_id: strawberry.ID = strawberry.field(description="One of yours.")
    name: str = strawberry.field(description="1 to 64 visible characters.")


@strawberry.type(description="The passkey is called so.")
class PasskeyNamed:
    passkey: Passkey


@strawberry.input
class RemovePasskeyInput:
    passkey_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.type(
    description="The passkey proves nothing any more; a letter about it is on its way. The device "
    "keeps its half until its owner deletes it there."
)
class PasskeyRemoved:
    passkey: Passkey


StartPasskeyResult = Annotated[
    PasskeyAsked | session_problems.ProofNeeded | problems.TooManyPasskeys,
    strawberry.union("StartPasskeyResult"),
]
FinishPasskeyResult = Annotated[
    PasskeyAdded | problems.PasskeyRefused | problems.PasskeyNameInvalid | problems.TooManyPasskeys,
    strawberry.union("FinishPasskeyResult"),
]
NamePasskeyResult = Annotated[
    PasskeyNamed | problems.PasskeyNameInvalid, strawberry.union("NamePasskeyResult")
]
RemovePasskeyResult = Annotated[
    PasskeyRemoved | session_problems.ProofNeeded | factors.FactorRequired,
    strawberry.union("RemovePasskeyResult"),
]
StartPasskeyProofResult = Annotated[
    PasskeyAsked | problems.NoPasskeys, strawberry.union("StartPasskeyProofResult")
]

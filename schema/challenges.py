"""Challenges: what must be proved for one quote, and the ways to do it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import challenges
from models import quotes
from schema import ids
from schema.problems import challenges as problems
from schema.problems.contacts import NoUsableContact, TooManyCodes
from schema.problems.money import ChallengeSpent


@strawberry.enum(description="A way to prove that it is you.")
class ProofMethod(Enum):
    PIN = challenges.Method.PIN
    PIN_AND_CODE = strawberry.enum_value(
        challenges.Method.PIN_AND_CODE,
        description="The PIN with a code of the authenticator app or, without one, the code that "
        "`sendChallengeCode` sends.",
    )
    PASSKEY = strawberry.enum_value(
        challenges.Method.PASSKEY, description="A fingerprint, a face or a screen lock."
    )


@strawberry.type(description="What must be proved for exactly one quote, once.")
class Challenge:
    id: strawberry.ID
    methods: list[ProofMethod] = strawberry.field(description="Any one of these is enough.")
    passkey_options: str | None = strawberry.field(
        description="What `PublicKeyCredential.parseRequestOptionsFromJSON` takes, as JSON text; "
        "null for whoever has no passkey."
    )
    expires_at: datetime

    @classmethod
    def of(cls, row: quotes.Challenge, ways: challenges.Ways) -> Challenge:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.CHALLENGE, row.id)),
            methods=[ProofMethod(each) for each in ways.methods],
            passkey_options=ways.passkey_options,
            expires_at=row.expires_at,
        )


@strawberry.input
class PinAndCodeInput:
    pin: str
    code: str = strawberry.field(
        description="Six digits: of the authenticator app, else as they were sent."
    )


@strawberry.input(
    description="Proof that it is you: one of the ways a challenge names.", one_of=True
)
class ProofInput:
    pin: strawberry.Maybe[str]
    pin_and_code: strawberry.Maybe[PinAndCodeInput]
    passkey: strawberry.Maybe[str] = strawberry.field(
        description="What the device answered to `passkeyOptions`: `JSON.stringify(credential)`."
    )

    def shown(self) -> challenges.Proof:
        """What is shown; one of the ways is always given."""
        if self.pin is not None:
            return challenges.Proof(pin=self.pin.value)
        if self.pin_and_code is not None:
            both = self.pin_and_code.value
            return challenges.Proof(pin=both.pin, code=both.code)
        assert self.passkey is not None
        return challenges.Proof(passkey=self.passkey.value)


@strawberry.input
class SendChallengeCodeInput:
    challenge_id: strawberry.ID


@strawberry.type(description="A code is on its way; it is valid ten minutes, the challenge less.")
class ChallengeCodeSent:
    masked_contact: str = strawberry.field(description="Where to, such as a***@example.org.")


SendChallengeCodeResult = Annotated[
    ChallengeCodeSent | ChallengeSpent | problems.CodeInApp | NoUsableContact | TooManyCodes,
    strawberry.union("SendChallengeCodeResult"),
]

"""Signing in, staying in, signing out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from domain import sessions
from models.sessions import Limit
from schema.contacts import Contact
from schema.devices import DeviceInput
from schema.people import Person
from schema.problems import contacts as contact_problems
from schema.problems import money as money_problems
from schema.problems import passkeys as passkey_problems
from schema.problems import sessions as problems


@strawberry.type(
    description="Tokens of one session. The access token goes into the header "
    "`Authorization: Bearer …` and lives 15 minutes; the refresh token renews both, once."
)
class Tokens:
    access_token: str
    refresh_token: str
    access_expires_at: datetime
    session_expires_at: datetime = strawberry.field(
        description="When the session ends whatever happens. One at the desk is over as well when "
        "it was not used for 15 minutes."
    )

    @classmethod
    def of(cls, tokens: sessions.Tokens) -> Tokens:
        return cls(
            access_token=tokens.access,
            refresh_token=tokens.refresh,
            access_expires_at=tokens.access_expires_at,
            session_expires_at=tokens.session_expires_at,
        )


@strawberry.input
class SignInInput:
    name: str = strawberry.field(
        description="Account name, verified telephone number or verified e-mail address."
    )
    password: str
    code: str | None = strawberry.field(
        default=None,
        description="The code of the authenticator app or a recovery code, for whoever has one.",
    )
    device: DeviceInput | None = strawberry.field(
        default=None, description="Without it, or without its token, the device is a new one."
    )


@strawberry.type(description="You are in.")
class SignedIn:
    person: Person | None = strawberry.field(
        description="Null when the password must be changed before anything else."
    )
    tokens: Tokens
    device_token: str = strawberry.field(
        description="By which this device is known the next time: show it in `device` then. It "
        "opens nothing, and belongs to this person only."
    )
    must_change_password: bool = strawberry.field(
        description="Whether the session can do nothing but change the password, and end."
    )

    @classmethod
    def of(cls, signed_in: sessions.SignedIn) -> SignedIn:
        must_change = signed_in.session.limited_to is Limit.CHANGE_PASSWORD
        return cls(
            person=None if must_change else Person.of(signed_in.person),
            tokens=Tokens.of(signed_in.tokens),
            device_token=signed_in.device_token,
            must_change_password=must_change,
        )


SignInResult = Annotated[
    SignedIn
    | problems.SignInRefused
    | problems.SignInLocked
    | problems.SignInThrottled
    | problems.SecondFactorRequired,
    strawberry.union("SignInResult"),
]


@strawberry.input
class RefreshSessionInput:
    refresh_token: str


@strawberry.type(
    description="New tokens; the ones shown are spent. Repeated within ten seconds, because an "
    "answer was lost, it gives the same tokens again."
)
class SessionRefreshed:
    tokens: Tokens


RefreshSessionResult = Annotated[
    SessionRefreshed | problems.SessionEnded, strawberry.union("RefreshSessionResult")
]


@strawberry.type(description="The session is over, on every device that held its tokens.")
class SignedOut:
    ended_at: datetime


@strawberry.input(description="One thing that proves that it is you.", one_of=True)
class IdentityProofInput:
    password: strawberry.Maybe[str]
    pin: strawberry.Maybe[str] = strawberry.field(description="The payment PIN.")
    code: strawberry.Maybe[str] = strawberry.field(
        description="A code of the authenticator app, or a recovery code."
    )
    contact_code: strawberry.Maybe[str] = strawberry.field(
        description="The six digits that `sendProofCode` sent for this session."
    )
    passkey: strawberry.Maybe[str] = strawberry.field(
        description="What the device answered to `startPasskeyProof` of this session, as JSON."
    )

    def way(self) -> str:
        """The name of the one field that was given."""
        given = {
            "password": self.password,
            "pin": self.pin,
            "code": self.code,
            "passkey": self.passkey,
        }
        return next((name for name, said in given.items() if said is not None), "contactCode")


@strawberry.input
class ProveIdentityInput:
    proof: IdentityProofInput


@strawberry.type(description="It is you; what asks for proof in this session will take it.")
class IdentityProved:
    until: datetime = strawberry.field(description="For how long this proof counts: 10 minutes.")


ProveIdentityResult = Annotated[
    IdentityProved
    | problems.ProofRefused
    | problems.SignInLocked
    | money_problems.PinNotSet
    | money_problems.WrongPin
    | money_problems.PinLocked
    | contact_problems.CodeWrong
    | contact_problems.CodeExpired
    | passkey_problems.PasskeyRefused,
    strawberry.union("ProveIdentityResult"),
]


@strawberry.input
class SendProofCodeInput:
    contact_id: strawberry.ID = strawberry.field(description="One of yours.")


@strawberry.type(description="A code is on its way; only this session can use it.")
class ProofCodeSent:
    contact: Contact


SendProofCodeResult = Annotated[
    ProofCodeSent | problems.ContactNotUsable | contact_problems.TooManyCodes,
    strawberry.union("SendProofCodeResult"),
]

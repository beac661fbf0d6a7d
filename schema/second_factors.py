"""Second factors: an authenticator app, and recovery codes for when it is gone."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

import strawberry

from domain import second_factors, totps
from models.factors import FactorLoss
from schema import pictures
from schema.context import Info
from schema.problems import factors as problems
from schema.problems.sessions import ProofNeeded
from schema.texts import Text

_TITLE: Final = Text(en="Code for your authenticator app", zh="身份验证器绑定码")
_RECOVERY_CODES: Final = (
    "Ten codes that each stand in for the second factor once. They are shown now and never again: "
    "show them large, and offer to print them."
)


@strawberry.type(description="What somebody has besides their password.")
class SecondFactors:
    totp: bool = strawberry.field(description="Whether an authenticator app is set up.")
    passkeys: int = strawberry.field(description="How many passkeys there are.")
    recovery_codes_left: int = strawberry.field(description="How many were not used yet.")

    @classmethod
    def of(cls, standing: second_factors.Standing) -> SecondFactors:
        return cls(
            totp=standing.has_totp,
            passkeys=standing.passkeys,
            recovery_codes_left=standing.recovery_codes_left,
        )


@strawberry.type(description="The report that somebody lost all their second factors.")
class FactorLossWaiting:
    reported_at: datetime
    decidable_at: datetime = strawberry.field(
        description="Until when its owner alone has a say; then somebody at the desk decides."
    )

    @classmethod
    def of(cls, row: FactorLoss) -> FactorLossWaiting:
        assert row.reported_at is not None
        assert row.decidable_at is not None
        return cls(reported_at=row.reported_at, decidable_at=row.decidable_at)


@strawberry.type(
    description="An authenticator app that is being set up. Its secret is shown now and never "
    "again, and none of its codes counts before `finishTotp`."
)
class TotpStarted:
    secret: str = strawberry.field(description="Base32, for apps that it is typed into.")
    uri: str = strawberry.field(description="The same as an otpauth address, for apps here.")
    expires_at: datetime = strawberry.field(description="When `finishTotp` comes too late.")

    @strawberry.field(
        description="The same as a picture: a QR code as SVG, scaled by whoever shows it, with the "
        "white edge that scanners need."
    )
    async def svg(self, info: Info) -> str:
        return await pictures.qr_code(self.uri, _TITLE.said(info.context.language))

    @classmethod
    def of(cls, started: totps.Started) -> TotpStarted:
        return cls(secret=started.secret, uri=started.uri, expires_at=started.expires_at)


@strawberry.input
class FinishTotpInput:
    code: str = strawberry.field(description="The six digits that the app shows now.")


@strawberry.type(description="Signing in asks for a code of the app from now on.")
class TotpConfirmed:
    recovery_codes: list[str] = strawberry.field(description=_RECOVERY_CODES)


@strawberry.type(
    description="The app counts no more, and all other sessions are over; recovery codes went with "
    "the last second factor."
)
class TotpRemoved:
    second_factors: SecondFactors


@strawberry.type(description="Here are fresh recovery codes; those there were are void.")
class RecoveryCodesMade:
    recovery_codes: list[str] = strawberry.field(description=_RECOVERY_CODES)


StartTotpResult = Annotated[TotpStarted | ProofNeeded, strawberry.union("StartTotpResult")]
FinishTotpResult = Annotated[
    TotpConfirmed | problems.TotpNotStarted | problems.TotpCodeWrong,
    strawberry.union("FinishTotpResult"),
]
RemoveTotpResult = Annotated[
    TotpRemoved | ProofNeeded | problems.TotpNotSet | problems.FactorRequired,
    strawberry.union("RemoveTotpResult"),
]
MakeRecoveryCodesResult = Annotated[
    RecoveryCodesMade | ProofNeeded | problems.NoSecondFactor,
    strawberry.union("MakeRecoveryCodesResult"),
]

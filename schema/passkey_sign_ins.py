"""Signing in with a passkey."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.devices import DeviceInput
from schema.passkeys import CREDENTIAL
from schema.problems import passkeys as problems
from schema.sessions import SignedIn


@strawberry.input
class SignInWithPasskeyInput:
    credential: str = strawberry.field(description=CREDENTIAL)
    device: DeviceInput | None = strawberry.field(
        default=None, description="Without it, or without its token, the device is a new one."
    )


SignInWithPasskeyResult = Annotated[
    SignedIn | problems.PasskeyRefused, strawberry.union("SignInWithPasskeyResult")
]

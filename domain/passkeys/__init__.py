"""Passkeys: made on a device for one person, to sign in, to prove it is them, and to pay."""

from __future__ import annotations

from typing import Final

from domain.fresh_proofs import ProofNeeded
from domain.passkeys.keeping import owned, remove, rename
from domain.passkeys.payments import payment_challenge, payment_options, prove_payment
from domain.passkeys.proving import prove, start_proof
from domain.passkeys.refusals import (
    NoPasskeys,
    PasskeyNameInvalid,
    PasskeyRefused,
    TooManyPasskeys,
)
from domain.passkeys.registering import finish, start
from domain.passkeys.relying_parties import RelyingParty, install
from domain.passkeys.signing_in import sign_in, start_sign_in
from domain.second_factors import FactorRequired

__all__ = [
    "NoPasskeys",
    "PasskeyNameInvalid",
    "PasskeyRefused",
    "RelyingParty",
    "TooManyPasskeys",
    "finish",
    "install",
    "owned",
    "payment_challenge",
    "payment_options",
    "prove",
    "prove_payment",
    "remove",
    "rename",
    "sign_in",
    "start",
    "start_proof",
    "start_sign_in",
]

START_REFUSALS: Final = (ProofNeeded, TooManyPasskeys)
FINISH_REFUSALS: Final = (PasskeyNameInvalid, PasskeyRefused, TooManyPasskeys)
RENAME_REFUSALS: Final = (PasskeyNameInvalid,)
REMOVE_REFUSALS: Final = (ProofNeeded, FactorRequired)
SIGN_IN_REFUSALS: Final = (PasskeyRefused,)
START_PROOF_REFUSALS: Final = (NoPasskeys,)

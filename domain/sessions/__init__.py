"""Sessions: opened by who proved who they are, kept with tokens, ended; and who is asking."""

from __future__ import annotations

from typing import Final

from domain.fresh_proofs import ProofNeeded
from domain.guards import SignInLocked, SignInThrottled
from domain.sessions.ending import (
    end_all,
    end_one,
    end_others,
    forget_device,
    lift_limit,
    sign_out,
)
from domain.sessions.identities import Identity, identity, live, note_seen, open_ones
from domain.sessions.opening import (
    CLIENT_MAX,
    SESSION_LIVES,
    SignedIn,
    may_open,
    open_session,
    sign_in,
)
from domain.sessions.refusals import SecondFactorRequired, SessionEnded, SignInRefused
from domain.sessions.renewing import GRACE, refresh
from domain.sessions.tokens import ACCESS_LIVES, Tokens

__all__ = [
    "ACCESS_LIVES",
    "CLIENT_MAX",
    "GRACE",
    "SESSION_LIVES",
    "Identity",
    "SecondFactorRequired",
    "SessionEnded",
    "SignInRefused",
    "SignedIn",
    "Tokens",
    "end_all",
    "end_one",
    "end_others",
    "forget_device",
    "identity",
    "lift_limit",
    "live",
    "may_open",
    "note_seen",
    "open_ones",
    "open_session",
    "refresh",
    "sign_in",
    "sign_out",
]

SIGN_IN_REFUSALS: Final = (SignInRefused, SignInLocked, SignInThrottled, SecondFactorRequired)
REFRESH_REFUSALS: Final = (SessionEnded,)
END_REFUSALS: Final = (ProofNeeded,)
END_OTHERS_REFUSALS: Final = (ProofNeeded,)
FORGET_DEVICE_REFUSALS: Final = (ProofNeeded,)

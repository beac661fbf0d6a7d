"""Freezing a person: nothing leaves their wallets until an equal or stronger owner lifts it.

A posting reads the freeze on the account rows it has locked, so it is done either before the
freeze or refused after it.
"""

from typing import Final

from domain import audit
from domain.freezes.own import UNFREEZE_PROOFS, freeze_by_link, freeze_own, unfreeze_own
from domain.freezes.placing import AlreadyFrozen, FreezeIsStronger, NotFrozen, freeze, lift
from domain.fresh_proofs import ProofNeeded

FREEZE_REFUSALS: Final = (audit.ReasonRequired, AlreadyFrozen)
LIFT_REFUSALS: Final = (audit.ReasonRequired, NotFrozen, FreezeIsStronger)
UNFREEZE_REFUSALS: Final = (ProofNeeded, NotFrozen, FreezeIsStronger)

__all__ = [
    "FREEZE_REFUSALS",
    "LIFT_REFUSALS",
    "UNFREEZE_PROOFS",
    "UNFREEZE_REFUSALS",
    "AlreadyFrozen",
    "FreezeIsStronger",
    "NotFrozen",
    "freeze",
    "freeze_by_link",
    "freeze_own",
    "lift",
    "unfreeze_own",
]

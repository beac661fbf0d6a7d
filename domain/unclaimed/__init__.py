"""Transfers to a telephone number that is nobody's yet: they wait a day for whoever proves it.

The money is set aside as for any transfer that waits, towards the house's account for what is in
transit, and can be called back all the while. When it is claimed it goes there and on to the
claimer's wallet, in one decision; else it is the payer's again.
"""

from __future__ import annotations

from domain.unclaimed.claiming import CLAIM_REFUSALS, NotClaimable, claim
from domain.unclaimed.waiting import (
    LIVES,
    MOST_WAITING,
    RETURN_JOB,
    TELL_JOB,
    UNCLAIMED,
    TooManyUnclaimed,
    begin,
    beneficiary,
    go_on_in,
    is_unclaimed,
    keep,
    note_told,
    place,
    refuse_flood,
    return_unclaimed,
    to_tell,
)

__all__ = [
    "CLAIM_REFUSALS",
    "LIVES",
    "MOST_WAITING",
    "RETURN_JOB",
    "TELL_JOB",
    "UNCLAIMED",
    "NotClaimable",
    "TooManyUnclaimed",
    "begin",
    "beneficiary",
    "claim",
    "go_on_in",
    "is_unclaimed",
    "keep",
    "note_told",
    "place",
    "refuse_flood",
    "return_unclaimed",
    "to_tell",
]

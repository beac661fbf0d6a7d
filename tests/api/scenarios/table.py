"""One scenario for each code, at each place where it comes out."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Place
from tests.api.scenarios import (
    client_versions,
    closings,
    contacts,
    desk,
    exports,
    factors,
    limits,
    passkeys,
    passwords,
    payments,
    people,
    proofs,
    receipts,
    receive_codes,
    requests,
    risk,
    sessions,
    verification_requests,
    wires,
)
from tests.api.scenarios.stage import Scenarios

SCENARIOS: Final[dict[Place, Scenarios]] = {
    Place.PROBLEM: {
        **requests.PROBLEMS,
        **payments.PROBLEMS,
        **limits.PROBLEMS,
        **receive_codes.PROBLEMS,
        **receipts.PROBLEMS,
        **risk.PROBLEMS,
        **proofs.PROBLEMS,
        **people.PROBLEMS,
        **passwords.PROBLEMS,
        **contacts.PROBLEMS,
        **passkeys.PROBLEMS,
        **sessions.PROBLEMS,
        **factors.PROBLEMS,
        **client_versions.PROBLEMS,
        **closings.PROBLEMS,
        **verification_requests.PROBLEMS,
        **exports.PROBLEMS,
        **desk.PROBLEMS,
    },
    Place.FAILURE: {**payments.FAILURES, **limits.FAILURES, **risk.FAILURES},
    Place.TOP_LEVEL: {
        **requests.TOP_LEVEL,
        **sessions.TOP_LEVEL,
        **wires.TOP_LEVEL,
        **client_versions.TOP_LEVEL,
        **verification_requests.TOP_LEVEL,
    },
}

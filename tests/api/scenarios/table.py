"""One scenario for each code, at each place where it comes out."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Place
from tests.api.scenarios import (
    desk,
    payments,
    people,
    proofs,
    receipts,
    receive_codes,
    requests,
    sessions,
    wires,
)
from tests.api.scenarios.stage import Scenarios

SCENARIOS: Final[dict[Place, Scenarios]] = {
    Place.PROBLEM: {
        **requests.PROBLEMS,
        **payments.PROBLEMS,
        **receive_codes.PROBLEMS,
        **receipts.PROBLEMS,
        **proofs.PROBLEMS,
        **people.PROBLEMS,
        **sessions.PROBLEMS,
        **desk.PROBLEMS,
    },
    Place.FAILURE: payments.FAILURES,
    Place.TOP_LEVEL: {**requests.TOP_LEVEL, **sessions.TOP_LEVEL, **wires.TOP_LEVEL},
}

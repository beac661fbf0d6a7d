"""Transfers between people: shown first, proved, then done."""

from __future__ import annotations

from domain.settlements import SETTLE_JOB
from domain.transfers.arrivals import Arrival
from domain.transfers.confirming import CONFIRM_REFUSALS, Confirmation, confirm
from domain.transfers.ending import CANCEL_REFUSALS, CannotCancel, cancel, settle
from domain.transfers.preparing import PREPARE_REFUSALS, Prepared, Wish, prepare
from domain.transfers.quotes import QuoteExpired, intent

__all__ = [
    "CANCEL_REFUSALS",
    "CONFIRM_REFUSALS",
    "PREPARE_REFUSALS",
    "SETTLE_JOB",
    "Arrival",
    "CannotCancel",
    "Confirmation",
    "Prepared",
    "QuoteExpired",
    "Wish",
    "cancel",
    "confirm",
    "intent",
    "prepare",
    "settle",
]

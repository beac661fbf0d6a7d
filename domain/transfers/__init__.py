"""Transfers between people: shown first, proved, then done."""

from __future__ import annotations

from domain.arrivals import Arrival
from domain.confirming import Confirmation
from domain.quotes import QuoteExpired, intent
from domain.settlements import SETTLE_JOB
from domain.transfers.confirming import CONFIRM_REFUSALS, confirm
from domain.transfers.ending import CANCEL_REFUSALS, CannotCancel, cancel, settle
from domain.transfers.preparing import PREPARE_REFUSALS, Prepared, Wish, prepare
from domain.transfers.to_phones import PreparedToPhone, prepare_to_phone

__all__ = [
    "CANCEL_REFUSALS",
    "CONFIRM_REFUSALS",
    "PREPARE_REFUSALS",
    "SETTLE_JOB",
    "Arrival",
    "CannotCancel",
    "Confirmation",
    "Prepared",
    "PreparedToPhone",
    "QuoteExpired",
    "Wish",
    "cancel",
    "confirm",
    "intent",
    "prepare",
    "prepare_to_phone",
    "settle",
]

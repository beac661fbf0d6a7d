"""Payments to merchants: prepared, proved, then the merchant's, at once or as it captures them."""

from __future__ import annotations

from domain.confirming import Confirmation
from domain.payments.capturing import CAPTURE_REFUSALS, capture
from domain.payments.confirming import AUTHORIZED_FOR, CONFIRM_REFUSALS, VOID_JOB, confirm
from domain.payments.ending import VOID_REFUSALS, expire, give_back_in, void
from domain.payments.meant import Wish
from domain.payments.preparing import PREPARE_REFUSALS, Prepared, prepare
from domain.payments.refusals import (
    AmountMismatch,
    CaptureBlocked,
    CaptureExceeds,
    MerchantMismatch,
    NothingToCapture,
    NothingToVoid,
)
from domain.payments.states import Action, State, actions, state

__all__ = [
    "AUTHORIZED_FOR",
    "CAPTURE_REFUSALS",
    "CONFIRM_REFUSALS",
    "PREPARE_REFUSALS",
    "VOID_JOB",
    "VOID_REFUSALS",
    "Action",
    "AmountMismatch",
    "CaptureBlocked",
    "CaptureExceeds",
    "Confirmation",
    "MerchantMismatch",
    "NothingToCapture",
    "NothingToVoid",
    "Prepared",
    "State",
    "Wish",
    "actions",
    "capture",
    "confirm",
    "expire",
    "give_back_in",
    "prepare",
    "state",
    "void",
]

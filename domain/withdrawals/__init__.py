"""Withdrawals: money from a wallet to a bank account, shown first, proved, then handed over."""

from __future__ import annotations

from domain.confirming import Confirmation
from domain.withdrawals.cancelling import CANCEL_REFUSALS, CannotCancelWithdrawal, cancel
from domain.withdrawals.confirming import CONFIRM_REFUSALS, SUBMIT_JOB, confirm
from domain.withdrawals.preparing import (
    PREPARE_REFUSALS,
    Prepared,
    Wish,
    WithdrawalsUnavailable,
    prepare,
)

__all__ = [
    "CANCEL_REFUSALS",
    "CONFIRM_REFUSALS",
    "PREPARE_REFUSALS",
    "SUBMIT_JOB",
    "CannotCancelWithdrawal",
    "Confirmation",
    "Prepared",
    "Wish",
    "WithdrawalsUnavailable",
    "cancel",
    "confirm",
    "prepare",
]

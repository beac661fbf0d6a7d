"""Forgotten passwords: a letter to a contact of one's own, and another password for it."""

from __future__ import annotations

from typing import Final

from domain import passwords
from domain.password_resets.asking import SEND_JOB, Asked, ask, identify
from domain.password_resets.completing import ByCode, ByLink, complete, refuse_dead
from domain.password_resets.refusals import ResetDead, TooManyResets

__all__ = [
    "SEND_JOB",
    "Asked",
    "ByCode",
    "ByLink",
    "ResetDead",
    "TooManyResets",
    "ask",
    "complete",
    "identify",
    "refuse_dead",
]

ASK_REFUSALS: Final = (TooManyResets,)
COMPLETE_REFUSALS: Final = (ResetDead, passwords.PasswordTooWeak, passwords.PasswordUsedBefore)

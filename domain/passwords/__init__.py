"""Passwords: which may be chosen, how they are kept, and how long they are good for."""

from __future__ import annotations

from domain.passwords.ageing import (
    REMIND_BEFORE,
    expires_at,
    mark_compromised,
    must_change,
    notice,
    set_at,
)
from domain.passwords.block_lists import BlockList, BlockListUnusable, block_list
from domain.passwords.hashing import MAX_BYTES, hashed, is_outdated, is_right
from domain.passwords.history import NOT_AGAIN, PasswordUsedBefore, refuse_used, replace
from domain.passwords.policies import MAX_LENGTH, Policy, Profile, install, policy
from domain.passwords.rules import Owner, PasswordTooWeak, Reason, check, owner
from domain.passwords.suggestions import suggestion

__all__ = [
    "MAX_BYTES",
    "MAX_LENGTH",
    "NOT_AGAIN",
    "REMIND_BEFORE",
    "BlockList",
    "BlockListUnusable",
    "Owner",
    "PasswordTooWeak",
    "PasswordUsedBefore",
    "Policy",
    "Profile",
    "Reason",
    "block_list",
    "check",
    "expires_at",
    "hashed",
    "install",
    "is_outdated",
    "is_right",
    "mark_compromised",
    "must_change",
    "notice",
    "owner",
    "policy",
    "refuse_used",
    "replace",
    "set_at",
    "suggestion",
]

"""Merchants: who they are, who acts for them, and whether they take payments."""

from __future__ import annotations

from domain.merchants.accounts import account, accounts, was_paid
from domain.merchants.actors import Actor, KeyHolder, ScopeMissing, acting, holder, working
from domain.merchants.api_keys import CREATE_KEY_REFUSALS, MerchantNotAccepted
from domain.merchants.applications import (
    APPLY_REFUSALS,
    DECIDE_REFUSALS,
    READ_REFUSALS,
    MerchantApplicationOpen,
    MerchantCategoryInvalid,
    MerchantDecided,
    MerchantNameInvalid,
    Particulars,
    apply,
    decide,
    look_at,
    page,
)
from domain.merchants.handovers import ACCEPT_REFUSALS, OFFER_REFUSALS, accept, offer
from domain.merchants.members import (
    ADD_MEMBER_REFUSALS,
    LEAVE_REFUSALS,
    REMOVE_MEMBER_REFUSALS,
    SET_ROLE_REFUSALS,
    leave,
    merchants_of,
)
from domain.merchants.scopes import KEY_SCOPES, Scope, scopes_of
from domain.merchants.statuses import (
    CLOSE_REFUSALS,
    PAUSE_REFUSALS,
    REINSTATE_REFUSALS,
    RESUME_REFUSALS,
    SUSPEND_REFUSALS,
    close,
    pause,
    reinstate,
    resume,
    suspend,
)

__all__ = [
    "ACCEPT_REFUSALS",
    "ADD_MEMBER_REFUSALS",
    "APPLY_REFUSALS",
    "CLOSE_REFUSALS",
    "CREATE_KEY_REFUSALS",
    "DECIDE_REFUSALS",
    "KEY_SCOPES",
    "LEAVE_REFUSALS",
    "OFFER_REFUSALS",
    "PAUSE_REFUSALS",
    "READ_REFUSALS",
    "REINSTATE_REFUSALS",
    "REMOVE_MEMBER_REFUSALS",
    "RESUME_REFUSALS",
    "SET_ROLE_REFUSALS",
    "SUSPEND_REFUSALS",
    "Actor",
    "KeyHolder",
    "MerchantApplicationOpen",
    "MerchantCategoryInvalid",
    "MerchantDecided",
    "MerchantNameInvalid",
    "MerchantNotAccepted",
    "Particulars",
    "Scope",
    "ScopeMissing",
    "accept",
    "account",
    "accounts",
    "acting",
    "apply",
    "close",
    "decide",
    "holder",
    "leave",
    "look_at",
    "merchants_of",
    "offer",
    "page",
    "pause",
    "reinstate",
    "resume",
    "scopes_of",
    "suspend",
    "was_paid",
    "working",
]

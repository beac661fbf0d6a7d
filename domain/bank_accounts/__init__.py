"""Bank accounts and cards: added, checked by the provider, used, and removed."""

from __future__ import annotations

from domain.bank_accounts.adding import ADD_REFUSALS, COOLS, MOST, Account, Card, add
from domain.bank_accounts.checking import (
    CHECK_JOB,
    GUESSED_OUT,
    NUMBER_LOST,
    TRIES,
    Said,
    Verdict,
    ask_later,
    learn,
    to_check,
    was_counted,
)
from domain.bank_accounts.owners import Owner
from domain.bank_accounts.proving import VERIFY_REFUSALS, verify
from domain.bank_accounts.refusals import (
    AlreadyAdded,
    BankAccountCooling,
    BankAccountsUnavailable,
    BankAccountUnusable,
    BankNameInvalid,
    CardExpired,
    CardInvalid,
    CardNumberShown,
    GuessedTooOften,
    HolderDiffers,
    HolderInvalid,
    InUse,
    NothingToVerify,
    NumberInvalid,
    TooManyBankAccounts,
)
from domain.bank_accounts.removing import REMOVE_REFUSALS, remove
from domain.bank_accounts.using import UNUSABLE, Use, owned, usable

__all__ = [
    "ADD_REFUSALS",
    "CHECK_JOB",
    "COOLS",
    "GUESSED_OUT",
    "MOST",
    "NUMBER_LOST",
    "REMOVE_REFUSALS",
    "TRIES",
    "UNUSABLE",
    "VERIFY_REFUSALS",
    "Account",
    "AlreadyAdded",
    "BankAccountCooling",
    "BankAccountUnusable",
    "BankAccountsUnavailable",
    "BankNameInvalid",
    "Card",
    "CardExpired",
    "CardInvalid",
    "CardNumberShown",
    "GuessedTooOften",
    "HolderDiffers",
    "HolderInvalid",
    "InUse",
    "NothingToVerify",
    "NumberInvalid",
    "Owner",
    "Said",
    "TooManyBankAccounts",
    "Use",
    "Verdict",
    "add",
    "ask_later",
    "learn",
    "owned",
    "remove",
    "to_check",
    "usable",
    "verify",
    "was_counted",
]

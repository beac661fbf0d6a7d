"""Proving that a bank account is one's own: by telling which small amount arrived there."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, jobs
from domain.bank_accounts.checking import CHECK_JOB
from domain.bank_accounts.owners import Owner
from domain.bank_accounts.refusals import NothingToVerify
from domain.bank_accounts.using import owned
from domain.decisions import decision
from models.bank_accounts import BankAccount, BankAccountStatus

VERIFY_REFUSALS: Final = (amounts.AmountInvalid, amounts.CurrencyMismatch, NothingToVerify)


async def verify(
    bank_account_id: UUID, *, owner: Owner, amount: int, currency: str, now: datetime
) -> BankAccount:
    """Has the provider asked whether it sent that amount, in minor units of `currency`.

    The answer is not known yet: the bank account will be VERIFIED, or have a try less. The same
    amount again, while it is being asked about, changes nothing.

    Raises:
        NotFound: it is none of the owner's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        NothingToVerify: no amount is awaited, or another one is being asked about.
    """
    known = await owned(bank_account_id, owner.id)
    tried = amounts.checked(amount, currency, wallet_currency=known.currency)
    async with decision() as announce:
        row = await BankAccount.filter(id=known.id).select_for_update(no_key=True).get()
        if row.status is BankAccountStatus.AMOUNT_SENT and row.amount_tried == tried:
            return row
        if row.status is not BankAccountStatus.AMOUNT_SENT or row.amount_tried is not None:
            raise NothingToVerify
        row.amount_tried = tried
        await row.save(update_fields=["amount_tried"])
        await jobs.enqueue(announce, CHECK_JOB, subject_id=row.id, due_at=now)
    return row

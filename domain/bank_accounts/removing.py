"""Removing a bank account or card: nothing is taken from it or paid to it any more."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import contacts, fresh_proofs, sealed_files
from domain.bank_accounts.owners import Owner
from domain.bank_accounts.refusals import InUse
from domain.bank_accounts.using import owned
from domain.decisions import decision
from domain.sessions import Identity
from models.bank_accounts import BankAccount, BankAccountStatus
from models.movements import Movement
from models.providers import ProviderOrder
from models.security_events import EventKind

REMOVE_REFUSALS: Final = (fresh_proofs.ProofNeeded, InUse)


async def remove(
    bank_account_id: UUID, *, owner: Owner, by: Identity, now: datetime, address: str = ""
) -> BankAccount:
    """Ends the bank account for good; its owner is told. Asked again, it changes nothing.

    Raises:
        NotFound: it is none of the owner's.
        ProofNeeded: see `contacts.require_proof`.
        InUse: money is under way to it or from it.
    """
    known = await owned(bank_account_id, owner.id)
    await contacts.require_proof(by, now)
    async with decision() as announce:
        row = await BankAccount.filter(id=known.id).select_for_update(no_key=True).get()
        if row.status is BankAccountStatus.REMOVED:
            return row
        if await _is_in_use(row):
            raise InUse
        file_id, row.file_id = row.file_id, None
        row.status, row.amount_tried = BankAccountStatus.REMOVED, None
        # Of a refused one it stays: by it is counted when it may be guessed about again.
        row.ended_at = row.ended_at or now
        await row.save()
        if file_id is not None:
            await sealed_files.remove(file_id)
        await owner.tell(
            announce, EventKind.BANK_ACCOUNT_REMOVED, row, by=by, now=now, address=address
        )
    return row


async def _is_in_use(row: BankAccount) -> bool:
    handed = await ProviderOrder.filter(bank_account_id=row.id).values_list(
        "movement_id", flat=True
    )
    return await Movement.filter(id__in=handed, settled_at__isnull=True).exists()

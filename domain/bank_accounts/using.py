"""Which bank account or card may be used, and for what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from domain.bank_accounts.refusals import BankAccountCooling, BankAccountUnusable
from domain.refusals import NotFound
from models.bank_accounts import BankAccount, BankAccountStatus


class Use(StrEnum):
    """Which way the money would go."""

    TOP_UP = "top_up"
    WITHDRAWAL = "withdrawal"


UNUSABLE: Final = (BankAccountUnusable, BankAccountCooling)


async def owned(id: UUID, owner: UUID) -> BankAccount:
    """The bank account of a person or merchant, whatever its status.

    Raises:
        NotFound: it is none of theirs.
    """
    account = await _theirs(id, owner).get_or_none()
    if account is None:
        raise NotFound
    return account


async def usable(id: UUID, *, owner: UUID, for_: Use, now: datetime) -> BankAccount:
    """The bank account of the person or merchant `owner`, if it may be used for this now.

    Its `currency` is for the caller to compare with the wallet's. Locked in the caller's decision,
    if there is one: nobody removes it before that is committed.

    Raises:
        NotFound: it is none of theirs.
        BankAccountUnusable: it is not verified, or no longer there, or a card that has expired.
        BankAccountCooling: it was added lately, and money would go to it.
    """
    account = await _theirs(id, owner).select_for_update(no_key=True).get_or_none()
    if account is None:
        raise NotFound
    is_expired = account.expires_on is not None and account.expires_on < now.date()
    if account.status is not BankAccountStatus.VERIFIED or is_expired:
        raise BankAccountUnusable(account.status)
    if for_ is Use.WITHDRAWAL and account.usable_for_withdrawal_from > now:
        raise BankAccountCooling(account.usable_for_withdrawal_from)
    return account


def _theirs(id: UUID, owner: UUID) -> QuerySet[BankAccount]:
    return BankAccount.filter(Q(person_id=owner) | Q(merchant_id=owner), id=id)

"""Wallets: one for each person and currency."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import jobs
from domain.decisions import decision
from domain.money import EXPONENTS, MinorUnits
from domain.refusals import NotFound, Refusal
from models.freezes import FreezeOwner
from models.ids import new_id
from models.people import Person
from models.wallets import Account, AccountKind, Side

REOPENED_JOB: Final = "wallet_reopened"
"""Subject: a wallet that was closed; what has waited for it arrives."""


class CurrencyNotOffered(Refusal):
    """uPay keeps no wallets in this currency."""

    def __init__(self, currency: str) -> None:
        super().__init__("uPay does not offer this currency.")
        self.currency = currency


class FrozenByOwner(Refusal):
    """The payer froze their own payments; nothing leaves the wallet."""

    def __init__(self) -> None:
        super().__init__("You have frozen your payments.")


class Restricted(Refusal):
    """uPay froze the payer's payments; nothing leaves the wallet."""

    def __init__(self) -> None:
        super().__init__("Payments from this account are restricted.")


class WalletClosed(Refusal):
    def __init__(self) -> None:
        super().__init__("This wallet is closed.")


class InsufficientFunds(Refusal):
    """`missing` is how much more the wallet would need, in minor units of `currency`."""

    def __init__(self, missing: MinorUnits, currency: str) -> None:
        super().__init__("There is not enough money in this wallet.")
        self.missing = missing
        self.currency = currency


class FundsOnHold(Refusal):
    """The money is there, but `missing` of it, in minor units of `currency`, is set aside."""

    def __init__(self, missing: MinorUnits, currency: str) -> None:
        super().__init__("Part of the money in this wallet is set aside.")
        self.missing = missing
        self.currency = currency


OPEN_REFUSALS: Final = (CurrencyNotOffered,)


async def open_wallet(person_id: UUID, currency: str, now: datetime) -> Account:
    """The person's wallet in `currency`, opened now if there was none or it was closed.

    A freeze covers it at once.

    Raises:
        CurrencyNotOffered: uPay keeps no wallets in it.
        NotFound: the person closed their account a moment ago.
    """
    if currency not in EXPONENTS:
        raise CurrencyNotOffered(currency)
    async with decision() as announce:
        # The person's row is locked so that a freeze is either seen here or waits for this wallet.
        owner = await Person.filter(id=person_id).select_for_update(no_key=True).get()
        if owner.closed_at is not None:
            raise NotFound
        await Account.bulk_create(
            [
                Account(
                    id=new_id(),
                    kind=AccountKind.WALLET,
                    normal_side=Side.CREDIT,
                    currency=currency,
                    owner_id=person_id,
                    floor=0,
                    freeze_level=owner.freeze_level,
                    level=owner.level,
                    opened_at=now,
                )
            ],
            ignore_conflicts=True,
        )
        wallet = Account.filter(owner_id=person_id, currency=currency, kind=AccountKind.WALLET)
        is_reopened = await wallet.filter(closed_at__isnull=False).update(closed_at=None)
        opened = await wallet.get()
        if is_reopened:
            await jobs.enqueue(announce, REOPENED_JOB, subject_id=opened.id, due_at=now)
        return opened


def check_can_pay(wallet: Account, amount: MinorUnits) -> None:
    """Whether the wallet could pay `amount`, in its minor units, as it was read.

    A hint for people: the ledger decides under its locks.

    Raises:
        WalletClosed, FrozenByOwner, Restricted, InsufficientFunds, FundsOnHold: it could not.
    """
    if wallet.closed_at is not None:
        raise WalletClosed
    if wallet.freeze_level == FreezeOwner.CUSTOMER:
        raise FrozenByOwner
    if wallet.freeze_level:
        raise Restricted
    missing = amount - wallet.available
    if missing > 0:
        short = InsufficientFunds if wallet.balance < amount else FundsOnHold
        raise short(MinorUnits(missing), wallet.currency)

"""What uPay owes a merchant: an account for each currency, opened when it is first needed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from domain.money import EXPONENTS
from domain.wallets import CurrencyNotOffered
from models.ids import new_id
from models.movements import Movement, MovementKind, MovementStatus
from models.wallets import Account, AccountKind, Side


async def account(merchant_id: UUID, currency: str, now: datetime) -> Account:
    """The merchant's account in `currency`, opened now if there was none.

    Nothing of the merchant is locked: two who open one at once find the same. In a decision it is
    opened with the rest of it; nobody pays into it before that commits.

    Raises:
        CurrencyNotOffered: uPay keeps no accounts in it.
    """
    if currency not in EXPONENTS:
        raise CurrencyNotOffered(currency)
    mine = Account.filter(merchant_id=merchant_id, currency=currency, kind=AccountKind.MERCHANT)
    found = await mine.first()
    if found is not None:
        return found
    opened = Account(
        id=new_id(),
        kind=AccountKind.MERCHANT,
        normal_side=Side.CREDIT,
        currency=currency,
        merchant_id=merchant_id,
        floor=0,
        opened_at=now,
    )
    await Account.bulk_create([opened], ignore_conflicts=True)
    return await mine.get()


async def accounts(merchant_id: UUID) -> list[Account]:
    """What uPay owes the merchant, by currency."""
    owned = Account.filter(merchant_id=merchant_id, kind=AccountKind.MERCHANT)
    return await owned.order_by("currency")


async def was_paid(account_id: UUID, *, by: UUID) -> bool:
    """Whether this person has ever paid the merchant into this account."""
    return await Movement.filter(
        person_id=by,
        kind=MovementKind.MERCHANT_PAYMENT,
        status=MovementStatus.COMPLETED,
        target_id=account_id,
    ).exists()

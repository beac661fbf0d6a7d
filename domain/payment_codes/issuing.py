"""Issuing payment codes: one after another while the customer's screen shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import preparing, wallets
from domain.decisions import decision
from domain.money import MinorUnits
from domain.payment_codes import digits
from domain.sessions import Identity
from models.ids import new_id
from models.payment_codes import PaymentCode
from models.people import Person

LIVES: Final = timedelta(seconds=90)
"""A screen shows another one each minute; the last one is still good while it is scanned."""

ALIVE_MAX: Final = 3
"""Of one person: the one on the screen, the one before, and one of another device."""

ISSUE_REFUSALS: Final = (wallets.WalletClosed, wallets.FrozenByOwner, wallets.Restricted)


@dataclass(frozen=True, slots=True)
class Issued:
    """A code, and its digits, which are nowhere else."""

    code: PaymentCode
    digits: str


async def issue(*, by: Identity, wallet_id: UUID, address: str, now: datetime) -> Issued:
    """A code with which a merchant can charge the wallet once, within a minute and a half.

    `address` is the network address of the caller. When three of the person's are alive the oldest
    of them ends.

    Raises:
        NotFound: the wallet is not one of theirs.
        WalletClosed, FrozenByOwner, Restricted: nothing leaves it.
    """
    wallet = await preparing.wallet_of(by, wallet_id)
    wallets.check_can_pay(wallet, MinorUnits(0))
    said = digits.fresh()
    code = PaymentCode(
        id=new_id(),
        mac=digits.mac(said),
        person_id=by.person_id,
        session_id=by.session_id,
        device_id=by.device_id,
        address=address[:64],
        wallet_id=wallet.id,
        issued_at=now,
        expires_at=now + LIVES,
    )
    async with decision():
        # One at a time, so that asking at once does not leave more of them alive.
        await Person.filter(id=by.person_id).select_for_update(no_key=True).get()
        alive = PaymentCode.filter(
            person_id=by.person_id, order_id__isnull=True, expires_at__gt=now
        )
        kept = await alive.order_by("-issued_at", "-id").limit(ALIVE_MAX - 1)
        await alive.exclude(id__in=[each.id for each in kept]).update(expires_at=now)
        await code.save(force_create=True)
    return Issued(code, said)

"""Preparing a transfer to a telephone number that is nobody's yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain import names, payees, preparing, unclaimed
from domain.preparing import Draft, Shown
from domain.sessions import Identity
from domain.transfers.preparing import Prepared, Wish, asked, prepare
from models.ids import new_id
from models.quotes import QuoteKind


@dataclass(frozen=True, slots=True)
class PreparedToPhone:
    """What the payer is shown; the number as far as it is shown to anybody."""

    shown: Shown
    masked_phone: str


async def prepare_to_phone(
    wish: Wish, *, by: Identity, address: str, now: datetime
) -> Prepared | PreparedToPhone:
    """As `prepare`, and where it finds nobody for a telephone number, a transfer to that number.

    Whoever has an account is prepared for as ever, so it tells no more about numbers than looking
    for a payee does.

    Raises:
        What `prepare` raises; PayeeNotFound only where no number could be sent to.
        TooManyUnclaimed: see `domain.unclaimed`.
    """
    try:
        return await prepare(wish, by=by, address=address, now=now)
    except payees.PayeeNotFound:
        if wish.payee.phone is None:
            raise
    try:
        phone = names.phone(wish.payee.phone)
    except names.PhoneInvalid:
        raise payees.PayeeNotFound from None
    return await _prepare(wish, phone, by, address, now)


async def _prepare(
    wish: Wish, phone: str, by: Identity, address: str, now: datetime
) -> PreparedToPhone:
    wallet = await preparing.wallet_of(by, wish.wallet_id)
    amount, note = asked(wish, wallet, now)
    await unclaimed.refuse_flood(by.person_id)
    id, payee = new_id(), unclaimed.beneficiary(phone)
    draft = Draft(
        kind=QuoteKind.TRANSFER,
        wallet=wallet,
        target_id=unclaimed.place(wallet.currency),
        beneficiary=payee,
        is_new_beneficiary=True,
        amount=amount,
        note=note,
        subject_id=id,
        arrival=wish.arrival,
        can_arrive_later=True,
    )
    shown = await preparing.show(draft, by=by, address=address, now=now)
    # Kept after the quote: of what is refused no number stays behind.
    await unclaimed.keep(id, phone, now)
    return PreparedToPhone(shown, payee.name)

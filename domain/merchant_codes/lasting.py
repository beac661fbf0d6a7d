"""Lasting codes: made for a till, replaced when somebody abuses them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import codes, merchants, texts, wallets
from domain.codes import QrExpired
from domain.decisions import decision
from domain.merchant_codes.refusals import LabelInvalid, TooManyCodes
from domain.refusals import NotFound
from models.ids import new_id
from models.merchant_codes import MerchantCode
from models.merchants import Merchant
from models.places import Place, newest

LABEL_MAX: Final = 25
"""What EMVCo gives to the label of a store, and of a till."""

CODES_MAX: Final = 500
"""As many tills one merchant may have."""

CREATE_REFUSALS: Final = (wallets.CurrencyNotOffered, LabelInvalid, TooManyCodes)


async def create(
    *, merchant_id: UUID, currency: str, store: str, till: str, now: datetime
) -> MerchantCode:
    """The merchant's code for this place, made now if there was none.

    Opens the merchant's account in `currency` too, so that it can be paid into.

    Raises:
        CurrencyNotOffered: uPay keeps no money in it.
        LabelInvalid: `store` or `till` is longer than 25 characters, or has some that cannot be
            seen.
        TooManyCodes: the merchant has five hundred.
    """
    made = MerchantCode(
        id=new_id(),
        merchant_id=merchant_id,
        currency=currency,
        store=_label("store", store),
        till=_label("till", till),
        token=codes.token(),
        created_at=now,
        made_at=now,
    )
    await merchants.account(merchant_id, currency, now)
    async with decision():
        # One at a time, so that the last code is not made twice over.
        await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
        of_merchant = MerchantCode.filter(merchant_id=merchant_id)
        found = await of_merchant.get_or_none(currency=currency, store=made.store, till=made.till)
        if found is not None:
            return found
        if await of_merchant.count() >= CODES_MAX:
            raise TooManyCodes
        await made.save(force_create=True)
    return made


async def replace(code_id: UUID, *, merchant_id: UUID, now: datetime) -> MerchantCode:
    """Voids the code wherever it hangs, and gives another for the same place.

    Raises:
        NotFound: it is none of this merchant.
    """
    async with decision():
        mine = MerchantCode.filter(id=code_id, merchant_id=merchant_id)
        code = await mine.select_for_update(no_key=True).get_or_none()
        if code is None:
            raise NotFound
        code.token, code.made_at = codes.token(), now
        await code.save(update_fields=["token", "made_at"])
    return code


async def page(merchant_id: UUID, *, limit: int, after: Place | None) -> list[MerchantCode]:
    """The merchant's lasting codes, the last made first; those after a place in that order."""
    found = MerchantCode.filter(merchant_id=merchant_id)
    return await newest(found, "created_at", limit=limit, after=after)


async def by_token(token: str) -> MerchantCode:
    """The code that carries this word.

    Raises:
        QrExpired: it was replaced, or no code ever carried it.
    """
    is_one = codes.is_token(token)
    code = await MerchantCode.get_or_none(token=token) if is_one else None
    if code is None:
        raise QrExpired
    return code


def _label(place: str, text: str) -> str:
    # What is far too long is so in every spelling, and not looked at.
    if len(text) > 4 * LABEL_MAX:
        raise LabelInvalid(place)
    try:
        label = texts.note(text)
    except texts.NoteInvalid:
        raise LabelInvalid(place) from None
    if len(label) > LABEL_MAX:
        raise LabelInvalid(place)
    return label

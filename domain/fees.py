"""Fees: what a payment costs, who pays that, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from domain import audit
from domain.decisions import decision
from domain.money import EXPONENTS, NOTHING, MinorUnits
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from domain.wallets import CurrencyNotOffered
from models.ids import new_id
from models.merchants import Merchant
from models.people import Role
from models.settlements import FeePayer, MerchantFee

MILLION: Final = 1_000_000
FIXED_MAX: Final = 1_000_000
RATE_MAX: Final = 200_000
_SETTERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})


class FeeInvalid(Refusal):
    """At most a fifth of a payment and 1,000,000 minor units, in force from now on or later."""

    def __init__(self) -> None:
        super().__init__("This fee cannot be used.")


SET_REFUSALS: Final = (audit.ReasonRequired, CurrencyNotOffered, FeeInvalid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A fee as the desk wants it; without a merchant it is everybody's."""

    merchant_id: UUID | None
    currency: str
    fixed: int
    rate: int
    payer: FeePayer
    since: datetime


@dataclass(frozen=True, slots=True)
class FeeTable:
    """All fees that a merchant's payments in one currency ever had, newest first."""

    fees: Sequence[MerchantFee]

    def at(self, moment: datetime) -> MerchantFee | None:
        """The fee that was in force; one of the merchant's own goes before one of everybody."""
        begun = [fee for fee in self.fees if fee.since <= moment]
        return max(begun, key=_rank, default=None)

    def of_customer(self, amount: int, moment: datetime) -> MinorUnits:
        """What a customer pays on top of so many minor units, at a moment."""
        fee = self.at(moment)
        return cost(fee, amount) if fee and fee.payer is FeePayer.CUSTOMER else NOTHING

    def of_merchant(self, amount: int, moment: datetime, *, is_paid: bool) -> MinorUnits:
        """What a payment made at a moment costs its merchant: whatever its customer did not pay."""
        fee = self.at(moment)
        return cost(fee, amount) if fee and not is_paid else NOTHING


def cost(fee: MerchantFee, amount: int) -> MinorUnits:
    """The fee of one payment in whole minor units: half a unit is rounded up, and it has a limit.

    Rounded for each payment, so that the lines of a settlement sum to its fees, and never more than
    the payment itself.
    """
    share = (amount * fee.rate * 2 + MILLION) // (2 * MILLION)
    return MinorUnits(min(fee.fixed + share, amount))


async def table(merchant_id: UUID, currency: str) -> FeeTable:
    """The fees of one merchant's payments in one currency."""
    own_or_all = Q(merchant_id=merchant_id) | Q(merchant_id__isnull=True)
    return FeeTable(await MerchantFee.filter(own_or_all, currency=currency).order_by("-since"))


async def for_payer(merchant_id: UUID, amount: int, currency: str, now: datetime) -> MinorUnits:
    """What a customer pays on top of `amount`, in minor units, who pays this merchant now."""
    return (await table(merchant_id, currency)).of_customer(amount, now)


async def set_fee(wanted: Wanted, *, by: Identity, reason: str, now: datetime) -> MerchantFee:
    """Lets a fee be in force from a moment on; payments of before keep theirs.

    Raises:
        NotFound: whoever asks is neither supervisor nor admin, or there is no such merchant.
        ReasonRequired, CurrencyNotOffered, FeeInvalid: see there.
    """
    if by.role not in _SETTERS:
        raise NotFound
    why = audit.reason(reason)
    if wanted.currency not in EXPONENTS:
        raise CurrencyNotOffered(wanted.currency)
    is_small = 0 <= wanted.fixed <= FIXED_MAX and 0 <= wanted.rate <= RATE_MAX
    if not is_small or wanted.since < now:
        raise FeeInvalid
    if wanted.merchant_id is not None and not await Merchant.exists(id=wanted.merchant_id):
        raise NotFound
    async with decision():
        fee = await MerchantFee.create(
            id=new_id(),
            merchant_id=wanted.merchant_id,
            currency=wanted.currency,
            fixed=wanted.fixed,
            rate=wanted.rate,
            payer=wanted.payer,
            since=wanted.since,
            set_by=by.person_id,
            set_at=now,
        )
        await audit.record(
            actor_id=by.person_id,
            action="set_fee",
            subject_id=wanted.merchant_id,
            reason=why,
            now=now,
            fee_id=str(fee.id),
            currency=fee.currency,
            fixed=fee.fixed,
            rate=fee.rate,
            payer=fee.payer.value,
        )
    return fee


def _rank(fee: MerchantFee) -> tuple[bool, datetime, datetime, UUID]:
    return fee.merchant_id is not None, fee.since, fee.set_at, fee.id

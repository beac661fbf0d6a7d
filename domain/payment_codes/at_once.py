"""Paying a small sum by a code alone: when that may be, and how it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain import devices, fees, ledger, limits, merchants, pin_resets, risk, wallets
from domain.decisions import Announce
from domain.money import MinorUnits
from domain.payment_codes import allowing
from models.merchants import Merchant
from models.movements import MovementKind
from models.orders import Order
from models.payment_codes import PaymentCode
from models.people import Person, Pin
from models.wallets import Account

_REFUSED = (
    wallets.WalletClosed,
    wallets.FrozenByOwner,
    wallets.Restricted,
    wallets.InsufficientFunds,
    wallets.FundsOnHold,
    *limits.EXCEEDED,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A payment that may go without a proof, as the rules of risk saw it."""

    payment: risk.Payment
    verdict: risk.Verdict
    target_id: UUID


async def judged(
    code: PaymentCode, wallet: Account, merchant: Merchant, amount: MinorUnits, now: datetime
) -> Judged | None:
    """The payment, if it may go without asking the customer; None when they must be asked.

    They are asked too when it could not be done as things are: they, and not the merchant, are
    told why, and may do something about it.
    """
    if not allowing.is_small(amount, wallet.currency):
        return None
    if await fees.for_payer(merchant.id, amount, wallet.currency, now):
        return None  # They have not seen it yet.
    pin = await Pin.get_or_none(person_id=code.person_id)
    if pin is None or pin_resets.is_cooling(pin, now):
        return None
    if not await allowing.is_allowed(code.person_id):
        return None
    person = await Person.get(id=code.person_id)
    try:
        wallets.check_can_pay(wallet, amount)
        await limits.check_can_spend(wallet, amount, now, person.time_zone)
    except _REFUSED:
        return None
    target = await merchants.account(merchant.id, wallet.currency, now)
    payment = await _payment(code, wallet, merchant, target.id, amount, person.time_zone)
    verdict = await risk.assess(payment, now)
    is_let = verdict.outcome is risk.Outcome.ALLOW and not verdict.delay
    return Judged(payment, verdict, target.id) if is_let else None


async def note(announce: Announce, judged: Judged, now: datetime) -> None:
    """Keeps what the rules found, shadow hits too, in the decision that uses the code up."""
    await risk.record(announce, judged.payment, judged.verdict, None, now)


async def pay(
    code: PaymentCode, order: Order, judged: Judged, *, key: str, digest: bytes, now: datetime
) -> None:
    """Posts the payment under the merchant's key.

    Should the ledger refuse it after all, that is a payment that FAILED, and the order stays open:
    the customer is asked.

    Raises:
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    asked = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=code.person_id,
        source_id=code.wallet_id,
        target_id=judged.target_id,
        amount=MinorUnits(order.amount),
        currency=order.currency,
        note=order.description,
        counted_on=limits.local_day(now, judged.payment.time_zone),
        order_id=order.id,
    )
    given = ledger.Key(owner_id=order.merchant_id, key=key, digest=digest)
    await ledger.post(ledger.pay(asked, key=given, at=now))


async def _payment(
    code: PaymentCode,
    wallet: Account,
    merchant: Merchant,
    target_id: UUID,
    amount: MinorUnits,
    time_zone: str,
) -> risk.Payment:
    return risk.Payment(
        person_id=code.person_id,
        session_id=code.session_id,
        device_id=code.device_id,
        device_since=await devices.known_since(code.device_id),
        address=code.address,
        wallet=wallet,
        payee_id=merchant.id,
        payee_name=merchant.name,
        is_person_paid=False,
        amount=amount,
        currency=wallet.currency,
        is_new_payee=not await merchants.was_paid(target_id, by=code.person_id),
        time_zone=time_zone,
    )

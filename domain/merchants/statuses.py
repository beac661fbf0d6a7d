"""Whether a merchant takes payments: paused and resumed, suspended and reinstated, closed."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import F, Q

from domain import audit, fresh_proofs, security_events
from domain.decisions import decision
from domain.fresh_proofs import ProofNeeded
from domain.merchants import applications
from domain.merchants.actors import working
from domain.merchants.api_keys import MerchantNotAccepted, revoke_in
from domain.merchants.scopes import Scope
from domain.money import MinorUnits
from domain.refusals import Refusal
from domain.sessions import Identity
from models.merchants import ApiKey, Merchant, MerchantStatus
from models.movements import Movement
from models.orders import Order, OrderStatus
from models.payments import Payment
from models.security_events import EventKind
from models.wallets import Account, AccountKind

CLOSE_PROOFS: Final = 2
"""How many kinds of proof it takes to close a merchant, or to hand it over."""

_OPEN: Final = frozenset({MerchantStatus.ACCEPTING, MerchantStatus.PAUSED})


class MerchantSuspended(Refusal):
    """The desk suspended the merchant, for `reason`; its own people cannot resume it."""

    def __init__(self, reason: str) -> None:
        super().__init__("uPay has suspended this merchant.")
        self.reason = reason


class MerchantNotSuspended(Refusal):
    def __init__(self) -> None:
        super().__init__("This merchant is not suspended.")


class MerchantNotEmpty(Refusal):
    """uPay owes the merchant `balance`, in minor units of `currency`, greater than zero."""

    def __init__(self, balance: MinorUnits, currency: str) -> None:
        super().__init__("There is still money to be paid out to this merchant.")
        self.balance = balance
        self.currency = currency


class MerchantInUse(Refusal):
    """An order can still be paid, or a payment, a refund or a payout has not ended."""

    def __init__(self) -> None:
        super().__init__("Something of this merchant is still under way.")


PAUSE_REFUSALS: Final = (ProofNeeded, MerchantNotAccepted)
RESUME_REFUSALS: Final = (ProofNeeded, MerchantNotAccepted, MerchantSuspended)
CLOSE_REFUSALS: Final = (ProofNeeded, MerchantNotAccepted, MerchantNotEmpty, MerchantInUse)
SUSPEND_REFUSALS: Final = (audit.ReasonRequired, MerchantNotAccepted)
REINSTATE_REFUSALS: Final = (audit.ReasonRequired, MerchantNotAccepted, MerchantNotSuspended)


async def pause(*, by: Identity, merchant_id: UUID, now: datetime) -> Merchant:
    """The merchant takes no payments until it is resumed; refunds go on. Again changes nothing.

    Raises:
        NotFound: `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        MerchantNotAccepted: see there.
    """
    await working(by, merchant_id, Scope.MANAGE)
    await fresh_proofs.require(by, now)
    async with decision():
        merchant = await _locked(merchant_id)
        merchant.paused_at = merchant.paused_at or now
        await _save(merchant)
    return merchant


async def resume(*, by: Identity, merchant_id: UUID, now: datetime) -> Merchant:
    """The merchant takes payments again; done again, it changes nothing.

    Raises:
        NotFound: `by` may not manage the merchant.
        ProofNeeded: one proof must be fresh in this session.
        MerchantNotAccepted, MerchantSuspended: see there.
    """
    await working(by, merchant_id, Scope.MANAGE)
    await fresh_proofs.require(by, now)
    async with decision():
        merchant = await _locked(merchant_id)
        if merchant.suspended_at is not None:
            raise MerchantSuspended(merchant.reason or "")
        merchant.paused_at = None
        await _save(merchant)
    return merchant


async def suspend(*, by: Identity, merchant_id: UUID, reason: str, now: datetime) -> Merchant:
    """As `pause`, by the desk, for a reason that the merchant reads; only the desk lifts it.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, `by` works for it, or they do not work at the desk.
        MerchantNotAccepted: see there.
    """
    by.require_desk()
    why = audit.reason(reason)
    await applications.foreign(by, merchant_id)
    async with decision() as announce:
        merchant = await _locked(merchant_id)
        merchant.suspended_at, merchant.reason = merchant.suspended_at or now, why
        await _save(merchant)
        await applications.record(by, "suspend_merchant", merchant, why, now)
        await security_events.record(
            announce,
            EventKind.MERCHANT_SUSPENDED,
            person_id=merchant.owner_id,
            now=now,
            merchant=merchant.name,
        )
    return merchant


async def reinstate(*, by: Identity, merchant_id: UUID, reason: str, now: datetime) -> Merchant:
    """Lifts the desk's suspension; what its own people paused stays paused.

    Raises:
        ReasonRequired: an agent says why.
        NotFound: there is none, `by` works for it, or they do not work at the desk.
        MerchantNotAccepted, MerchantNotSuspended: see there.
    """
    by.require_desk()
    why = audit.reason(reason)
    await applications.foreign(by, merchant_id)
    async with decision() as announce:
        merchant = await _locked(merchant_id)
        if merchant.suspended_at is None:
            raise MerchantNotSuspended
        merchant.suspended_at, merchant.reason = None, None
        await _save(merchant)
        await applications.record(by, "reinstate_merchant", merchant, why, now)
        await security_events.record(
            announce,
            EventKind.MERCHANT_REINSTATED,
            person_id=merchant.owner_id,
            now=now,
            merchant=merchant.name,
        )
    return merchant


async def close(*, by: Identity, merchant_id: UUID, now: datetime, address: str = "") -> Merchant:
    """Nothing is paid to the merchant any more, and its keys open nothing; for ever.

    An application that is not decided is withdrawn by it. Closed again, it stays as it is.

    Raises:
        NotFound: `by` may not manage the merchant.
        ProofNeeded: two kinds of proof must be fresh in this session.
        MerchantNotAccepted: uPay has rejected it, so there is nothing to close.
        MerchantNotEmpty, MerchantInUse: see there.
    """
    await working(by, merchant_id, Scope.MANAGE)
    await fresh_proofs.require(by, now, count=CLOSE_PROOFS)
    async with decision() as announce:
        merchant = await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
        if merchant.status is MerchantStatus.CLOSED:
            return merchant
        if merchant.status is MerchantStatus.REJECTED:
            raise MerchantNotAccepted
        await _close_accounts(merchant, now)
        merchant.status, merchant.closed_at, merchant.offered_to = MerchantStatus.CLOSED, now, None
        merchant.decided_at = merchant.decided_at or now
        await merchant.save(update_fields=["status", "closed_at", "decided_at", "offered_to"])
        await revoke_in(announce, await ApiKey.filter(merchant_id=merchant_id), now)
        await security_events.record(
            announce,
            EventKind.MERCHANT_CLOSED,
            person_id=merchant.owner_id,
            now=now,
            session_id=by.session_id if merchant.owner_id == by.person_id else None,
            address=address,
            merchant=merchant.name,
        )
    return merchant


async def _locked(merchant_id: UUID) -> Merchant:
    """The merchant, locked, if it is one that could take payments.

    Raises:
        MerchantNotAccepted: it is not.
    """
    merchant = await Merchant.filter(id=merchant_id).select_for_update(no_key=True).get()
    if merchant.status not in _OPEN:
        raise MerchantNotAccepted
    return merchant


async def _save(merchant: Merchant) -> None:
    is_paused = merchant.paused_at is not None or merchant.suspended_at is not None
    merchant.status = MerchantStatus.PAUSED if is_paused else MerchantStatus.ACCEPTING
    await merchant.save(update_fields=["status", "paused_at", "suspended_at", "reason"])


async def _close_accounts(merchant: Merchant, now: datetime) -> None:
    """Closes the accounts under the locks that a posting takes, after orders and before money.

    Raises:
        MerchantNotEmpty, MerchantInUse: they may not be closed.
    """
    orders = Order.filter(merchant_id=merchant.id, status=OrderStatus.OPEN, expires_at__gt=now)
    if await orders.exists():
        raise MerchantInUse
    owned = Account.filter(merchant_id=merchant.id, kind=AccountKind.MERCHANT)
    accounts = await owned.order_by("id").select_for_update(no_key=True)
    ids = [account.id for account in accounts]
    touching = Movement.filter(Q(source_id__in=ids) | Q(target_id__in=ids), settled_at__isnull=True)
    if any(account.pending_debits or account.pending_credits for account in accounts):
        raise MerchantInUse
    if ids and (await touching.exists() or await _has_payments_under_way(merchant.id)):
        raise MerchantInUse
    for account in accounts:
        if account.balance:
            raise MerchantNotEmpty(MinorUnits(account.balance), account.currency)
    await owned.update(closed_at=now)


async def _has_payments_under_way(merchant_id: UUID) -> bool:
    under_way = Payment.filter(merchant_id=merchant_id).filter(
        Q(authorized__gt=F("captured") + F("voided")) | Q(refund_pending__gt=0)
    )
    return await under_way.exists()

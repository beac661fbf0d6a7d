"""Closing wallets and accounts: only what is empty is closed, so no money is left behind.

A posting looks at `closed_at` on the account rows it has locked, so a payment arrives before the
wallet is closed, which then is not empty, or is refused after it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import erasures, fresh_proofs, security_events, sessions
from domain.decisions import Announce, decision
from domain.fresh_proofs import ProofNeeded
from domain.money import MinorUnits
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.freezes import FreezeOwner
from models.links import Link
from models.merchants import Merchant, MerchantMember, MerchantStatus
from models.movements import Movement
from models.people import Person
from models.risk import CaseStatus, RiskCase
from models.security_events import EventKind
from models.wallets import Account, AccountKind

CLOSE_PROOFS: Final = 2
"""How many kinds of proof it takes to close an account."""


class WalletNotEmpty(Refusal):
    """There is money in the wallet: `balance`, in minor units of `currency`, greater than zero."""

    def __init__(self, balance: MinorUnits, currency: str) -> None:
        super().__init__("There is still money in this wallet.")
        self.balance = balance
        self.currency = currency


class WalletInUse(Refusal):
    """A payment out of the wallet or into it is under way."""

    def __init__(self, currency: str) -> None:
        super().__init__("A payment of this wallet is still under way.")
        self.currency = currency


class CaseUnderWay(Refusal):
    """uPay froze the person's payments, or an agent has yet to decide about one of them."""

    def __init__(self) -> None:
        super().__init__("uPay is still looking into something.")


class OwnsMerchant(Refusal):
    """The person answers for a merchant, called `name`, that is not closed."""

    def __init__(self, name: str) -> None:
        super().__init__("You answer for a merchant that is not closed.")
        self.name = name


CLOSE_WALLET_REFUSALS: Final = (WalletNotEmpty, WalletInUse)
CLOSE_ACCOUNT_REFUSALS: Final = (
    ProofNeeded,
    CaseUnderWay,
    OwnsMerchant,
    WalletNotEmpty,
    WalletInUse,
)


async def close_wallet(
    *, by: Identity, wallet_id: UUID, now: datetime, address: str = ""
) -> Account:
    """Nothing enters or leaves the wallet from now on; closed again, it stays as it is.

    Raises:
        NotFound: the wallet is not this person's.
        WalletNotEmpty, WalletInUse: see there.
    """
    async with decision() as announce:
        await _locked(by.person_id)
        found = await _wallets(by.person_id, wallet_id)
        if not found:
            raise NotFound
        [wallet] = found
        if wallet.closed_at is None:
            await _check_empty(wallet)
            await _close(wallet, now)
            await security_events.record(
                announce,
                EventKind.WALLET_CLOSED,
                person_id=by.person_id,
                now=now,
                session_id=by.session_id,
                address=address,
                currency=wallet.currency,
            )
            announce(f"person:{by.person_id}")
    return wallet


async def close_account(*, by: Identity, now: datetime, address: str = "") -> Person:
    """Closes the account with all its wallets: nobody signs in with it or pays to it again.

    What is personal is erased once the last letter is on its way (see `domain.erasures`).

    Raises:
        ProofNeeded: two kinds of proof must be fresh in this session.
        CaseUnderWay, OwnsMerchant: see there.
        WalletNotEmpty, WalletInUse: of the first wallet that is.
        NotFound: it is closed already.
    """
    await fresh_proofs.require(by, now, count=CLOSE_PROOFS)
    async with decision() as announce:
        person = await _locked(by.person_id)
        if person.closed_at is not None:
            raise NotFound
        if person.freeze_level > FreezeOwner.CUSTOMER:
            raise CaseUnderWay
        if await RiskCase.exists(person_id=person.id, status=CaseStatus.PENDING):
            raise CaseUnderWay
        await _leave_merchants(person)
        for wallet in await _wallets(person.id):
            if wallet.closed_at is None:
                await _check_empty(wallet)
                await _close(wallet, now)
        person.closed_at = now
        await person.save(update_fields=["closed_at"])
        await _end(person, by, now, announce, address)
    return person


async def _leave_merchants(person: Person) -> None:
    """The person works for no merchant any more.

    Raises:
        OwnsMerchant: they answer for one.
    """
    gone = (MerchantStatus.CLOSED, MerchantStatus.REJECTED)
    owned = await Merchant.filter(owner_id=person.id).exclude(status__in=gone).first()
    if owned is not None:
        raise OwnsMerchant(owned.name)
    await MerchantMember.filter(person_id=person.id).delete()
    await Merchant.filter(offered_to=person.id).update(offered_to=None)


async def _end(
    person: Person, by: Identity, now: datetime, announce: Announce, address: str
) -> None:
    """Ends what could act for the person, tells them, and has what is personal erased."""
    await sessions.end_all(person.id, reason="account_closed", now=now)
    await Link.filter(person_id=person.id, used_at__isnull=True).update(used_at=now)
    event = await security_events.record(
        announce,
        EventKind.ACCOUNT_CLOSED,
        person_id=person.id,
        now=now,
        session_id=by.session_id,
        address=address,
    )
    await erasures.schedule(announce, person.id, event.id, now + erasures.BEGINS_AFTER)
    announce(f"person:{person.id}")


async def _locked(person_id: UUID) -> Person:
    """The person, locked before their wallets, as a freeze does."""
    return await Person.filter(id=person_id).select_for_update(no_key=True).get()


async def _wallets(person_id: UUID, *wallet_ids: UUID) -> list[Account]:
    """The person's wallets, or those of them that are named, locked in id order."""
    owned = Account.filter(owner_id=person_id, kind=AccountKind.WALLET)
    chosen = owned.filter(id__in=wallet_ids) if wallet_ids else owned
    return await chosen.order_by("id").select_for_update(no_key=True)


async def _check_empty(wallet: Account) -> None:
    """Raises:
    WalletNotEmpty, WalletInUse: it may not be closed.
    """
    if wallet.balance:
        raise WalletNotEmpty(MinorUnits(wallet.balance), wallet.currency)
    # Top-ups set nothing aside here, but a provider may have taken their money already.
    is_awaited = Movement.filter(target_id=wallet.id, settled_at__isnull=True)
    if wallet.pending_debits or wallet.pending_credits or await is_awaited.exists():
        raise WalletInUse(wallet.currency)


async def _close(wallet: Account, now: datetime) -> None:
    wallet.closed_at = now
    await wallet.save(update_fields=["closed_at"])

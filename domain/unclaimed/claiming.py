"""Claiming: whoever proved the number takes what waits for it into a wallet of theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, keys, ledger, payees, settlements
from domain.decisions import decision, retrying
from domain.ledger import Outcome
from domain.money import MinorUnits
from domain.refusals import KeyReused, NotFound, Refusal
from domain.unclaimed.waiting import place
from domain.wallets import WalletClosed
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.people import Contact, ContactKind
from models.unclaimed import UnclaimedTransfer
from models.wallets import Account, AccountKind


class NotClaimable(Refusal):
    """It cannot be claimed: not before `claimable_from`, or, where that is None, not any more.

    Why is between the payer and uPay.
    """

    def __init__(self, claimable_from: datetime | None = None) -> None:
        super().__init__("This transfer cannot be claimed.")
        self.claimable_from = claimable_from


CLAIM_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    payees.SelfPayment,
    amounts.CurrencyMismatch,
    WalletClosed,
    NotClaimable,
)


async def claim(
    *, by: UUID, transfer_id: UUID, wallet_id: UUID, key: str, now: datetime
) -> Movement:
    """Brings what waits for a number of this person's into their wallet, once.

    Two movements, both or neither: the transfer is completed, and the money goes on to the wallet
    by the one that comes back. Either side finds only its own in the history.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: nothing waits under that id for a number that they have proved, or the wallet is
            not theirs.
        SelfPayment: they sent it themselves: they can call it back.
        CurrencyMismatch, WalletClosed: another wallet must be chosen.
        NotClaimable: see there.
    """
    given = ledger.Key(
        owner_id=by,
        key=keys.checked(key),
        digest=keys.digest("claim_transfer", transfer_id, wallet_id),
    )
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    wallet = await Account.get_or_none(id=wallet_id, owner_id=by, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    row, movement = await _waiting(by, transfer_id)
    if movement.person_id == by:
        raise payees.SelfPayment
    if wallet.currency != movement.currency:
        raise amounts.CurrencyMismatch(movement.currency, wallet.currency)
    if wallet.closed_at is not None:
        raise WalletClosed
    _refuse_untimely(row, movement, now)
    return await retrying(lambda: _move(row, movement, wallet, given, now))


async def _waiting(by: UUID, transfer_id: UUID) -> tuple[UnclaimedTransfer, Movement]:
    row = await UnclaimedTransfer.get_or_none(movement_id=transfer_id, phone__isnull=False)
    if row is None:
        raise NotFound
    is_theirs = await Contact.exists(
        person_id=by,
        kind=ContactKind.PHONE,
        value=row.phone,
        verified_at__isnull=False,
        removed_at__isnull=True,
    )
    if not is_theirs:
        raise NotFound
    return row, await Movement.get(id=transfer_id)


def _refuse_untimely(row: UnclaimedTransfer, movement: Movement, now: datetime) -> None:
    assert row.claimable_at is not None, "begun with its movement"
    assert row.expires_at is not None, "begun with its movement"
    if movement.status is not MovementStatus.PENDING or row.expires_at <= now:
        raise NotClaimable
    if row.claimable_at > now:
        raise NotClaimable(row.claimable_at)


async def _move(
    row: UnclaimedTransfer, movement: Movement, wallet: Account, given: ledger.Key, now: datetime
) -> Movement:
    held = await Hold.get(movement_id=movement.id)
    key = settlements.own_key(movement.id, "claim")
    onward = ledger.Order(
        kind=MovementKind.TRANSFER,
        person_id=movement.person_id,
        source_id=place(movement.currency),
        target_id=wallet.id,
        amount=MinorUnits(movement.amount),
        currency=movement.currency,
        note=movement.note,
        origin_id=movement.id,
    )
    async with decision() as announce:
        # Together, so that both take their locks in the ledger's one order.
        arrived, moved = await ledger.post_all_in(
            announce,
            [
                ledger.capture(movement, held, key=key, at=now),
                ledger.pay(onward, key=given, at=now),
            ],
        )
        if moved.outcome is Outcome.REPLAYED and moved.movement is not None:
            return moved.movement
        if moved.outcome is Outcome.KEY_REUSED:
            raise KeyReused
        # Whoever was faster called it back, claimed it, or froze a side: nothing of this is kept.
        if (arrived.outcome, moved.outcome) != (Outcome.DONE, Outcome.DONE):
            raise NotClaimable
        assert moved.movement is not None
        await UnclaimedTransfer.filter(id=row.id).update(phone=None, claimed_by=moved.movement.id)
    return moved.movement

"""Facts that come after the end: a final movement stays, and what is true now is another one.

Whatever a provider says, the books follow it: a movement and those that answer it come to the whole
amount while the provider says that it succeeded, and to nothing otherwise.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import cases, ledger, payouts, settlements
from domain.chart import house_account
from domain.decisions import Announce
from domain.money import MinorUnits
from domain.provider_orders.sayings import Direction, Verdict, direction
from models.cases import CaseKind
from models.movements import Movement, MovementKind, MovementStatus
from models.wallets import Account, AccountKind

_BACK: Final = {
    MovementKind.TOP_UP: MovementKind.REVERSAL,
    MovementKind.WITHDRAWAL: MovementKind.RETURN,
    MovementKind.PAYOUT: MovementKind.RETURN,
}

_log = logging.getLogger(__name__)


async def answer_in(
    announce: Announce, movement: Movement, verdict: Verdict, now: datetime
) -> list[Movement]:
    """Makes the movements that follow when a provider contradicts a final one; most often none.

    Money that came lands in the account. Money that went is taken from it as far as it is there,
    frozen or not, and the rest is the house's claim, in SUSPENSE. What a person must look into
    becomes a case. In the caller's decision.
    """
    if not movement.status.is_final or not _missing(movement, await _answers(movement), verdict):
        return []
    accounts = await _locked(movement)
    answers = await _answers(movement)
    missing = _missing(movement, answers, verdict)
    if not missing:
        return []
    _log.log(
        logging.WARNING if verdict is Verdict.REVERSED else logging.ERROR,
        "The provider says %s of movement %s, which is %s.",
        verdict,
        movement.id,
        movement.status,
    )
    followers = _Followers(announce, movement, accounts, len(answers), now)
    made = await followers.made(missing)
    await _open_cases(announce, movement, verdict, made, now)
    return made


@dataclass(frozen=True, slots=True)
class _Followers:
    """What follows one movement, whose accounts are locked; `step` counts what did before."""

    announce: Announce
    movement: Movement
    accounts: dict[UUID, Account]
    step: int
    now: datetime

    async def made(self, missing: int) -> list[Movement]:
        """Moves `missing` minor units more the movement's way, or back when it is negative."""
        amount, kind = abs(missing), self.movement.kind
        if missing < 0:
            kind = _BACK[kind]
        is_credit = (direction(self.movement) is Direction.IN) == (missing > 0)
        return await (self._credit if is_credit else self._debit)(kind, amount)

    async def _credit(self, kind: MovementKind, amount: int) -> list[Movement]:
        own = self._own_account
        target_id = own.id if own.closed_at is None else self._suspense_id
        return [await self._move(kind, self._clearing_id, target_id, amount, "answer")]

    async def _debit(self, kind: MovementKind, amount: int) -> list[Movement]:
        own = self._own_account
        there = min(amount, max(0, own.available - (own.floor or 0)))
        made = []
        if there:
            made.append(await self._move(kind, own.id, self._clearing_id, there, "answer"))
        if there < amount:
            short = amount - there
            made.append(
                await self._move(kind, self._suspense_id, self._clearing_id, short, "claim")
            )
        return made

    async def _move(
        self, kind: MovementKind, source_id: UUID, target_id: UUID, amount: int, step: str
    ) -> Movement:
        order = ledger.Order(
            kind=kind,
            person_id=self.movement.person_id,
            source_id=source_id,
            target_id=target_id,
            amount=MinorUnits(amount),
            currency=self.movement.currency,
            guard_source=False,
            guard_target=False,
            origin_id=self.movement.id,
        )
        key = settlements.own_key(self.movement.id, f"{step}-{self.step}")
        posted = await ledger.post_in(self.announce, ledger.pay(order, key=key, at=self.now))
        assert posted.movement is not None
        return posted.movement

    @property
    def _own_account(self) -> Account:
        """The account of the person or the merchant."""
        return self.accounts[_ids(self.movement)[0]]

    @property
    def _clearing_id(self) -> UUID:
        """What the provider owes us."""
        return _ids(self.movement)[1]

    @property
    def _suspense_id(self) -> UUID:
        return house_account(AccountKind.SUSPENSE, self.movement.currency)


async def _open_cases(
    announce: Announce,
    movement: Movement,
    verdict: Verdict,
    made: Sequence[Movement],
    now: datetime,
) -> None:
    suspense_id = house_account(AccountKind.SUSPENSE, movement.currency)
    short = sum(each.amount for each in made if each.source_id == suspense_id)
    if short:
        await cases.open_in(
            announce,
            CaseKind.REVERSAL_SHORT,
            subject_id=movement.id,
            now=now,
            short=short,
            currency=movement.currency,
        )
    if movement.kind is MovementKind.PAYOUT and verdict is not Verdict.SUCCEEDED:
        await payouts.tell_failed_in(announce, movement, now)
    is_nobodys = any(each.target_id == suspense_id for each in made)
    # Banks take back and send back every day; anything else means that somebody was wrong.
    if verdict is not Verdict.REVERSED or is_nobodys:
        await cases.open_in(
            announce,
            CaseKind.PROVIDER_CONTRADICTION,
            subject_id=movement.id,
            now=now,
            status=movement.status.value,
            verdict=verdict.value,
        )


def _missing(movement: Movement, answers: Sequence[Movement], verdict: Verdict) -> int:
    """How much more would have to go the movement's way, in minor units, for the books to agree."""
    booked = movement.amount if movement.status is MovementStatus.COMPLETED else 0
    for each in answers:
        booked += each.amount if each.kind is movement.kind else -each.amount
    return (movement.amount if verdict is Verdict.SUCCEEDED else 0) - booked


async def _answers(movement: Movement) -> list[Movement]:
    return await Movement.filter(
        origin_id=movement.id,
        kind__in=[movement.kind, _BACK[movement.kind]],
        status=MovementStatus.COMPLETED,
    )


async def _locked(movement: Movement) -> dict[UUID, Account]:
    """The accounts that may follow, locked in the ledger's own order."""
    suspense_id = house_account(AccountKind.SUSPENSE, movement.currency)
    chosen = Account.filter(id__in={movement.source_id, movement.target_id, suspense_id})
    rows = await chosen.order_by("id").select_for_update(no_key=True)
    return {row.id: row for row in rows}


def _ids(movement: Movement) -> tuple[UUID, UUID]:
    """The account of the person or merchant, and the provider's clearing account."""
    if direction(movement) is Direction.IN:
        return movement.target_id, movement.source_id
    return movement.source_id, movement.target_id

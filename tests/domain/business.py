"""Two days of business: some of everything that the books can hold, sealed each evening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain import audit, chain, freezes, ledger
from domain.money import MinorUnits
from models.freezes import FreezeOwner
from models.movements import Hold, Movement, MovementStatus
from models.people import Role
from models.wallets import Account
from tests import factories
from tests.domain import orders
from tests.moments import NOON

TOMORROW: Final = NOON + timedelta(days=1)
TODAY: Final = NOON.date()


@dataclass(frozen=True)
class Business:
    """Who was there, and what happened, by name."""

    ada: Account
    bob: Account
    movements: dict[str, Movement]

    def id(self, name: str) -> UUID:
        return self.movements[name].id


async def done() -> Business:
    """Does it all, and seals it."""
    ada = await factories.wallet(await factories.person("ada"), holds=100_000)
    bob = await factories.wallet(await factories.person("bob"), holds=5_000)
    paid = {
        "paid": await _posted(orders.pay(ada, bob, 1_000, fee=7, day=TODAY)),
        "refused": await _posted(orders.pay(bob, ada, 999_999)),
        "yen": await _in_yen(),
    }
    held = await _held(ada, bob)
    topped_up = await _topped_up(ada)
    await _frozen()
    await chain.seal(NOON)
    later = {"tomorrow": await _posted(orders.pay(bob, ada, 300, day=TOMORROW.date()))}
    await chain.seal(TOMORROW)
    ids = [ada.id, bob.id]
    fresh = {account.id: account for account in await Account.filter(id__in=ids)}
    movements = {**paid, **held, **topped_up, **later}
    current = {row.id: row for row in await Movement.all()}
    return Business(
        fresh[ada.id], fresh[bob.id], {name: current[row.id] for name, row in movements.items()}
    )


async def _held(ada: Account, bob: Account) -> dict[str, Movement]:
    """Money set aside that waits, arrived, arrived in part, and was called back."""
    waiting, _ = await orders.placed(ada, bob, 500, day=TODAY)
    captured, hold = await orders.placed(ada, bob, 600, fee=3, day=TODAY)
    await _posted(
        ledger.capture(
            captured,
            hold,
            key=factories.some_key(),
            at=NOON,
            fees_id=orders.transfer(ada, bob, 1, fee=1).fees_id,
        )
    )
    parted, hold = await orders.placed(ada, bob, 700, day=TODAY)
    await _posted(_part(parted, hold, 200, is_final=False))
    await _posted(_part(parted, await Hold.get(id=hold.id), 100, is_final=True))
    released, hold = await orders.placed(ada, bob, 800, day=TODAY)
    to = MovementStatus.CANCELLED
    await _posted(ledger.release(released, hold, key=factories.some_key(), at=NOON, to=to))
    return {"waiting": waiting, "captured": captured, "parted": parted, "released": released}


def _part(movement: Movement, hold: Hold, amount: int, *, is_final: bool) -> ledger.Command:
    return ledger.capture(
        movement,
        hold,
        key=factories.some_key(),
        at=NOON,
        amount=MinorUnits(amount),
        is_final=is_final,
    )


async def _topped_up(ada: Account) -> dict[str, Movement]:
    """Money that a provider paid, did not pay, and has yet to tell about."""
    made = {
        name: await _posted(
            ledger.record(orders.top_up(ada, 2_500), key=factories.some_key(), at=NOON)
        )
        for name in ("topped_up", "declined", "unknown", "asked")
    }
    await _posted(ledger.settle(made["topped_up"], key=factories.some_key(), at=NOON))
    for name, to, code in (
        ("declined", MovementStatus.FAILED, "PROVIDER_DECLINED"),
        ("unknown", MovementStatus.UNKNOWN, None),
    ):
        marked = ledger.mark(made[name], to, key=factories.some_key(), at=NOON, failure_code=code)
        await _posted(marked)
    return made


async def _in_yen() -> Movement:
    eve = await factories.person("eve")
    return await factories.fund(await factories.wallet(eve, currency="JPY"), eve, 900)


async def _frozen() -> None:
    """Somebody is frozen by a rule, and lin looks at them."""
    lin = await factories.person("lin", role=Role.AGENT)
    max_ = await factories.person("max")
    await factories.wallet(max_)
    await freezes.freeze(
        person_id=max_.id, owner=FreezeOwner.RULE, by=None, reason="Odd hours", now=NOON
    )
    await audit.record(
        actor_id=lin.id, action="look_up_customer", subject_id=max_.id, reason="Called", now=NOON
    )


async def _posted(command: ledger.Command) -> Movement:
    posted = await ledger.post(command)
    assert posted.movement is not None
    return posted.movement

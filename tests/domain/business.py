"""Two days of business: some of everything that the books can hold, sealed each evening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from domain import audit, chain, freezes, ledger, merchant_settlements, refunds
from domain.chart import house_account
from domain.merchants import Actor
from domain.money import MinorUnits
from models.freezes import FreezeOwner
from models.ids import new_id
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.payments import Payment
from models.people import Person, Role
from models.quotes import Capture
from models.refunds import RefundReason
from models.settlements import FeePayer, MerchantFee
from models.wallets import Account, AccountKind
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
    shopped = await _shopped(ada)
    await _frozen()
    await chain.seal(NOON)
    await _settled()
    later = {"tomorrow": await _posted(orders.pay(bob, ada, 300, day=TOMORROW.date()))}
    await chain.seal(TOMORROW)
    ids = [ada.id, bob.id]
    fresh = {account.id: account for account in await Account.filter(id__in=ids)}
    movements = {**paid, **held, **topped_up, **shopped, **later}
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


async def _shopped(ada: Account) -> dict[str, Movement]:
    """Orders that were paid, captured and given back in part; one refund lacks the money."""
    shop = await factories.merchant(await factories.person("mei"))
    account = await Account.get(merchant_id=shop.id)
    bought = await factories.payment(await factories.order(shop, 900), ada)
    order = await factories.order(shop, 400, capture=Capture.LATER)
    authorized = await factories.payment(order, ada)
    movement, hold = await authorized.movement(), await Hold.get(movement_id=authorized.movement_id)
    await _posted(_charged(account, shop.owner_id, 400))
    by = Actor(merchant_id=shop.id, person_id=shop.owner_id)
    given, lacking = [
        await refunds.refund(_refund_of(bought, amount), by=by, key=f"refund-{amount}", now=NOON)
        for amount in (200, 700)
    ]
    await refunds.request(_refund_of(bought, 100), by=movement.person_id, now=NOON)
    await _posted(_part(movement, hold, 150, is_final=False))
    tries = await Movement.in_bulk([given.movement_id, lacking.movement_id], "id")
    return {
        "bought": await bought.movement(),
        "authorized": movement,
        "given": tries[given.movement_id],
        "lacking": tries[lacking.movement_id],
    }


async def _settled() -> None:
    """The merchant is settled in the night, and pays for being paid."""
    account = await Account.get(kind=AccountKind.MERCHANT)
    mei = await Person.get(account_name="mei")
    ago = NOON - timedelta(days=1)
    await MerchantFee.create(
        id=new_id(),
        currency=account.currency,
        fixed=5,
        rate=0,
        payer=FeePayer.MERCHANT,
        since=ago,
        set_by=mei.id,
        set_at=ago,
    )
    await merchant_settlements.settle(account.id, TODAY, TOMORROW)


def _charged(account: Account, owner_id: UUID, amount: int) -> ledger.Command:
    """The house takes something from a merchant."""
    order = ledger.Order(
        kind=MovementKind.ADJUSTMENT,
        person_id=owner_id,
        source_id=account.id,
        target_id=house_account(AccountKind.EQUITY, account.currency),
        amount=MinorUnits(amount),
        currency=account.currency,
    )
    return ledger.pay(order, key=factories.some_key(), at=NOON)


def _refund_of(payment: Payment, amount: int) -> refunds.Wish:
    return refunds.Wish(
        payment_id=payment.movement_id, amount=amount, reason=RefundReason.NOT_RECEIVED
    )


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

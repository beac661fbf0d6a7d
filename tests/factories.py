"""The small cast of the tests: ada and bob have wallets; money comes from the house's equity."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from domain import keys, ledger, merchants, sessions
from domain.chart import house_account
from domain.devices import Shown
from domain.fresh_proofs import Factor
from domain.merchants import actors
from domain.money import MinorUnits
from domain.orders import numbers
from models.bank_accounts import BankAccount, BankAccountKind, BankAccountStatus
from models.ids import new_id
from models.merchants import ApiKey, MemberRole, Merchant, MerchantMember, MerchantStatus
from models.movements import Movement, MovementKind, MovementStatus
from models.orders import Order, OrderOrigin, OrderStatus
from models.payments import Payment
from models.people import Person, Role
from models.quotes import Capture
from models.sessions import Audience
from models.settlements import Settlement
from models.wallets import Account, AccountKind, Side
from tests.moments import NOON


async def person(name: str, *, role: Role = Role.CUSTOMER, **changes: Any) -> Person:
    """Somebody who can be named as a payer or a payee; signs in with nothing."""
    facts: dict[str, Any] = {
        "id": new_id(),
        "account_name": name,
        "display_name": name.title(),
        "role": role,
        "locale": "en",
        "time_zone": "Asia/Shanghai",
        "password_hash": "!",
        "created_at": NOON,
    }
    return await Person.create(**{**facts, **changes})


async def wallet(owner: Person, *, currency: str = "CNY", holds: int = 0) -> Account:
    """A wallet with `holds` minor units in it."""
    account = await Account.create(
        id=new_id(),
        kind=AccountKind.WALLET,
        normal_side=Side.CREDIT,
        currency=currency,
        owner_id=owner.id,
        floor=0,
        freeze_level=owner.freeze_level,
        level=owner.level,
        opened_at=NOON,
    )
    if holds:
        await fund(account, owner, holds)
    return account


async def fund(account: Account, owner: Person, amount: int) -> Movement:
    """Puts house money into a wallet, by the books."""
    order = ledger.Order(
        kind=MovementKind.ADJUSTMENT,
        person_id=owner.id,
        source_id=house_account(AccountKind.EQUITY, account.currency),
        target_id=account.id,
        amount=MinorUnits(amount),
        currency=account.currency,
    )
    posted = await ledger.post(ledger.pay(order, key=some_key(), at=NOON))
    assert posted.movement is not None
    return posted.movement


async def merchant(owner: Person, name: str = "Tea House", **changes: Any) -> Merchant:
    """A merchant that takes payments in CNY; its owner works for it."""
    id = new_id()
    facts: dict[str, Any] = {
        "id": id,
        "number": f"{id.int % 10**10:010}",
        "name": name,
        "category": "5812",
        "country": "CN",
        "city": "Hangzhou",
        "status": MerchantStatus.ACCEPTING,
        "owner_id": owner.id,
        "applied_at": NOON,
        "decided_at": NOON,
    }
    made = await Merchant.create(**{**facts, **changes})
    await member(made, owner, MemberRole.OWNER)
    await merchant_account(made)
    return made


async def member(merchant: Merchant, person: Person, role: MemberRole) -> MerchantMember:
    """Somebody who works for the merchant."""
    return await MerchantMember.create(
        id=new_id(), merchant_id=merchant.id, person_id=person.id, role=role, added_at=NOON
    )


async def merchant_account(merchant: Merchant, currency: str = "CNY") -> Account:
    """What uPay owes the merchant in one currency."""
    return await Account.create(
        id=new_id(),
        kind=AccountKind.MERCHANT,
        normal_side=Side.CREDIT,
        currency=currency,
        merchant_id=merchant.id,
        floor=0,
        opened_at=NOON,
    )


async def key(merchant: Merchant, *scopes: merchants.Scope) -> str:
    """A key of the merchant's, as its programs show it; without scopes named it has every one."""
    token = f"upk_test_{token_urlsafe(32)}"
    await ApiKey.create(
        id=new_id(),
        merchant_id=merchant.id,
        name="Till",
        digest=actors.digest(token),
        hint=token[-4:],
        scopes=sorted(scopes or merchants.KEY_SCOPES),
        made_by=merchant.owner_id,
        created_at=NOON,
    )
    return token


async def bank_account(owner: Person | Merchant, **changes: Any) -> BankAccount:
    """A bank account in CNY that was added long ago, and verified."""
    id = new_id()
    long_ago = NOON - timedelta(days=30)
    facts: dict[str, Any] = {
        "id": id,
        "person_id": owner.id if isinstance(owner, Person) else None,
        "merchant_id": owner.id if isinstance(owner, Merchant) else None,
        "kind": BankAccountKind.BANK_ACCOUNT,
        "currency": "CNY",
        "country": "CN",
        "holder": "Ada",
        "masked": "•••• 1234",
        "fingerprint": id.hex,
        "token": f"acct_{id.hex}",
        "status": BankAccountStatus.VERIFIED,
        "tries_left": 3,
        "added_by": owner.id if isinstance(owner, Person) else owner.owner_id,
        "added_at": long_ago,
        "usable_for_withdrawal_from": long_ago + timedelta(days=1),
        "verified_at": long_ago,
    }
    return await BankAccount.create(**{**facts, **changes})


async def order(merchant: Merchant, amount: int = 1_000, **changes: Any) -> Order:
    """An order that can be paid for an hour."""
    id = new_id()
    facts: dict[str, Any] = {
        "id": id,
        "number": numbers.fresh(),
        "merchant_id": merchant.id,
        "reference": id.hex,
        "amount": amount,
        "currency": "CNY",
        "description": "Tea for two",
        "origin": OrderOrigin.API,
        "capture": Capture.NOW,
        "status": OrderStatus.OPEN,
        "created_at": NOON,
        "expires_at": NOON + timedelta(hours=1),
    }
    return await Order.create(**{**facts, **changes})


async def payment(
    order: Order, wallet: Account, *, key: ledger.Key | None = None, fee: int = 0
) -> Payment:
    """The order paid out of a wallet, without a proof; set aside when it is captured later."""
    account = await Account.get(merchant_id=order.merchant_id, currency=order.currency)
    assert wallet.owner_id is not None
    asked = ledger.Order(
        kind=MovementKind.MERCHANT_PAYMENT,
        person_id=wallet.owner_id,
        source_id=wallet.id,
        target_id=account.id,
        amount=MinorUnits(order.amount),
        currency=order.currency,
        fee=MinorUnits(fee),
        fees_id=house_account(AccountKind.FEES, order.currency) if fee else None,
        order_id=order.id,
    )
    key = key or some_key()
    if order.capture is Capture.NOW:
        posted = await ledger.post(ledger.pay(asked, key=key, at=NOON))
    else:
        before = NOON + timedelta(days=7)
        posted = await ledger.post(
            ledger.hold(
                asked,
                key=key,
                at=NOON,
                expires_at=before + timedelta(days=7),
                capture_before=before,
            )
        )
    assert posted.movement is not None
    assert posted.movement.status is not MovementStatus.FAILED, posted.code
    return await Payment.get(movement_id=posted.movement.id)


async def settlement(merchant: Merchant, **changes: Any) -> Settlement:
    """A settlement of nothing."""
    account = await Account.get(merchant_id=merchant.id, currency="CNY")
    sums = ("from_version", "to_version", "opening", "captured", "refunded", "paid_out", "other")
    facts: dict[str, Any] = {
        "id": new_id(),
        "merchant_id": merchant.id,
        "account_id": account.id,
        "currency": account.currency,
        "day": NOON.date(),
        "created_at": NOON,
        **dict.fromkeys((*sums, "fees_due", "fees", "closing", "payout"), 0),
    }
    return await Settlement.create(**{**facts, **changes})


def some_key(owner_id: UUID = keys.SYSTEM, key: str | None = None) -> ledger.Key:
    """A key nobody used, or the named one."""
    name = key or new_id().hex
    return ledger.Key(owner_id=owner_id, key=name, digest=keys.digest("test", name))


async def balances(*accounts: Account) -> list[int]:
    """What is posted in each account now, in minor units."""
    fresh = {row.id: row for row in await Account.filter(id__in=[each.id for each in accounts])}
    return [fresh[each.id].balance for each in accounts]


async def session(
    person: Person, audience: Audience, now: datetime, *, device: Shown | None = None
) -> sessions.SignedIn:
    """A session opened without a password, for tests about what comes after; as if with one.

    Only with `device` it is on one.
    """
    return await sessions.open_session(
        person,
        audience=audience,
        client="test",
        now=now,
        factors=[Factor.PASSWORD],
        device=device,
    )


def identity(person: Person, session_id: UUID | None = None) -> sessions.Identity:
    """Who asks in a session that nobody opened; without an id always the same one of a person."""
    return sessions.Identity(
        session_id=session_id or person.id,
        person_id=person.id,
        role=person.role,
        audience=Audience.DESK if person.role.is_desk else Audience.PUBLIC,
        locale=person.locale,
        time_zone=person.time_zone,
        until=NOON + timedelta(minutes=15),
    )

"""The small cast of the tests: ada and bob have wallets; money comes from the house's equity."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain import keys, ledger, sessions
from domain.chart import house_account
from domain.devices import Shown
from domain.fresh_proofs import Factor
from domain.money import MinorUnits
from models.ids import new_id
from models.movements import Movement, MovementKind
from models.people import Person, Role
from models.sessions import Audience
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

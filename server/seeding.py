"""Filling a demo with its small town: once, and to the end however often it is interrupted."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import contacts, keys, ledger, merchants, people, pins, second_factors, wallets
from domain.chart import house_account
from domain.decisions import decision
from domain.merchants import api_keys, applications
from domain.money import MinorUnits
from models.merchants import ApiKey, Merchant, MerchantStatus
from models.movements import MovementKind
from models.people import Contact, ContactCode, Person
from models.wallets import AccountKind
from server import houses, private_files, signals, town
from server.foundations import Foundations
from server.town import Shop, Townsperson

FILE: Final = "demo-people.txt"


def seed_once(foundations: Foundations) -> None:
    """Fills the town unless that is done; then says who lives there."""
    assert foundations.folder is not None, "a demo has a data folder"
    file = foundations.folder / FILE
    if file.exists():
        return
    told = signals.run(lambda _: seed(foundations))
    private_files.write(file, told)
    print(told, flush=True)


async def seed(foundations: Foundations) -> str:
    """Makes whatever the town lacks; returns who lives there and how they sign in.

    Doing it again changes nothing but the second factors and the merchant's key, whose secrets are
    known only here.
    """
    async with houses.opened(foundations) as house:
        secrets = {each.name: await settle(each, house.clock()) for each in town.PEOPLE}
        shop, key = await _opened(town.TEAHOUSE, house.clock())
        await ledger.settled()
    return _told(secrets, shop, key)


async def settle(townsperson: Townsperson, now: datetime) -> str | None:
    """Makes one person with all they have; the secret of their second factor, for the desk."""
    person = await people.find(townsperson.name) or await _register(townsperson, now)
    for contact in await Contact.filter(person_id=person.id, verified_at__isnull=True):
        await _verify(contact, now)
    if person.role.is_desk:
        return await second_factors.enrol(person.id, now)
    with suppress(pins.PinAlreadySet):
        await pins.set_pin(person.id, town.PIN, now)
    for currency, amount in townsperson.money.items():
        await _open(person.id, currency, MinorUnits(amount), now)
    return None


async def _register(townsperson: Townsperson, now: datetime) -> Person:
    return await people.register(
        account_name=townsperson.name,
        display_name=townsperson.display_name,
        email=townsperson.email,
        phone=townsperson.phone,
        password=town.PASSWORD,
        locale=townsperson.locale,
        time_zone=townsperson.time_zone,
        role=townsperson.role,
        now=now,
    )


async def _verify(contact: Contact, now: datetime) -> None:
    """Takes the code back as its owner would who has read it."""
    newest = ContactCode.filter(contact_id=contact.id).order_by("-created_at", "-id").first()
    code = await newest
    if code is None or code.expires_at <= now:
        await contacts.send_code(contact.person_id, contact.id, now)
        code = await newest
    assert code is not None, "one was just sent"
    await contacts.verify(contact.person_id, contact.id, contacts.code_for(code), now)


async def _opened(shop: Shop, now: datetime) -> tuple[Merchant, str]:
    """The merchant, taking payments, with an account and one key that nobody else knows."""
    owner = await Person.get(account_name=shop.owner)
    agent = await Person.get(account_name=shop.decided_by)
    merchant = await Merchant.get_or_none(owner_id=owner.id) or await merchants.apply(
        owner.id, shop.particulars, now
    )
    async with decision() as announce:
        if merchant.status is MerchantStatus.APPLIED:
            await applications.decide_in(
                announce, merchant, is_accepted=True, reason="A demo", by=agent.id, now=now
            )
        await merchants.account(merchant.id, "CNY", now)
        # One that was made by a run that was broken off is not told to anybody.
        await api_keys.revoke_in(announce, await ApiKey.filter(merchant_id=merchant.id), now)
        _, key = await api_keys.draw(
            merchant.id,
            "Demo",
            merchants.KEY_SCOPES,
            livemode=False,
            by=owner.id,
            now=now,
        )
    return merchant, key


async def _open(person_id: UUID, currency: str, amount: MinorUnits, now: datetime) -> None:
    wallet = await wallets.open_wallet(person_id, currency, now)
    if not amount:
        return
    order = ledger.Order(
        kind=MovementKind.ADJUSTMENT,
        person_id=person_id,
        source_id=house_account(AccountKind.EQUITY, currency),
        target_id=wallet.id,
        amount=amount,
        currency=currency,
    )
    name = f"town:{wallet.id}"
    key = ledger.Key(owner_id=keys.SYSTEM, key=name, digest=keys.digest("town", name, amount))
    await ledger.post(ledger.pay(order, key=key, at=now))


def _told(secrets: dict[str, str | None], shop: Merchant, key: str) -> str:
    lines = [
        "The people of this demo. Nothing here is real, and everybody may know these words.",
        f"Everybody's password is {town.PASSWORD}, and the PIN for payments {town.PIN}.",
        "",
    ]
    for each in town.PEOPLE:
        secret = secrets[each.name]
        second = f"second factor {secret}" if secret else ", ".join((each.email, each.phone or ""))
        lines.append(f"  {each.name:<9} {each.role:<11} {second}")
    lines += [
        "",
        f"{town.TEAHOUSE.owner} owns the merchant {shop.name}, number {shop.number}. Its API key:",
        f"  {key}",
    ]
    return "\n".join(lines) + "\n"

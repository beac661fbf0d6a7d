"""Whom money may be sent to: found by account name, telephone or code, shown by a masked name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import names, receive_codes
from domain.money import MAX_MINOR_UNITS, MinorUnits
from domain.refusals import Refusal
from models.acquaintances import FavouritePayee
from models.money_requests import MoneyRequest
from models.movements import Movement, MovementKind, MovementStatus
from models.people import Contact, ContactKind, Person, Role
from models.wallets import Account, AccountKind


class PayeeNotFound(Refusal):
    """Nobody who can be paid goes by that name, number or code."""

    def __init__(self) -> None:
        super().__init__("There is no such payee.")


class PayeeCannotReceive(Refusal):
    """The payee is there, but cannot be paid like this now; why is not the payer's to know."""

    def __init__(self) -> None:
        super().__init__("This payee cannot receive this payment.")


class PayeeLimitExceeded(Refusal):
    """The payee's balance would be more than every client can hold exactly."""

    def __init__(self) -> None:
        super().__init__("This payee cannot receive so much.")


class SelfPayment(Refusal):
    """Payer and payee are one person."""

    def __init__(self) -> None:
        super().__init__("You cannot pay yourself.")


FIND_REFUSALS: Final = (PayeeNotFound, SelfPayment, *receive_codes.NOT_FOLLOWED)


@dataclass(frozen=True, slots=True)
class Named:
    """A payee as the payer names them: one of these is given.

    `receive_code` is the text of a scanned code, `favourite_id` one of the payer's own, and
    `request_id` a request for money that the payer was asked with.
    """

    account_name: str | None = None
    phone: str | None = None
    receive_code: str | None = None
    favourite_id: UUID | None = None
    request_id: UUID | None = None


async def find(payee: Named, *, by: UUID, now: datetime) -> Person:
    """The person that `by` means.

    Raises:
        PayeeNotFound: nobody who can be paid goes by that.
        SelfPayment: it is `by`.
        QrInvalid, QrForeign, QrTampered, QrExpired: see `domain.receive_codes`.
    """
    person = await _named(payee, by, now)
    if person.id == by:
        raise SelfPayment
    return person


async def wallet_for(payee: Person, amount: MinorUnits, currency: str) -> Account:
    """The wallet a payment of `amount` minor units of `currency` would reach.

    Raises:
        PayeeCannotReceive: there is none, it is closed, or somebody other than the payee froze it.
        PayeeLimitExceeded: it would hold too much.
    """
    wallet = await Account.get_or_none(
        owner_id=payee.id, currency=currency, kind=AccountKind.WALLET
    )
    if wallet is None or wallet.closed_at is not None or wallet.freeze_level > 1:
        raise PayeeCannotReceive
    if wallet.balance + wallet.pending_credits + amount > MAX_MINOR_UNITS:
        raise PayeeLimitExceeded
    return wallet


async def is_known(payee_id: UUID, *, to: UUID) -> bool:
    """Whether the person `to` has paid this payee before."""
    wallets = await Account.filter(owner_id=payee_id).only("id")
    return await Movement.filter(
        person_id=to,
        kind=MovementKind.TRANSFER,
        status=MovementStatus.COMPLETED,
        target_id__in=[wallet.id for wallet in wallets],
    ).exists()


async def _named(payee: Named, by: UUID, now: datetime) -> Person:
    if payee.receive_code is not None:
        return _payable(await receive_codes.payee(payee.receive_code, now))
    if payee.account_name is not None:
        return await _by_account_name(payee.account_name)
    if payee.phone is not None:
        return await _by_phone(payee.phone)
    return _payable(await _kept(payee, by))


async def _kept(payee: Named, by: UUID) -> Person | None:
    """Somebody that the payer has kept, or who asked the payer for money."""
    kept = await FavouritePayee.get_or_none(id=payee.favourite_id, person_id=by)
    asked = await MoneyRequest.get_or_none(id=payee.request_id, payer_id=by)
    known = [kept.payee_id] if kept else [asked.asker_id] if asked else []
    return await Person.get(id=known[0]) if known else None


async def _by_account_name(account_name: str) -> Person:
    try:
        folded = names.account_name(account_name)
    except names.AccountNameInvalid:
        raise PayeeNotFound from None
    return _payable(await Person.get_or_none(account_name=folded))


async def _by_phone(phone: str) -> Person:
    """Only a number that was proved finds anybody."""
    try:
        number = names.phone(phone)
    except names.PhoneInvalid:
        raise PayeeNotFound from None
    contact = await Contact.get_or_none(
        kind=ContactKind.PHONE, value=number, verified_at__isnull=False
    )
    return _payable(None if contact is None else await Person.get(id=contact.person_id))


def _payable(person: Person | None) -> Person:
    if person is None or person.closed_at is not None or person.role is not Role.CUSTOMER:
        raise PayeeNotFound
    return person

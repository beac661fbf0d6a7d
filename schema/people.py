"""People as they see themselves: how to reach them, their wallets, what protects them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated

import strawberry

from domain import (
    blocks,
    devices,
    factor_losses,
    favourites,
    passkeys,
    passwords,
    phrases,
    second_factors,
    sessions,
)
from models import people as rows
from models.exports import Export as ExportRow
from models.freezes import Freeze
from models.verification_requests import VerificationRequest as VerificationRequestRow
from models.wallets import Account, AccountKind
from schema import ids, pages
from schema.acquaintances import BlockedPerson, FavouritePayee, RecentPayee
from schema.contacts import Contact, ContactKind
from schema.context import Info
from schema.devices import Device, Session
from schema.exports import Export
from schema.freezes import PaymentFreeze
from schema.inquiries import Inquiry, inquiries_of
from schema.merchants import Merchant, merchants_of
from schema.money_requests import MoneyRequest, MoneyRequestDirection
from schema.money_requests import page_of as requests_page
from schema.nodes import Node
from schema.pages import After, Connection, First
from schema.passkeys import Passkey
from schema.problems import people as problems
from schema.problems.profiles import DisplayNameReserved
from schema.problems.sessions import ProofNeeded
from schema.second_factors import FactorLossWaiting, SecondFactors
from schema.security_events import SecurityEvent, events_of
from schema.texts import Language
from schema.verification_requests import Verification, VerificationRequest
from schema.wallets import Wallet

__all__ = ["Contact", "ContactKind"]


@strawberry.enum(description="What a person is to uPay.")
class Role(Enum):
    CUSTOMER = rows.Role.CUSTOMER
    AGENT = rows.Role.AGENT
    SUPERVISOR = rows.Role.SUPERVISOR
    ADMIN = rows.Role.ADMIN


@strawberry.type(description="The payment PIN: six digits that confirm payments.")
class PinState:
    is_set: bool
    locked_until: datetime | None = strawberry.field(
        description="When it opens again after too many wrong tries; null when it is open."
    )


@strawberry.type(description="A person, as only they see themselves.")
class Person(Node):
    account_name: str
    display_name: str
    role: Role
    locale: Language
    time_zone: str = strawberry.field(description="IANA name; where this person's day begins.")
    is_frozen: bool = strawberry.field(description="Whether nothing may leave their wallets.")
    created_at: datetime
    row: strawberry.Private[rows.Person]

    @strawberry.field(description="Every contact they named and did not remove, verified or not.")
    async def contacts(self) -> list[Contact]:
        theirs = rows.Contact.filter(person_id=self.row.id, removed_at__isnull=True)
        found = await theirs.order_by("id")
        return [Contact.of(row) for row in found]

    @strawberry.field(description="Their wallets, one for each currency.")
    async def wallets(self, info: Info) -> list[Wallet]:
        found = await Account.filter(owner_id=self.row.id, kind=AccountKind.WALLET).order_by("id")
        return [Wallet.of(row, info) for row in found]

    @strawberry.field(description="Where they are signed in, the last used first; at most 100.")
    async def sessions(self, info: Info) -> list[Session]:
        viewer = info.context.identity
        known = {device.id: device for device in await devices.of(self.row.id)}
        return [
            Session.of(row, known.get(row.device_id) if row.device_id else None, viewer)
            for row in await sessions.open_ones(self.row.id, info.context.now)
        ]

    @strawberry.field(description="What they signed in on, the last used first; at most 100.")
    async def devices(self, info: Info) -> list[Device]:
        return [Device.of(row, info.context.identity) for row in await devices.of(self.row.id)]

    @strawberry.field(description="The devices they sign in and pay with, the oldest first.")
    async def passkeys(self) -> list[Passkey]:
        return [Passkey.of(row) for row in await passkeys.owned(self.row.id)]

    @strawberry.field(description="What keeps money from leaving; empty when nothing does.")
    async def freezes(self) -> list[PaymentFreeze]:
        open_ones = Freeze.filter(person_id=self.row.id, lifted_at__isnull=True).order_by("id")
        return [PaymentFreeze.of(row) for row in await open_ones]

    @strawberry.field(description="How far they have proved who they are.")
    async def verification(self) -> Verification:
        asked = VerificationRequestRow.filter(person_id=self.row.id).order_by("-asked_at", "-id")
        row = await asked.first()
        request = None if row is None else VerificationRequest.of(row)
        return Verification(level=self.row.level, request=request)

    @strawberry.field(description="Their last exports, newest first; at most 20.")
    async def exports(self, info: Info) -> list[Export]:
        asked = ExportRow.filter(person_id=self.row.id).order_by("-asked_at", "-id").limit(20)
        return [Export.of(row, info.context.now) for row in await asked]

    @strawberry.field(description="The merchants they work for, at most 100.")
    async def merchants(self, info: Info) -> list[Merchant]:
        return await merchants_of(self.row, info)

    @strawberry.field
    async def pin(self, info: Info) -> PinState:
        row = await rows.Pin.get_or_none(person_id=self.row.id)
        locked_until = row.locked_until if row else None
        is_locked = locked_until is not None and locked_until > info.context.now
        return PinState(is_set=row is not None, locked_until=locked_until if is_locked else None)

    @strawberry.field(
        description="When their password has to be another; null while it need not. Whoever signs "
        "in later can only change it."
    )
    async def password_expires_at(self) -> datetime | None:
        return await passwords.expires_at(self.row)

    @strawberry.field(description="What protects them besides their password.")
    async def second_factors(self) -> SecondFactors:
        return SecondFactors.of(await second_factors.standing(self.row.id))

    @strawberry.field(
        description="A report that all second factors are lost; null unless one is waited for. "
        "Withdraw it if it is not theirs."
    )
    async def factor_loss(self) -> FactorLossWaiting | None:
        loss = await factor_losses.waiting(self.row.id)
        return None if loss is None else FactorLossWaiting.of(loss)

    @strawberry.field(description="What they were asked about payments, newest first.")
    async def inquiries(
        self, first: pages.First = pages.FIRST_DEFAULT, after: pages.After = None
    ) -> pages.Connection[Inquiry]:
        return await inquiries_of(self.row.id, first, after)

    @strawberry.field(description="Money they were asked for, or asked for, newest first.")
    async def money_requests(
        self,
        info: Info,
        direction: MoneyRequestDirection = MoneyRequestDirection.ASKED_OF_ME,
        first: First = pages.FIRST_DEFAULT,
        after: After = None,
    ) -> Connection[MoneyRequest]:
        return await requests_page(self.row.id, direction, info, first, after)

    @strawberry.field(description="Payees that they keep, by alias.")
    async def favourite_payees(self) -> list[FavouritePayee]:
        return [FavouritePayee.of(kept) for kept in await favourites.of(self.row.id)]

    @strawberry.field(description="Whom they paid in the last 180 days, the last first.")
    async def recent_payees(
        self, info: Info, first: First = pages.FIRST_DEFAULT
    ) -> list[RecentPayee]:
        limit = pages.size(first)
        found = await favourites.paid_lately(self.row.id, info.context.now, limit=limit)
        return [RecentPayee.of(recent, self.row.id, info) for recent in found]

    @strawberry.field(description="Whom they have blocked, the last first.")
    async def blocked_people(self) -> list[BlockedPerson]:
        return [BlockedPerson.of(person) for person in await blocks.blocked_by(self.row.id)]

    @strawberry.field(
        description="What letters from uPay show, so that you can tell them from fakes; null when "
        "you have chosen none."
    )
    async def phrase(self) -> str | None:
        return await phrases.current(self.row.id)

    @strawberry.field(description="What happened to the account, newest first.")
    async def security_events(
        self, info: Info, first: First = pages.FIRST_DEFAULT, after: After = None
    ) -> Connection[SecurityEvent]:
        return await events_of(self.row.id, self.row.time_zone, info, first, after)

    @classmethod
    def of(cls, row: rows.Person) -> Person:
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PERSON, row.id)),
            account_name=row.account_name,
            display_name=row.display_name,
            role=Role(row.role),
            locale=Language(row.locale),
            time_zone=row.time_zone,
            is_frozen=row.freeze_level > 0,
            created_at=row.created_at,
            row=row,
        )


@strawberry.input
class RegisterInput:
    account_name: str = strawberry.field(
        description="3 to 32 Latin letters, digits, dots, dashes or underscores; a letter first."
    )
    display_name: str = strawberry.field(description="1 to 64 characters.")
    email: str
    phone: str | None = strawberry.field(
        default=None, description="International form, such as +86 138 0000 0000."
    )
    password: str = strawberry.field(
        description="At most 256 characters; `passwordPolicy` says what else it must be."
    )
    locale: Language = Language.ZH_CN
    time_zone: str = "Asia/Shanghai"


@strawberry.type(description="The person is there; a code is on its way to each contact.")
class Registered:
    person: Person


RegisterResult = Annotated[
    Registered
    | problems.AccountNameInvalid
    | problems.AccountNameTaken
    | problems.DisplayNameInvalid
    | DisplayNameReserved
    | problems.EmailInvalid
    | problems.PhoneInvalid
    | problems.TimeZoneInvalid
    | problems.PasswordTooWeak,
    strawberry.union("RegisterResult"),
]


@strawberry.input
class SetPinInput:
    pin: str = strawberry.field(description="Six digits, neither a row nor all alike.")


@strawberry.input
class ChangePinInput:
    current_pin: str
    new_pin: str = strawberry.field(description="Six digits, neither a row nor all alike.")


@strawberry.input
class ResetPinInput:
    new_pin: str = strawberry.field(description="Six digits, neither a row nor all alike.")


@strawberry.type(description="The payment PIN is what you said.")
class PinSaved:
    pin: PinState


SetPinResult = Annotated[
    PinSaved | problems.PinTooSimple | problems.PinAlreadySet, strawberry.union("SetPinResult")
]
ChangePinResult = Annotated[
    PinSaved | problems.PinTooSimple | problems.PinNotSet | problems.WrongPin | problems.PinLocked,
    strawberry.union("ChangePinResult"),
]
ResetPinResult = Annotated[
    PinSaved | problems.PinTooSimple | problems.PinNotSet | ProofNeeded,
    strawberry.union("ResetPinResult"),
]

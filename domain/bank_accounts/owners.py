"""Whose a bank account is: a person's, or a merchant's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.queryset import QuerySet

from domain import security_events
from domain.decisions import Announce
from domain.sessions import Identity
from models.bank_accounts import BankAccount
from models.merchants import Merchant
from models.people import Person
from models.security_events import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Exactly one of the two is given; that whoever asks may act for it was looked at before."""

    person_id: UUID | None = None
    merchant_id: UUID | None = None

    @property
    def id(self) -> UUID:
        id = self.person_id or self.merchant_id
        assert id is not None, "somebody owns a bank account"
        return id

    async def lock(self) -> None:
        """Lets only one decision at a time count the bank accounts of this owner."""
        locked: QuerySet[Person] | QuerySet[Merchant]
        if self.person_id is not None:
            locked = Person.filter(id=self.person_id)
        else:
            locked = Merchant.filter(id=self.merchant_id)
        await locked.select_for_update(no_key=True).get()

    async def bank_accounts(self) -> list[BankAccount]:
        """All of them, those that have ended too, in the order in which they were added."""
        if self.person_id is not None:
            theirs = BankAccount.filter(person_id=self.person_id)
        else:
            theirs = BankAccount.filter(merchant_id=self.merchant_id)
        return await theirs.order_by("added_at", "id")

    async def tell(
        self,
        announce: Announce,
        kind: EventKind,
        account: BankAccount,
        *,
        by: Identity,
        now: datetime,
        address: str,
        **detail: str,
    ) -> None:
        """Tells the person, or who answers for the merchant, what was done with a bank account."""
        told = self.person_id
        if told is None:
            told = (await Merchant.get(id=self.merchant_id)).owner_id
        await security_events.record(
            announce,
            kind,
            person_id=told,
            now=now,
            # Whoever works for a merchant is not its owner's session.
            session_id=by.session_id if told == by.person_id else None,
            address=address if told == by.person_id else "",
            bank_account=account.masked,
            bank_account_id=str(account.id),
            **detail,
        )

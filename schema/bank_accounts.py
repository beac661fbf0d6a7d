"""Bank accounts and cards: where top-ups come from and withdrawals and payouts go to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from domain import bank_accounts
from models import bank_accounts as rows
from schema import ids
from schema.bank_account_states import (
    BankAccountKind,
    BankAccountRefusal,
    BankAccountStatus,
    refusal,
)
from schema.money import CurrencyCode, MoneyInput
from schema.nodes import Node
from schema.problems import bank_accounts as problems
from schema.problems.money import AmountInvalid, CurrencyMismatch, CurrencyNotOffered
from schema.problems.sessions import ProofNeeded


@strawberry.type(
    description="A bank account or card, of a person or of a merchant. Its number is shown to "
    "nobody again."
)
class BankAccount(Node):
    kind: BankAccountKind
    currency: CurrencyCode = strawberry.field(description="Only money in this currency.")
    country: str | None = strawberry.field(
        description="ISO 3166, two letters; null of a card, whose country is not known."
    )
    holder: str
    bank_name: str | None = strawberry.field(description="As its owner calls the bank.")
    masked: str = strawberry.field(description="The last four characters: •••• 1234.")
    expires_on: date | None = strawberry.field(
        description="The last day on which a card is good; null of a bank account."
    )
    status: BankAccountStatus
    refused_for: BankAccountRefusal | None = strawberry.field(
        description="Null unless it was REFUSED."
    )
    tries_left: int | None = strawberry.field(
        description="How often the amount may still be said; null unless one is awaited."
    )
    is_being_asked_about: bool = strawberry.field(
        description="The provider has yet to answer: ask again in a few seconds."
    )
    added_at: datetime
    usable_for_withdrawal_from: datetime = strawberry.field(
        description="Nothing is paid out to it before; a day after it was added."
    )

    @classmethod
    def of(cls, row: rows.BankAccount) -> BankAccount:
        status = row.status
        is_refused = status is rows.BankAccountStatus.REFUSED
        is_awaited = status is rows.BankAccountStatus.AMOUNT_SENT
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.BANK_ACCOUNT, row.id)),
            kind=BankAccountKind(row.kind.value),
            currency=CurrencyCode(row.currency),
            country=row.country,
            holder=row.holder,
            bank_name=row.bank_name,
            masked=row.masked,
            expires_on=row.expires_on,
            status=BankAccountStatus(status.value),
            refused_for=refusal(row.refused_for) if is_refused else None,
            tries_left=row.tries_left if is_awaited else None,
            is_being_asked_about=status is rows.BankAccountStatus.PENDING
            or row.amount_tried is not None,
            added_at=row.added_at,
            usable_for_withdrawal_from=row.usable_for_withdrawal_from,
        )


@strawberry.input(description="A bank account as its owner types it.")
class BankAccountDetailsInput:
    number: str = strawberry.field(
        description="An IBAN, or the number as the bank writes it; never the number of a card."
    )
    country: str = strawberry.field(description="Where the bank is: ISO 3166, two capital letters.")
    bank_name: str | None = strawberry.field(
        default=None, description="To know it by; at most 64 characters."
    )

    def wish(self, holder: str, currency: str) -> bank_accounts.Account:
        return bank_accounts.Account(
            holder=holder,
            number=self.number,
            country=self.country,
            currency=currency,
            bank_name=self.bank_name,
        )


@strawberry.input(description="A card as the provider's own form gave it out, without its number.")
class CardDetailsInput:
    token: str = strawberry.field(description="The provider's word for the card.")
    last_digits: str = strawberry.field(description="The last four digits of its number.")
    expires_month: int = strawberry.field(description="1 to 12, as printed on it.")
    expires_year: int = strawberry.field(description="Four digits.")

    def wish(self, holder: str, currency: str) -> bank_accounts.Card:
        return bank_accounts.Card(
            holder=holder,
            token=self.token,
            last_digits=self.last_digits,
            month=self.expires_month,
            year=self.expires_year,
            currency=currency,
        )


@strawberry.input(description="One of the two.", one_of=True)
class BankAccountSourceInput:
    bank_account: BankAccountDetailsInput | None = strawberry.UNSET
    card: CardDetailsInput | None = strawberry.UNSET

    def wish(self, holder: str, currency: str) -> bank_accounts.Account | bank_accounts.Card:
        given = self.bank_account or self.card
        assert given, "GraphQL holds the client to exactly one"
        return given.wish(holder, currency)


@strawberry.input
class AddBankAccountInput:
    holder: str = strawberry.field(description="Its holder's name, as the bank has it.")
    currency: CurrencyCode = strawberry.field(description="The currency it is kept in.")
    details: BankAccountSourceInput
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The merchant whose payouts go there, for a person who manages it; without it "
        "the bank account is your own.",
    )


@strawberry.input
class VerifyBankAccountInput:
    bank_account_id: strawberry.ID
    amount: MoneyInput = strawberry.field(description="The small amount that arrived there.")
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant's it is; without it, yours."
    )


@strawberry.input
class RemoveBankAccountInput:
    bank_account_id: strawberry.ID
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant's it is; without it, yours."
    )


@strawberry.type(
    description="It is kept, and the provider is being asked about it: look at `bankAccounts` "
    "again until it is no longer PENDING."
)
class BankAccountAdded:
    bank_account: BankAccount


@strawberry.type(
    description="The provider is being asked whether that amount is right: look at `bankAccounts` "
    "again. It will be VERIFIED, or have a try less; after three it is REFUSED."
)
class BankAccountBeingVerified:
    bank_account: BankAccount


@strawberry.type(description="Nothing goes to it or comes from it any more.")
class BankAccountRemoved:
    bank_account: BankAccount


AddBankAccountResult = Annotated[
    BankAccountAdded
    | ProofNeeded
    | CurrencyNotOffered
    | problems.HolderInvalid
    | problems.HolderDiffers
    | problems.BankNameInvalid
    | problems.BankNumberInvalid
    | problems.CardNumberShown
    | problems.CardInvalid
    | problems.CardExpired
    | problems.BankAccountThere
    | problems.TooManyBankAccounts
    | problems.BankAccountGuessed
    | problems.BankAccountsUnavailable,
    strawberry.union("AddBankAccountResult"),
]
VerifyBankAccountResult = Annotated[
    BankAccountBeingVerified | AmountInvalid | CurrencyMismatch | problems.NothingToVerify,
    strawberry.union("VerifyBankAccountResult"),
]
RemoveBankAccountResult = Annotated[
    BankAccountRemoved | ProofNeeded | problems.BankAccountInUse,
    strawberry.union("RemoveBankAccountResult"),
]

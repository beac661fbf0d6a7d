"""Bank accounts and cards: one's own, and those of merchants that one manages."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import bank_accounts
from domain.bank_accounts import Owner
from domain.merchants import Scope
from models import bank_accounts as rows
from schema import ids
from schema.bank_accounts import (
    AddBankAccountInput,
    AddBankAccountResult,
    BankAccount,
    BankAccountAdded,
    BankAccountBeingVerified,
    BankAccountRemoved,
    RemoveBankAccountInput,
    RemoveBankAccountResult,
    VerifyBankAccountInput,
    VerifyBankAccountResult,
)
from schema.context import Info
from schema.problems.base import named


@strawberry.type
class BankAccountQueries:
    @strawberry.field(
        description="Your bank accounts and cards, or a merchant's that you manage: at most ten, "
        "without those that were removed."
    )
    async def bank_accounts(
        self,
        info: Info,
        merchant_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(description="Which merchant's; without it, yours."),
        ] = None,
    ) -> list[BankAccount]:
        owner = await _owner(info, merchant_id)
        return [
            BankAccount.of(row)
            for row in await owner.bank_accounts()
            if row.status is not rows.BankAccountStatus.REMOVED
        ]


@strawberry.type
class BankAccountMutations:
    @strawberry.mutation(
        description="Adds a bank account or card to top up from and withdraw to, or a merchant's "
        "to be paid out to. Needs a fresh proof: see `proveIdentity`."
    )
    async def add_bank_account(
        self, info: Info, input: AddBankAccountInput
    ) -> AddBankAccountResult:
        owner = await _owner(info, input.merchant_id)
        try:
            row = await bank_accounts.add(
                input.details.wish(input.holder, input.currency),
                owner=owner,
                by=info.context.person,
                now=info.context.now,
                address=info.context.client,
            )
        except bank_accounts.ADD_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return BankAccountAdded(bank_account=BankAccount.of(row))

    @strawberry.mutation(
        description="Says which small amount arrived at a bank account, which proves that you can "
        "see into it. Three tries."
    )
    async def verify_bank_account(
        self, info: Info, input: VerifyBankAccountInput
    ) -> VerifyBankAccountResult:
        owner = await _owner(info, input.merchant_id)
        try:
            row = await bank_accounts.verify(
                ids.parse(input.bank_account_id, ids.Prefix.BANK_ACCOUNT),
                owner=owner,
                amount=input.amount.amount_minor,
                currency=input.amount.currency,
                now=info.context.now,
            )
        except bank_accounts.VERIFY_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return BankAccountBeingVerified(bank_account=BankAccount.of(row))

    @strawberry.mutation(
        description="Removes a bank account or card for good. Needs a fresh proof."
    )
    async def remove_bank_account(
        self, info: Info, input: RemoveBankAccountInput
    ) -> RemoveBankAccountResult:
        owner = await _owner(info, input.merchant_id)
        try:
            row = await bank_accounts.remove(
                ids.parse(input.bank_account_id, ids.Prefix.BANK_ACCOUNT),
                owner=owner,
                by=info.context.person,
                now=info.context.now,
                address=info.context.client,
            )
        except bank_accounts.REMOVE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return BankAccountRemoved(bank_account=BankAccount.of(row))


async def _owner(info: Info, merchant_id: str | None) -> Owner:
    """Whoever asks, or the merchant they name and manage; no key does this."""
    person = info.context.person
    if merchant_id is None:
        return Owner(person_id=person.person_id)
    actor = await info.context.acting(Scope.MANAGE, merchant_id)
    return Owner(merchant_id=actor.merchant_id)

"""Preparing, confirming and cancelling withdrawals."""

from __future__ import annotations

import strawberry

from domain import bank_ends, withdrawals
from schema import ids
from schema.context import Info
from schema.problems.base import named
from schema.withdrawals import (
    CancelWithdrawalInput,
    CancelWithdrawalResult,
    ConfirmWithdrawalInput,
    ConfirmWithdrawalResult,
    PrepareWithdrawalInput,
    PrepareWithdrawalResult,
    WithdrawalCancelled,
    WithdrawalPrepared,
    outcome,
)


@strawberry.type
class WithdrawalMutations:
    @strawberry.mutation(
        description="What taking money out to a bank account would do and cost, and what must be "
        "proved for it."
    )
    async def prepare_withdrawal(
        self, info: Info, input: PrepareWithdrawalInput
    ) -> PrepareWithdrawalResult:
        by = info.context.person
        wish = withdrawals.Wish(
            wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
            bank_account_id=ids.parse(input.bank_account_id, ids.Prefix.BANK_ACCOUNT),
            amount=input.amount.amount_minor,
            currency=input.amount.currency,
        )
        try:
            prepared = await withdrawals.prepare(
                wish, by=by, address=info.context.client, now=info.context.now
            )
        except withdrawals.PREPARE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return WithdrawalPrepared.of(prepared, info)

    @strawberry.mutation(description="Sets the money aside and has the bank asked, once.")
    async def confirm_withdrawal(
        self, info: Info, input: ConfirmWithdrawalInput
    ) -> ConfirmWithdrawalResult:
        by = info.context.person
        confirmation = withdrawals.Confirmation(
            quote_id=ids.parse(input.quote_id, ids.Prefix.QUOTE),
            challenge_id=ids.parse(input.challenge_id, ids.Prefix.CHALLENGE),
            proof=input.proof.shown(),
            key=input.idempotency_key,
        )
        try:
            row = await withdrawals.confirm(confirmation, by=by, now=info.context.now)
        except bank_ends.NOT_PAID_OUT as refusal:
            return named(refusal, info.context.language, field="quoteId")
        except withdrawals.CONFIRM_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await outcome(row, info)

    @strawberry.mutation(description="Takes back a withdrawal that the bank has not heard of.")
    async def cancel_withdrawal(
        self, info: Info, input: CancelWithdrawalInput
    ) -> CancelWithdrawalResult:
        by = info.context.person
        try:
            row = await withdrawals.cancel(
                by=by.person_id,
                withdrawal_id=ids.parse(input.withdrawal_id, ids.Prefix.WITHDRAWAL),
                key=input.idempotency_key,
                now=info.context.now,
            )
        except withdrawals.CANCEL_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await WithdrawalCancelled.of(row, info)

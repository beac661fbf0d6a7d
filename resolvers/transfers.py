"""Preparing, confirming and cancelling transfers."""

from __future__ import annotations

import strawberry

from domain import challenges, contacts, payees, transfers
from schema import ids
from schema.challenges import ChallengeCodeSent, SendChallengeCodeInput, SendChallengeCodeResult
from schema.context import Info
from schema.payees import Payee, PayeeInput, PayeeResult
from schema.problems.base import named
from schema.transfers import (
    CancelTransferInput,
    CancelTransferResult,
    ConfirmTransferInput,
    ConfirmTransferResult,
    PrepareTransferInput,
    PrepareTransferResult,
    TransferCancelled,
    TransferPrepared,
    outcome,
)
from schema.unclaimed import UnclaimedTransferPrepared


@strawberry.type
class TransferQueries:
    @strawberry.field(description="Who goes by that name, number or code, before you pay them.")
    async def payee(self, info: Info, by: PayeeInput) -> PayeeResult:
        asks, now = info.context.person.person_id, info.context.now
        try:
            return Payee.of(await payees.find(by.named(), by=asks, now=now))
        except payees.FIND_REFUSALS as refusal:
            return named(refusal, info.context.language, field="by")


@strawberry.type
class TransferMutations:
    @strawberry.mutation(
        description="What a transfer would do and cost, and what must be proved for it."
    )
    async def prepare_transfer(
        self, info: Info, input: PrepareTransferInput
    ) -> PrepareTransferResult:
        by, amount = info.context.person, input.amount
        wish = transfers.Wish(
            wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
            payee=input.payee.named(),
            amount=None if amount is None else amount.amount_minor,
            currency=None if amount is None else amount.currency,
            note=input.note,
            arrival=input.arrival.value,
            surname=input.payee_surname,
        )
        try:
            prepare = transfers.prepare_to_phone if input.to_unclaimed_phone else transfers.prepare
            prepared = await prepare(wish, by=by, address=info.context.client, now=info.context.now)
        except transfers.PREPARE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        if isinstance(prepared, transfers.PreparedToPhone):
            return UnclaimedTransferPrepared.of(prepared, info)
        return TransferPrepared.of(prepared, info)

    @strawberry.mutation(description="Does what the quote says, once.")
    async def confirm_transfer(
        self, info: Info, input: ConfirmTransferInput
    ) -> ConfirmTransferResult:
        by = info.context.person
        confirmation = transfers.Confirmation(
            quote_id=ids.parse(input.quote_id, ids.Prefix.QUOTE),
            challenge_id=ids.parse(input.challenge_id, ids.Prefix.CHALLENGE),
            proof=input.proof.shown(),
            key=input.idempotency_key,
        )
        try:
            row = await transfers.confirm(confirmation, by=by, now=info.context.now)
        except transfers.CONFIRM_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await outcome(row, info)

    @strawberry.mutation(
        description="Sends the code for `PIN_AND_CODE` to whoever has no authenticator app."
    )
    async def send_challenge_code(
        self, info: Info, input: SendChallengeCodeInput
    ) -> SendChallengeCodeResult:
        try:
            contact = await challenges.send_code(
                by=info.context.person,
                challenge_id=ids.parse(input.challenge_id, ids.Prefix.CHALLENGE),
                now=info.context.now,
            )
        except challenges.SEND_CODE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ChallengeCodeSent(masked_contact=contacts.masked(contact))

    @strawberry.mutation(description="Calls back a delayed transfer that has not arrived.")
    async def cancel_transfer(self, info: Info, input: CancelTransferInput) -> CancelTransferResult:
        try:
            row = await transfers.cancel(
                by=info.context.person.person_id,
                transfer_id=ids.parse(input.transfer_id, ids.Prefix.TRANSFER),
                key=input.idempotency_key,
                now=info.context.now,
            )
        except transfers.CANCEL_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return await TransferCancelled.of(row, info)

"""Making codes to be paid by, and reading scanned ones."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain import payees, receive_codes
from schema import ids
from schema.context import Info
from schema.problems.base import named
from schema.receive_codes import (
    CreateReceiveCodeInput,
    CreateReceiveCodeResult,
    ReceiveCode,
    ReceiveCodeCreated,
    ReceiveCodeReplaced,
    ReplaceReceiveCodeInput,
    ReplaceReceiveCodeResult,
    ScannedCode,
    ScannedCodeResult,
)


@strawberry.type
class ReceiveCodeQueries:
    @strawberry.field(description="Whom a scanned code asks you to pay, and how much.")
    async def scanned_code(
        self,
        info: Info,
        text: Annotated[str, strawberry.argument(description="What the scanner read.")],
    ) -> ScannedCodeResult:
        by, now = info.context.person.person_id, info.context.now
        try:
            code = receive_codes.read(text, now)
            person = await payees.find(payees.Named(receive_code=text), by=by, now=now)
        except payees.FIND_REFUSALS as refusal:
            return named(refusal, info.context.language, field="text")
        return ScannedCode.of(code, person)


@strawberry.type
class ReceiveCodeMutations:
    @strawberry.mutation(description="A code by which others pay into your wallet.")
    async def create_receive_code(
        self, info: Info, input: CreateReceiveCodeInput
    ) -> CreateReceiveCodeResult:
        amount = input.amount
        try:
            written = await receive_codes.create(
                by=info.context.person.person_id,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                amount=None if amount is None else amount.amount_minor,
                currency=None if amount is None else amount.currency,
                note=input.note,
                life=input.life.value,
                now=info.context.now,
            )
        except receive_codes.CREATE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ReceiveCodeCreated(receive_code=ReceiveCode.of(written))

    @strawberry.mutation(
        description="Voids every code of your wallet, printed ones too, and gives another."
    )
    async def replace_receive_code(
        self, info: Info, input: ReplaceReceiveCodeInput
    ) -> ReplaceReceiveCodeResult:
        try:
            written = await receive_codes.replace(
                by=info.context.person.person_id,
                wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
                now=info.context.now,
            )
        except receive_codes.REPLACE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ReceiveCodeReplaced(receive_code=ReceiveCode.of(written))

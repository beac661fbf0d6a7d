"""Topping up a wallet."""

from __future__ import annotations

from typing import cast

import strawberry

from domain import top_ups
from schema import ids
from schema.context import Info
from schema.movements import TopUp, movement
from schema.problems.base import named
from schema.top_ups import TopUpInput, TopUpResult, TopUpStarted


@strawberry.type
class TopUpMutations:
    @strawberry.mutation(description="Asks the bank for money to put into one of your wallets.")
    async def top_up(self, info: Info, input: TopUpInput) -> TopUpResult:
        by = info.context.person.person_id
        try:
            row = await top_ups.start(_wish(input), by=by, now=info.context.now)
        except top_ups.START_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return TopUpStarted(top_up=cast("TopUp", await movement(row, info)))


def _wish(input: TopUpInput) -> top_ups.Wish:
    account_id = input.bank_account_id
    return top_ups.Wish(
        wallet_id=ids.parse(input.wallet_id, ids.Prefix.WALLET),
        amount=input.amount.amount_minor,
        currency=input.amount.currency,
        key=input.idempotency_key,
        bank_account_id=None
        if account_id is None
        else ids.parse(account_id, ids.Prefix.BANK_ACCOUNT),
    )

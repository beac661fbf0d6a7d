"""Asking people for money, keeping payees, and blocking people."""

from __future__ import annotations

import strawberry

from domain import blocks, favourites, money_requests, payees, receive_codes, wallets
from domain.refusals import Refusal
from schema import ids
from schema.acquaintances import (
    AddFavouritePayeeInput,
    AddFavouritePayeeResult,
    BlockedPerson,
    BlockPersonInput,
    BlockPersonResult,
    FavouritePayee,
    FavouritePayeeAdded,
    FavouritePayeeRemoved,
    PersonBlocked,
    PersonUnblocked,
    RemoveFavouritePayeeInput,
    RemoveFavouritePayeeResult,
    UnblockPersonInput,
    UnblockPersonResult,
)
from schema.context import Info
from schema.money_requests import (
    DeclineMoneyRequestInput,
    DeclineMoneyRequestResult,
    MoneyRequestCancelled,
    MoneyRequestDeclined,
    MoneyRequested,
    RequestMoneyInput,
    RequestMoneyResult,
    WithdrawMoneyRequestInput,
    WithdrawMoneyRequestResult,
    one,
)
from schema.problems.base import named


def _asked_for(refusal: Refusal) -> str | None:
    """Where an input is wrong that a transfer calls otherwise."""
    if isinstance(refusal, receive_codes.NOT_FOLLOWED):
        return "payer.receiveCode"
    if isinstance(refusal, (*payees.FIND_REFUSALS, payees.PayeeCannotReceive)):
        return "payer"
    if isinstance(refusal, (wallets.CurrencyNotOffered, wallets.WalletClosed)):
        return "amount.currency"
    return None


@strawberry.type
class AcquaintanceMutations:
    @strawberry.mutation(description="Asks somebody for money.")
    async def request_money(self, info: Info, input: RequestMoneyInput) -> RequestMoneyResult:
        by = info.context.person.person_id
        try:
            row = await money_requests.ask(input.wish(), by=by, now=info.context.now)
        except money_requests.ASK_REFUSALS as refusal:
            return named(refusal, info.context.language, field=_asked_for(refusal))
        return MoneyRequested(request=await one(row, by, info))

    @strawberry.mutation(description="Says no to somebody who asks you for money.")
    async def decline_money_request(
        self, info: Info, input: DeclineMoneyRequestInput
    ) -> DeclineMoneyRequestResult:
        by = info.context.person.person_id
        request_id = ids.parse(input.request_id, ids.Prefix.MONEY_REQUEST)
        try:
            row = await money_requests.decline(request_id, by=by, now=info.context.now)
        except money_requests.ANSWER_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MoneyRequestDeclined(request=await one(row, by, info))

    @strawberry.mutation(description="Takes back a request for money of your own.")
    async def withdraw_money_request(
        self, info: Info, input: WithdrawMoneyRequestInput
    ) -> WithdrawMoneyRequestResult:
        by = info.context.person.person_id
        request_id = ids.parse(input.request_id, ids.Prefix.MONEY_REQUEST)
        try:
            row = await money_requests.cancel(request_id, by=by, now=info.context.now)
        except money_requests.ANSWER_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return MoneyRequestCancelled(request=await one(row, by, info))

    @strawberry.mutation(description="Keeps a payee, under a name of your own if you like.")
    async def add_favourite_payee(
        self, info: Info, input: AddFavouritePayeeInput
    ) -> AddFavouritePayeeResult:
        by, now = info.context.person.person_id, info.context.now
        try:
            kept = await favourites.add(input.payee.named(), input.alias, by=by, now=now)
        except favourites.ADD_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return FavouritePayeeAdded(favourite=FavouritePayee.of(kept))

    @strawberry.mutation(description="Keeps a payee no longer.")
    async def remove_favourite_payee(
        self, info: Info, input: RemoveFavouritePayeeInput
    ) -> RemoveFavouritePayeeResult:
        by = info.context.person.person_id
        await favourites.remove(ids.parse(input.favourite_id, ids.Prefix.FAVOURITE), by=by)
        return FavouritePayeeRemoved(favourite_id=input.favourite_id)

    @strawberry.mutation(description="Lets neither transfers nor requests of somebody reach you.")
    async def block_person(self, info: Info, input: BlockPersonInput) -> BlockPersonResult:
        by, now = info.context.person.person_id, info.context.now
        blocked_id = ids.parse(input.party_id, ids.Prefix.PARTY)
        try:
            person = await blocks.block(by=by, blocked_id=blocked_id, now=now)
        except blocks.BLOCK_REFUSALS as refusal:
            return named(refusal, info.context.language, field="partyId")
        return PersonBlocked(person=BlockedPerson.of(person))

    @strawberry.mutation(description="Lets somebody pay and ask you again.")
    async def unblock_person(self, info: Info, input: UnblockPersonInput) -> UnblockPersonResult:
        by = info.context.person.person_id
        await blocks.unblock(by=by, blocked_id=ids.parse(input.party_id, ids.Prefix.PARTY))
        return PersonUnblocked(party_id=input.party_id)

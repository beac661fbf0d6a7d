"""Becoming somebody, having a PIN."""

from __future__ import annotations

import strawberry

from domain import people, pin_resets, pins
from models import people as rows
from schema.context import Info
from schema.people import (
    ChangePinInput,
    ChangePinResult,
    Person,
    PinSaved,
    PinState,
    Registered,
    RegisterInput,
    RegisterResult,
    ResetPinInput,
    ResetPinResult,
    SetPinInput,
    SetPinResult,
)
from schema.problems.base import named
from schema.texts import choose


@strawberry.type
class PeopleQueries:
    @strawberry.field(description="You.")
    async def me(self, info: Info) -> Person:
        return Person.of(await rows.Person.get(id=info.context.person.person_id))


@strawberry.type
class PeopleMutations:
    @strawberry.mutation(description="Makes an account; needs nobody to be signed in.")
    async def register(self, info: Info, input: RegisterInput) -> RegisterResult:
        try:
            row = await people.register(
                account_name=input.account_name,
                display_name=input.display_name,
                email=input.email,
                phone=input.phone,
                password=input.password,
                locale=input.locale.value,
                time_zone=input.time_zone,
                now=info.context.now,
            )
        except people.REGISTER_REFUSALS as refusal:
            return named(refusal, choose("", input.locale.value))
        return Registered(person=Person.of(row))

    @strawberry.mutation(description="Sets the payment PIN, when there is none yet.")
    async def set_pin(self, info: Info, input: SetPinInput) -> SetPinResult:
        by = info.context.person
        try:
            await pins.set_pin(
                by.person_id,
                input.pin,
                info.context.now,
                session_id=by.session_id,
                address=info.context.client,
            )
        except pins.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PinSaved(pin=PinState(is_set=True, locked_until=None))

    @strawberry.mutation(description="Changes the payment PIN.")
    async def change_pin(self, info: Info, input: ChangePinInput) -> ChangePinResult:
        by = info.context.person
        try:
            await pins.change_pin(
                by.person_id,
                input.current_pin,
                input.new_pin,
                info.context.now,
                session_id=by.session_id,
                address=info.context.client,
            )
        except pins.PinTooSimple as refusal:
            return named(refusal, info.context.language, field="newPin")
        except pins.CHANGE_REFUSALS as refusal:
            return named(refusal, info.context.language, field="currentPin")
        return PinSaved(pin=PinState(is_set=True, locked_until=None))

    @strawberry.mutation(
        description="Replaces a payment PIN that was forgotten, after two other proofs. For a day "
        "it is not enough alone."
    )
    async def reset_pin(self, info: Info, input: ResetPinInput) -> ResetPinResult:
        try:
            await pin_resets.reset(
                by=info.context.person,
                pin=input.new_pin,
                address=info.context.client,
                now=info.context.now,
            )
        except pins.PinTooSimple as refusal:
            return named(refusal, info.context.language, field="newPin")
        except pin_resets.RESET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PinSaved(pin=PinState(is_set=True, locked_until=None))

"""Becoming somebody, being reachable, having a PIN."""

from __future__ import annotations

import strawberry

from domain import contacts, people, pins
from models import people as rows
from schema import ids
from schema.context import Info
from schema.people import (
    ChangePinInput,
    ChangePinResult,
    Contact,
    ContactCodeSent,
    ContactVerified,
    Person,
    PinSaved,
    PinState,
    Registered,
    RegisterInput,
    RegisterResult,
    SendContactCodeInput,
    SendContactCodeResult,
    SetPinInput,
    SetPinResult,
    VerifyContactInput,
    VerifyContactResult,
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

    @strawberry.mutation(description="Sends a code to one of your contacts.")
    async def send_contact_code(
        self, info: Info, input: SendContactCodeInput
    ) -> SendContactCodeResult:
        try:
            row = await contacts.send_code(
                info.context.person.person_id,
                ids.parse(input.contact_id, ids.Prefix.CONTACT),
                info.context.now,
            )
        except contacts.SEND_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactCodeSent(contact=Contact.of(row))

    @strawberry.mutation(description="Proves that one of your contacts is yours.")
    async def verify_contact(self, info: Info, input: VerifyContactInput) -> VerifyContactResult:
        try:
            row = await contacts.verify(
                info.context.person.person_id,
                ids.parse(input.contact_id, ids.Prefix.CONTACT),
                input.code,
                info.context.now,
            )
        except contacts.VERIFY_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactVerified(contact=Contact.of(row))

    @strawberry.mutation(description="Sets the payment PIN, when there is none yet.")
    async def set_pin(self, info: Info, input: SetPinInput) -> SetPinResult:
        try:
            await pins.set_pin(info.context.person.person_id, input.pin, info.context.now)
        except pins.SET_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return PinSaved(pin=PinState(is_set=True, locked_until=None))

    @strawberry.mutation(description="Changes the payment PIN.")
    async def change_pin(self, info: Info, input: ChangePinInput) -> ChangePinResult:
        try:
            await pins.change_pin(
                info.context.person.person_id, input.current_pin, input.new_pin, info.context.now
            )
        except pins.PinTooSimple as refusal:
            return named(refusal, info.context.language, field="newPin")
        except pins.CHANGE_REFUSALS as refusal:
            return named(refusal, info.context.language, field="currentPin")
        return PinSaved(pin=PinState(is_set=True, locked_until=None))

"""Being reachable: adding contacts, proving them, and letting them go."""

from __future__ import annotations

import strawberry

from domain import contacts
from models.people import ContactKind
from schema import ids
from schema.contacts import (
    AddContactInput,
    AddContactResult,
    Contact,
    ContactAdded,
    ContactCodeSent,
    ContactKept,
    ContactRemoved,
    ContactVerified,
    KeepContactInput,
    KeepContactResult,
    RemoveContactInput,
    RemoveContactResult,
    SendContactCodeInput,
    SendContactCodeResult,
    VerifyContactInput,
    VerifyContactResult,
)
from schema.context import Info
from schema.problems.base import named


@strawberry.type
class ContactMutations:
    @strawberry.mutation(
        description="Adds a way to reach you and sends a code to it. Needs a fresh proof, with the "
        "second factor if you have one."
    )
    async def add_contact(self, info: Info, input: AddContactInput) -> AddContactResult:
        kind = ContactKind.EMAIL if input.email is not None else ContactKind.PHONE
        value = input.email or input.phone
        try:
            row = await contacts.add_own(
                info.context.person, kind, value.value if value else "", info.context.now
            )
        except contacts.ADD_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactAdded(contact=Contact.of(row))

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
                session_id=info.context.person.session_id,
                address=info.context.client,
            )
        except contacts.VERIFY_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactVerified(contact=Contact.of(row))

    @strawberry.mutation(
        description="Removes one of your contacts: at once if it was never proved, else in a day, "
        "of which all your contacts are told. Needs a fresh proof, as adding does."
    )
    async def remove_contact(self, info: Info, input: RemoveContactInput) -> RemoveContactResult:
        by = info.context.person
        try:
            row = await contacts.remove(
                by,
                ids.parse(input.contact_id, ids.Prefix.CONTACT),
                info.context.now,
                address=info.context.client,
            )
        except contacts.REMOVE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactRemoved(contact=Contact.of(row))

    @strawberry.mutation(
        description="Keeps a contact that was about to be removed. Needs a fresh proof."
    )
    async def keep_contact(self, info: Info, input: KeepContactInput) -> KeepContactResult:
        by = info.context.person
        try:
            row = await contacts.keep(
                by, ids.parse(input.contact_id, ids.Prefix.CONTACT), info.context.now
            )
        except contacts.KEEP_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return ContactKept(contact=Contact.of(row))

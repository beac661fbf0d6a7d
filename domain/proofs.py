"""Proving again, within a session, who it is: what `domain.fresh_proofs` asks for elsewhere."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from domain import contacts, fresh_proofs, guards, passkeys, passwords, pins, second_factors
from domain.decisions import decision
from domain.fresh_proofs import FRESH_FOR, Factor
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.people import CodePurpose, Contact, Person


class ProofRefused(Refusal):
    """The password is wrong, or the code is: wrong, used before, or of no second factor."""

    def __init__(self) -> None:
        super().__init__("It could not be confirmed that it is you.")


class ContactNotUsable(Refusal):
    """Nothing that is sent to this contact proves anything before `usable_at`; None: not at all.

    It is not verified, or was proved to be theirs so lately that whoever took the account over may
    have done it.
    """

    def __init__(self, usable_at: datetime | None) -> None:
        super().__init__("This contact cannot prove who you are.")
        self.usable_at = usable_at


PROVE_REFUSALS: Final = (
    ProofRefused,
    guards.SignInLocked,
    pins.PinNotSet,
    pins.WrongPin,
    pins.PinLocked,
    contacts.CodeWrong,
    contacts.CodeExpired,
    passkeys.PasskeyRefused,
)
SEND_CODE_REFUSALS: Final = (ContactNotUsable, contacts.TooManyCodes)


async def by_password(by: Identity, password: str, now: datetime) -> datetime:
    """Until when it counts that the password was shown; never inside a decision.

    Raises:
        ProofRefused: it is wrong.
        SignInLocked: ten were wrong, here or at signing in on this device.
    """
    person = await Person.get(id=by.person_id)
    subject_id = by.guarded
    await guards.take_try(subject_id, now, person_id=by.person_id)
    if not await passwords.is_right(password, person.password_hash):
        raise ProofRefused
    await guards.forget_tries(subject_id)
    return await _noted(by, Factor.PASSWORD, now)


async def by_pin(by: Identity, pin: str, now: datetime) -> datetime:
    """Until when it counts that the payment PIN was shown; never inside a decision.

    Raises:
        PinNotSet, WrongPin, PinLocked: as `pins.prove`.
    """
    await pins.prove(by.person_id, pin, now)
    return await _noted(by, Factor.PIN, now)


async def by_code(by: Identity, code: str, now: datetime, *, address: str) -> datetime:
    """Until when it counts that a code of the app or a recovery code was shown.

    Never inside a decision.

    Raises:
        ProofRefused: it is wrong, or was used before.
        SignInLocked: five were wrong, here or at signing in on this device.
    """
    factor = await second_factors.guess(
        by.person_id, code, now, guarded=by.guarded, address=address, session_id=by.session_id
    )
    if factor is None:
        raise ProofRefused
    return await _noted(by, factor, now)


async def by_contact_code(by: Identity, code: str, now: datetime) -> datetime:
    """Until when it counts that a code was read which was sent to a contact for this session.

    Never inside a decision.

    Raises:
        CodeExpired, CodeWrong: see there.
    """
    await contacts.take_code(CodePurpose.PROVE, by.session_id, code, now)
    return await _noted(by, Factor.CONTACT_CODE, now)


async def by_passkey(by: Identity, credential: str, now: datetime, *, address: str) -> datetime:
    """Until when it counts that a passkey was used; never inside a decision.

    Raises:
        PasskeyRefused: as `passkeys.prove`.
    """
    return await passkeys.prove(by=by, credential=credential, now=now, address=address)


async def send_code(by: Identity, contact_id: UUID, now: datetime) -> Contact:
    """Sends a code to a contact, for this session; it voids the one before.

    Raises:
        NotFound: the contact is not one of this person's.
        ContactNotUsable: see there.
        TooManyCodes: see `contacts.refuse_flood`.
    """
    async with decision() as announce:
        contact = await Contact.get_or_none(
            id=contact_id, person_id=by.person_id, removed_at__isnull=True
        )
        if contact is None:
            raise NotFound
        if not contacts.is_usable(contact, now):
            raise ContactNotUsable(contacts.usable_from(contact))
        await contacts.refuse_flood(contact, now)
        await contacts.issue(
            contact, now, announce, purpose=CodePurpose.PROVE, subject_id=by.session_id
        )
    return contact


async def _noted(by: Identity, factor: Factor, now: datetime) -> datetime:
    async with decision():
        await fresh_proofs.note(by.session_id, factor, now=now)
    return now + FRESH_FOR

"""Losing every second factor: reported with a password and a code, then waited for, then decided.

Somebody who stole a password could report as well. So the owner hears of it at once and has three
days to say no, and in the end another person decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import (
    contacts,
    guards,
    jobs,
    passwords,
    people,
    second_factors,
    security_events,
    sessions,
)
from domain.decisions import decision
from domain.refusals import Refusal
from domain.second_factors import NoSecondFactor
from domain.sessions import Identity, SignInRefused
from models.factors import FactorLoss
from models.ids import new_id
from models.jobs import Job
from models.people import CodePurpose, Contact, ContactKind, Person
from models.security_events import EventKind
from models.sessions import Audience

WAITING: Final = timedelta(hours=72)
REMINDED_AFTER: Final = timedelta(hours=48)
REMIND_JOB: Final = "remind_of_factor_loss"


class LossReported(Refusal):
    """It is reported already, and can be decided from `decidable_at` on."""

    def __init__(self, decidable_at: datetime) -> None:
        super().__init__("This loss is reported already.")
        self.decidable_at = decidable_at


class LossNotReported(Refusal):
    def __init__(self) -> None:
        super().__init__("No loss is reported.")


REPORT_REFUSALS: Final = (
    SignInRefused,
    guards.SignInLocked,
    guards.SignInThrottled,
    NoSecondFactor,
    contacts.NoUsableContact,
    LossReported,
    contacts.TooManyCodes,
)
CONFIRM_REFUSALS: Final = (contacts.CodeWrong, contacts.CodeExpired)
WITHDRAW_REFUSALS: Final = (LossNotReported,)


@dataclass(frozen=True, slots=True)
class Begun:
    """A report that counts once the code that is on its way to `contact` comes back."""

    loss_id: UUID
    contact: Contact


async def report(
    *,
    name: str,
    password: str,
    kind: ContactKind | None,
    audience: Audience,
    address: str,
    now: datetime,
) -> Begun:
    """Begins the report of a loss, for somebody who cannot sign in: a code is on its way.

    It counts as a try to sign in, is answered like one, and tells nothing more to whoever has the
    password: a sign-in tells them as well whether a second factor is asked for. The code goes to
    the contact proved first, of `kind` if it is given.

    Raises:
        SignInRefused, SignInLocked, SignInThrottled: as `sessions.sign_in`.
        NoSecondFactor: none is asked for; they can sign in.
        NoUsableContact, LossReported: see there.
        TooManyCodes: see `contacts.refuse_flood`.
    """
    person = await _somebody(name, password, audience, address, now)
    if not person.role.is_desk and not await second_factors.is_enrolled(person.id):
        raise NoSecondFactor
    contact = await _reached(person.id, kind, now)
    async with decision() as announce:
        await contacts.refuse_flood(contact, now)
        loss = await _open(person.id)
        if loss is None:
            loss = await FactorLoss.create(id=new_id(), person_id=person.id, begun_at=now)
        elif loss.decidable_at is not None:
            raise LossReported(loss.decidable_at)
        await contacts.issue(
            contact, now, announce, purpose=CodePurpose.REPORT_LOSS, subject_id=loss.id
        )
    return Begun(loss.id, contact)


async def confirm(*, loss_id: UUID, code: str, address: str, now: datetime) -> datetime:
    """Takes the code back: the report counts, and its owner is told; returns when it is decidable.

    Raises:
        CodeExpired: also when there is no such report, or it was withdrawn meanwhile.
        CodeWrong: see there.
    """
    await contacts.take_code(CodePurpose.REPORT_LOSS, loss_id, code, now)
    decidable_at = now + WAITING
    async with decision() as announce:
        begun = FactorLoss.filter(id=loss_id, reported_at__isnull=True, ended_at__isnull=True)
        if not await begun.update(reported_at=now, decidable_at=decidable_at):
            raise contacts.CodeExpired
        loss = await FactorLoss.get(id=loss_id)
        await security_events.record(
            announce,
            EventKind.FACTOR_LOSS_REPORTED,
            person_id=loss.person_id,
            now=now,
            address=address,
            decidable_at=decidable_at.isoformat(),
        )
        await jobs.enqueue(announce, REMIND_JOB, subject_id=loss_id, due_at=now + REMINDED_AFTER)
    return decidable_at


async def withdraw(*, by: Identity, address: str, now: datetime) -> None:
    """Says that nothing is lost; any session of the owner is enough, because it only protects.

    Raises:
        LossNotReported: nothing is waited for.
    """
    async with decision() as announce:
        if not await second_factors.found_again(
            announce, by.person_id, now, address=address, session_id=by.session_id
        ):
            raise LossNotReported


async def waiting(person_id: UUID) -> FactorLoss | None:
    """The report of a person that counts and is not decided."""
    return await FactorLoss.get_or_none(
        person_id=person_id, ended_at__isnull=True, reported_at__isnull=False
    )


async def remind(job: Job, now: datetime) -> None:
    """Tells the owner once more, unless it is over; done once, with the job."""
    async with decision() as announce:
        await jobs.finish(job, now)
        loss = await FactorLoss.get_or_none(id=job.subject_id, ended_at__isnull=True)
        if loss is None or loss.decidable_at is None:
            return
        await security_events.record(
            announce,
            EventKind.FACTOR_LOSS_REPORTED,
            person_id=loss.person_id,
            now=now,
            decidable_at=loss.decidable_at.isoformat(),
            is_reminder=True,
        )


async def _somebody(
    name: str, password: str, audience: Audience, address: str, now: datetime
) -> Person:
    """Whoever has the name and the password; a right password is a try as well, as at the door."""
    person = await people.find(name)
    subject_id = guards.stranger(people.spelled(name)) if person is None else person.id
    async with decision():
        await guards.take_try_from(address, now)
        await guards.take_try(subject_id, now, address=address)
    is_right = await passwords.is_right(password, person.password_hash if person else None)
    if person is None or not is_right or not sessions.may_open(person, audience):
        raise SignInRefused
    return person


async def _reached(person_id: UUID, kind: ContactKind | None, now: datetime) -> Contact:
    for contact in await contacts.usable(person_id, now):
        if kind is None or contact.kind is kind:
            return contact
    raise contacts.NoUsableContact


async def _open(person_id: UUID) -> FactorLoss | None:
    return await FactorLoss.get_or_none(person_id=person_id, ended_at__isnull=True)

"""Deciding about a reported loss: another person clears the second factors, or refuses to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import audit, fresh_proofs, pin_resets, second_factors, security_events, sessions
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from domain.second_factors import recovery
from domain.sessions import Identity
from models.factors import FactorLoss, LossEnd, RecoverySet, TotpEnrolment
from models.passkeys import Passkey
from models.people import Person, Role, Totp
from models.security_events import EventKind

END_REASON: Final = "factors_cleared"
CHECKERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})


class LossDecision(StrEnum):
    """What is decided about a loss."""

    CLEAR = "clear"
    REFUSE = "refuse"


class TooEarly(Refusal):
    """The owner still has time to say no, until `decidable_at`."""

    def __init__(self, decidable_at: datetime) -> None:
        super().__init__("This cannot be decided yet.")
        self.decidable_at = decidable_at


class LossOver(Refusal):
    """It was decided or withdrawn before."""

    def __init__(self) -> None:
        super().__init__("This report is over.")


DECIDE_REFUSALS: Final = (audit.ReasonRequired, fresh_proofs.ProofNeeded, TooEarly, LossOver)


async def decide(
    *, by: Identity, loss_id: UUID, outcome: LossDecision, reason: str, now: datetime
) -> str | None:
    """Clears every second factor of somebody who lost them, or leaves them as they are.

    Clearing ends all their sessions, and for a day their PIN is not enough alone: who could change
    anything by a stolen password still cannot pay with a stolen PIN. Refusing needs no waiting.
    Returns, for somebody who works at the desk, where nobody comes in without a second factor, one
    recovery code to be handed to them; it is shown now and never again.

    Raises:
        NotFound: there is no such report, it is about whoever decides, or deciding is not theirs:
            supervisors and admins decide about customers, only admins about the desk.
        ReasonRequired, ProofNeeded: see there.
        TooEarly: the waiting is not over.
        LossOver: it was decided or withdrawn before.
    """
    why = audit.reason(reason)
    loss = await FactorLoss.get_or_none(id=loss_id, reported_at__isnull=False)
    if loss is None or by.role not in CHECKERS:
        raise NotFound
    await fresh_proofs.require(by, now)
    handed = None
    async with decision() as announce:
        person = await Person.filter(id=loss.person_id).select_for_update(no_key=True).get()
        _check_is_theirs(by, person)
        await _check_is_open(loss_id, outcome, now)
        if outcome is LossDecision.CLEAR:
            handed = await _clear(person, now)
        await FactorLoss.filter(id=loss_id).update(
            end_kind=LossEnd.CLEARED if outcome is LossDecision.CLEAR else LossEnd.REFUSED,
            ended_at=now,
            ended_by=by.person_id,
        )
        await security_events.record(announce, _TOLD[outcome], person_id=person.id, now=now)
        await audit.record(
            actor_id=by.person_id,
            action=f"{outcome}_factor_loss",
            subject_id=person.id,
            reason=why,
            now=now,
            loss_id=str(loss_id),
        )
    return handed


async def renew(account_name: str, now: datetime) -> tuple[Person, str]:
    """Gives somebody of the desk another authenticator app, for whoever runs the server.

    What they had is void and their sessions end. Returns them and the secret in base32, which is
    shown now and never again.

    Raises:
        NotFound: nobody of that name works at the desk.
    """
    async with decision() as announce:
        person = await Person.filter(account_name=account_name, closed_at__isnull=True).first()
        if person is None or not person.role.is_desk:
            raise NotFound
        await second_factors.lock(person.id)
        await _take_all(person.id, now)
        secret = await second_factors.enrol(person.id, now)
        await security_events.record(announce, EventKind.TOTP_ADDED, person_id=person.id, now=now)
    return person, secret


_TOLD: Final = {
    LossDecision.CLEAR: EventKind.FACTORS_CLEARED,
    LossDecision.REFUSE: EventKind.FACTOR_LOSS_REFUSED,
}


def _check_is_theirs(by: Identity, person: Person) -> None:
    if person.id == by.person_id or (person.role.is_desk and by.role is not Role.ADMIN):
        raise NotFound


async def _check_is_open(loss_id: UUID, outcome: LossDecision, now: datetime) -> None:
    """The report is locked by this: of two who decide, or of one who withdraws, one is first."""
    loss = await FactorLoss.filter(id=loss_id).select_for_update().get()
    if loss.ended_at is not None:
        raise LossOver
    assert loss.decidable_at is not None, "it was reported"
    if outcome is LossDecision.CLEAR and now < loss.decidable_at:
        raise TooEarly(loss.decidable_at)


async def _clear(person: Person, now: datetime) -> str | None:
    await _take_all(person.id, now)
    await pin_resets.doubt(person.id, now)
    if not person.role.is_desk:
        return None
    [code] = await recovery.replace(person.id, now, count=1)
    return code


async def _take_all(person_id: UUID, now: datetime) -> None:
    for kept in (Totp, TotpEnrolment, Passkey, RecoverySet):
        await kept.filter(person_id=person_id).delete()
    await sessions.end_all(person_id, reason=END_REASON, now=now)

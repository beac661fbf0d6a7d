"""The authenticator app of somebody: set up, proved by a first code, replaced, removed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidTag

from domain import fresh_proofs, second_factors, security_events, sessions
from domain.decisions import Announce, decision
from domain.refusals import Refusal
from domain.second_factors import FactorRequired, apps, recovery
from domain.sessions import Identity
from models.factors import TotpEnrolment
from models.people import Person, Totp
from models.security_events import EventKind

ENROLMENT_LIVES: Final = timedelta(minutes=10)
END_REASON: Final = "second_factor_changed"


class TotpNotStarted(Refusal):
    """No app is being set up in this session, or it took longer than ten minutes."""

    def __init__(self) -> None:
        super().__init__("No authenticator app is being set up.")


class TotpCodeWrong(Refusal):
    """The code is not the app's of this moment; another one may be tried."""

    def __init__(self) -> None:
        super().__init__("The code is wrong.")


class TotpNotSet(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no authenticator app.")


START_REFUSALS: Final = (fresh_proofs.ProofNeeded,)
CONFIRM_REFUSALS: Final = (TotpNotStarted, TotpCodeWrong)
REMOVE_REFUSALS: Final = (fresh_proofs.ProofNeeded, TotpNotSet, FactorRequired)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What an app is given, shown once: the secret in base32, alone and in a URI for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)
    expires_at: datetime


async def start(*, by: Identity, now: datetime) -> Started:
    """A secret for an app, which counts once `confirm` has seen a code of it.

    One started before is forgotten; the app in force stays in force until then.

    Raises:
        ProofNeeded: nothing was proved in this session lately; with a second factor in force it
            must be among what was.
    """
    await _require_proof(by, now)
    person = await Person.get(id=by.person_id)
    secret = apps.fresh()
    enrolment = TotpEnrolment(
        person_id=by.person_id,
        session_id=by.session_id,
        sealed_secret=apps.sealed(secret),
        created_at=now,
        expires_at=now + ENROLMENT_LIVES,
    )
    await TotpEnrolment.bulk_create(
        [enrolment],
        on_conflict=["person_id"],
        update_fields=["session_id", "sealed_secret", "created_at", "expires_at"],
    )
    uri = apps.provisioning_uri(secret, person.account_name)
    return Started(secret=secret, uri=uri, expires_at=enrolment.expires_at)


async def confirm(*, by: Identity, code: str, address: str, now: datetime) -> list[str]:
    """Puts the app in force and returns ten recovery codes, which are shown now and never again.

    The code is spent by this. Older recovery codes are void, and an app that is replaced ends every
    other session: somebody else may have it.

    Raises:
        TotpNotStarted, TotpCodeWrong: see there.
    """
    async with decision() as announce:
        enrolment = await _locked_enrolment(by, now)
        counter = apps.matching_counter(_secret(enrolment), code, now)
        if counter is None:
            raise TotpCodeWrong
        is_replaced = await Totp.exists(person_id=by.person_id)
        await apps.put_in_force(
            by.person_id, enrolment.sealed_secret, last_counter=counter, now=now
        )
        await TotpEnrolment.filter(person_id=by.person_id).delete()
        codes = await recovery.replace(by.person_id, now)
        if is_replaced:
            await _end_others(by, now)
        await _tell(announce, EventKind.TOTP_ADDED, by, address, now)
    return codes


async def remove(*, by: Identity, address: str, now: datetime) -> None:
    """Takes the app away, and with the last second factor the recovery codes; ends other sessions.

    Raises:
        ProofNeeded: a second factor must be shown in this session as well as what its owner knows.
        TotpNotSet: there is none.
        FactorRequired: at the desk the last second factor stays.
    """
    await second_factors.require_shown(by, now)
    async with decision() as announce:
        await second_factors.lock(by.person_id)
        if not await Totp.filter(person_id=by.person_id).delete():
            raise TotpNotSet
        await second_factors.settle_removal(by)
        await _end_others(by, now)
        await _tell(announce, EventKind.TOTP_REMOVED, by, address, now)


async def _require_proof(by: Identity, now: datetime) -> None:
    """Whoever replaces a second factor shows one: else a password alone would be enough for all."""
    if await second_factors.is_enrolled(by.person_id):
        await second_factors.require_shown(by, now)
    else:
        await fresh_proofs.require(by, now)


async def _locked_enrolment(by: Identity, now: datetime) -> TotpEnrolment:
    enrolment = (
        await TotpEnrolment.filter(
            person_id=by.person_id, session_id=by.session_id, expires_at__gt=now
        )
        .select_for_update()
        .get_or_none()
    )
    if enrolment is None:
        raise TotpNotStarted
    return enrolment


def _secret(enrolment: TotpEnrolment) -> str:
    try:
        return apps.opened(enrolment.sealed_secret)
    except InvalidTag:
        # The server's key went within these ten minutes, and the app's secret with it.
        raise TotpNotStarted from None


async def _end_others(by: Identity, now: datetime) -> None:
    await sessions.end_all(by.person_id, reason=END_REASON, now=now, except_id=by.session_id)


async def _tell(
    announce: Announce, kind: EventKind, by: Identity, address: str, now: datetime
) -> None:
    await security_events.record(
        announce,
        kind,
        person_id=by.person_id,
        now=now,
        session_id=by.session_id,
        address=address,
    )

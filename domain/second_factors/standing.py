"""Which second factors somebody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import fresh_proofs
from domain.refusals import Refusal
from models.factors import RecoverySet
from models.people import Person

if TYPE_CHECKING:
    from domain.sessions import Identity

SHOWN_COUNT: Final = 2
"""What its owner knows, and what they have; a passkey is both."""

_SENT: Final = frozenset({fresh_proofs.Factor.CONTACT_CODE})

_STANDING: Final = """
    SELECT EXISTS (SELECT FROM totps WHERE person_id = $1) AS has_totp,
           (SELECT count(*) FROM passkeys WHERE person_id = $1) AS passkeys,
           (SELECT count(*) FROM recovery_codes WHERE person_id = $1 AND used_at IS NULL)
               AS recovery_codes_left
"""


class NoSecondFactor(Refusal):
    """There is neither an authenticator app nor a passkey."""

    def __init__(self) -> None:
        super().__init__("There is no second factor yet.")


class FactorRequired(Refusal):
    """Whoever works at the desk keeps at least one second factor."""

    def __init__(self) -> None:
        super().__init__("A second factor is required at the desk.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What somebody has besides their password; `recovery_codes_left` were not used yet."""

    has_totp: bool
    passkeys: int
    recovery_codes_left: int

    @property
    def is_enrolled(self) -> bool:
        """Whether a second factor is asked of them; recovery codes alone are none."""
        return self.has_totp or self.passkeys > 0


async def standing(person_id: UUID) -> Standing:
    """Which second factors somebody has, as a decision that is open sees it. One statement."""
    [row] = await get_connection("default").execute_query_dict(_STANDING, [person_id])
    return Standing(**row)


async def is_enrolled(person_id: UUID) -> bool:
    """Whether a second factor is asked of somebody: an authenticator app, or a passkey."""
    return (await standing(person_id)).is_enrolled


async def require_shown(by: Identity, now: datetime) -> None:
    """Returns when a second factor was shown in this session, besides what its owner knows.

    A code that was sent to a contact does not count: whoever has the password and reads the letters
    would need no second factor, and for them there is `domain.factor_losses`.

    Raises:
        ProofNeeded: it was not.
    """
    await fresh_proofs.require(by, now, count=SHOWN_COUNT, without=_SENT)


async def lock(person_id: UUID) -> None:
    """Lets second factors of one person be taken away one after the other; in a decision.

    Else two who take away the last two at once would both leave one behind.
    """
    await Person.filter(id=person_id).select_for_update(no_key=True).get()


async def settle_removal(by: Identity) -> None:
    """What follows from taking one of one's second factors away; in that decision, after `lock`.

    Recovery codes stand in for a second factor: they go with the last one.

    Raises:
        FactorRequired: it was the last one of somebody who works at the desk.
    """
    if await is_enrolled(by.person_id):
        return
    if by.role.is_desk:
        raise FactorRequired
    await RecoverySet.filter(person_id=by.person_id).delete()

"""Challenges: in which ways one payment can be proved, and whether it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import contacts, guards, passkeys, pins, second_factors
from domain.decisions import decision
from domain.refusals import NotFound, Refusal
from domain.sessions import Identity
from models.people import CodePurpose, Contact
from models.quotes import Challenge


class Method(StrEnum):
    """A way to prove that it is you who wants this payment."""

    PIN = "pin"
    PIN_AND_CODE = "pin_and_code"
    PASSKEY = "passkey"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was shown: a PIN, a PIN with a code, or a passkey's answer as JSON."""

    pin: str | None = None
    code: str | None = None
    passkey: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """How one challenge can be answered; any one is enough.

    `passkey_options` is what a browser needs to ask a device (JSON); None without passkeys.
    """

    methods: tuple[Method, ...]
    passkey_options: str | None


class ChallengeSpent(Refusal):
    """The challenge was used already, or its five minutes are over."""

    def __init__(self) -> None:
        super().__init__("This confirmation was already used or has expired.")


class ProofTooWeak(Refusal):
    """This payment asks for more than a PIN; whether the PIN was right is not said."""

    def __init__(self) -> None:
        super().__init__("This payment needs a stronger proof.")


class ProofWrong(Refusal):
    """PIN or code is wrong; which one is not said."""

    def __init__(self) -> None:
        super().__init__("The PIN or the code is wrong.")


class CodeInApp(Refusal):
    """Nothing is sent to somebody whose authenticator app has the code."""

    def __init__(self) -> None:
        super().__init__("The code is in the authenticator app.")


SEND_CODE_REFUSALS: Final = (
    ChallengeSpent,
    CodeInApp,
    contacts.NoUsableContact,
    contacts.TooManyCodes,
)
NOT_PROVED: Final = (
    ProofTooWeak,
    ProofWrong,
    passkeys.PasskeyRefused,
    guards.SignInLocked,
    pins.PinNotSet,
    pins.WrongPin,
    pins.PinLocked,
)
"""How proof for a challenge is refused."""


async def ways(challenge: Challenge, *, has_pin: bool) -> Ways:
    """How the challenge can be answered by its person.

    Raises:
        PinNotSet: in no way, for there is neither a PIN nor a passkey.
    """
    options = await passkeys.payment_options(challenge.person_id, challenge)
    if options is None and not has_pin:
        raise pins.PinNotSet
    with_pin = Method.PIN_AND_CODE if challenge.is_strong else Method.PIN
    methods = (*([with_pin] if has_pin else ()), *([Method.PASSKEY] if options else ()))
    return Ways(methods, options)


async def send_code(*, by: Identity, challenge_id: UUID, now: datetime) -> Contact:
    """Sends the code that stands beside the PIN, to the contact that was proved first.

    Raises:
        NotFound: the challenge is not one of this person's.
        ChallengeSpent: it needs no proof any more.
        CodeInApp, NoUsableContact: see there.
        TooManyCodes: see `domain.contacts`.
    """
    challenge = await Challenge.get_or_none(id=challenge_id, person_id=by.person_id)
    if challenge is None:
        raise NotFound
    if challenge.used_at is not None or challenge.expires_at <= now:
        raise ChallengeSpent
    if (await second_factors.standing(by.person_id)).has_totp:
        raise CodeInApp
    usable = await contacts.usable(by.person_id, now)
    if not usable:
        raise contacts.NoUsableContact
    async with decision() as announce:
        await contacts.refuse_flood(usable[0], now)
        await contacts.issue(
            usable[0], now, announce, purpose=CodePurpose.PAY, subject_id=challenge_id
        )
    return usable[0]


async def prove(
    challenge: Challenge, proof: Proof, tried: pins.Tried, *, by: Identity, now: datetime
) -> None:
    """Returns when `proof` is enough for the challenge; `tried` is how its PIN was found to be.

    Every try is committed before this says anything, so it is not for use inside a decision. Of a
    PIN and a code both are looked at, and which one was wrong is not told.

    Raises:
        One of `NOT_PROVED`.
    """
    if proof.passkey is not None:
        await passkeys.prove_payment(challenge.person_id, challenge, proof.passkey, now)
    elif proof.code is not None:
        await _prove_both(challenge, proof.code, tried, by, now)
    elif challenge.is_strong:
        raise ProofTooWeak
    else:
        tried.require()


async def _prove_both(
    challenge: Challenge, code: str, tried: pins.Tried, by: Identity, now: datetime
) -> None:
    is_right = await _is_right(challenge, code, by, now)
    try:
        tried.require()
    except pins.WrongPin:
        raise ProofWrong from None
    if not is_right:
        raise ProofWrong


async def _is_right(challenge: Challenge, code: str, by: Identity, now: datetime) -> bool:
    if (await second_factors.standing(by.person_id)).has_totp:
        factor = await second_factors.guess(
            by.person_id, code, now, guarded=by.guarded, session_id=by.session_id
        )
        return factor is not None
    try:
        await contacts.take_code(CodePurpose.PAY, challenge.id, code, now)
    except (contacts.CodeWrong, contacts.CodeExpired):
        return False
    return True

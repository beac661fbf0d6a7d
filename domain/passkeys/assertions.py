"""Assertions: what a device answers when it is asked to sign with a passkey, and what to believe.

The answer is a stranger's JSON until the last check is through, so its size is looked at first.
Whoever needs this imports it where it is used: the library takes a good part of a second to load.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    UserVerificationRequirement,
)

from domain.passkeys import relying_parties
from domain.passkeys.refusals import refused
from models.passkeys import Passkey

CREDENTIAL_MAX: Final = 8_192
"""Characters of a device's answer in JSON; the longest seen in the wild are about half of it."""

DATA_MAX: Final = 512
"""Bytes of what the device says of itself: 37, and what a browser may add, in CBOR; that can be
slow to read for its length."""

PROMPT_MILLISECONDS: Final = 300_000
"""How long a browser lets somebody think; as long as challenges live."""

MALFORMED: Final = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)
"""What reading foreign JSON, CBOR and keys ends with when they are not what they say they are."""


def options(challenge: bytes, passkeys: list[Passkey]) -> str:
    """What a browser needs to ask for an assertion (JSON); without passkeys any of this site's."""
    asked = webauthn.generate_authentication_options(
        rp_id=relying_parties.installed().id,
        challenge=challenge,
        timeout=PROMPT_MILLISECONDS,
        allow_credentials=[descriptor(each) for each in passkeys] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(asked)


def descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    """A passkey as browsers are told of it."""
    names = passkey.transports.split(",") if passkey.transports else []
    return PublicKeyCredentialDescriptor(
        id=passkey.credential_id, transports=[AuthenticatorTransport(name) for name in names]
    )


def read(credential: str) -> AuthenticationCredential:
    """A device's answer, of which nothing is believed yet.

    Raises:
        PasskeyRefused: it is too long, or none.
    """
    if len(credential) > CREDENTIAL_MAX:
        raise refused("its JSON is too long")
    try:
        return parse_authentication_credential_json(credential)
    except MALFORMED as error:
        raise refused(error) from None


def challenge_of(shown: AuthenticationCredential) -> bytes:
    """What it says it signed.

    Raises:
        PasskeyRefused: it says nothing.
    """
    try:
        return parse_client_data_json(shown.response.client_data_json).challenge
    except MALFORMED as error:
        raise refused(error) from None


async def prove(person_id: UUID, credential: str, challenge: bytes, now: datetime) -> Passkey:
    """Which of the person's passkeys signed `challenge`; its counter is kept.

    Joins the caller's decision.

    Raises:
        PasskeyRefused: none did, or not as it must.
    """
    shown = read(credential)
    passkey = await Passkey.get_or_none(credential_id=shown.raw_id, person_id=person_id)
    if passkey is None:
        raise refused("it is none of this person's")
    await accept(shown, passkey, challenge, now)
    return passkey


async def accept(
    shown: AuthenticationCredential, passkey: Passkey, challenge: bytes, now: datetime
) -> None:
    """Believes that the owner of `passkey` signed `challenge`; joins the caller's decision.

    Raises:
        PasskeyRefused: for every reason there is.
    """
    count = _checked(shown, passkey, challenge)
    # The same answer shown twice at once is believed once, where the device counts.
    unused = Passkey.filter(sign_count__lt=count) if count else Passkey.filter(sign_count=0)
    if not await unused.filter(id=passkey.id).update(sign_count=count, used_at=now):
        raise refused("its counter did not go on")


def _checked(shown: AuthenticationCredential, passkey: Passkey, challenge: bytes) -> int:
    """The counter of an assertion in which everything is as it must be. About a millisecond."""
    relying_party = relying_parties.installed()
    handle = shown.response.user_handle
    if handle is not None and handle != passkey.person_id.bytes:
        raise refused("it names another person than its owner")
    if len(shown.response.authenticator_data) > DATA_MAX:
        raise refused("it says too much of its device")
    try:
        verified = webauthn.verify_authentication_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=relying_party.id,
            expected_origin=list(relying_party.origins),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except MALFORMED as error:
        raise refused(error) from None
    # A page that shows ours in a frame could lay its own picture over what is asked.
    if parse_client_data_json(shown.response.client_data_json).cross_origin:
        raise refused("it was asked for in a frame of another website")
    return verified.new_sign_count

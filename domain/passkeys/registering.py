"""Making a passkey: the device is asked for one, and what it answers is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import webauthn
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    options_to_json,
    parse_cbor,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AttestationFormat,
    AuthenticatorSelectionCriteria,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from domain import fresh_proofs, names, second_factors, security_events
from domain.decisions import decision
from domain.passkeys import assertions, challenges, relying_parties
from domain.passkeys.refusals import PasskeyNameInvalid, TooManyPasskeys, refused
from domain.sessions import Identity
from models.ids import new_id
from models.passkeys import ChallengePurpose, Passkey
from models.people import Person
from models.security_events import EventKind

MOST: Final = 10
"""How many passkeys one person may have."""

ATTESTATION_MAX: Final = 2_048
"""Bytes: room for the longest id and the longest key. CBOR can be slow to read for its length."""

RSA_BITS: Final = range(2048, 4097)
RSA_EXPONENT: Final = 65537
"""The one that devices use; with a large one each check would take as long as its maker likes."""

_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
_FORMATS: Final = (AttestationFormat.NONE, AttestationFormat.PACKED)
"""Nobody is asked who made a device; some sign with the passkey itself all the same."""


async def start(*, by: Identity, now: datetime) -> str:
    """What a browser needs to let a device make a passkey (JSON), within five minutes.

    Raises:
        ProofNeeded: a proof must be fresh in this session, for the first second factor any, later
            one that was there before.
        TooManyPasskeys: ten are enough.
    """
    owned = await Passkey.filter(person_id=by.person_id).order_by("id")
    if await second_factors.is_enrolled(by.person_id):
        await second_factors.require_shown(by, now)
    else:
        await fresh_proofs.require(by, now)
    if len(owned) >= MOST:
        raise TooManyPasskeys(MOST)
    person = await Person.get(id=by.person_id)
    return _options(
        person, await challenges.ask(by.session_id, ChallengePurpose.REGISTER, now), owned
    )


async def finish(
    *, by: Identity, name: str, credential: str, now: datetime, address: str = ""
) -> Passkey:
    """Keeps the passkey that a device made, and tells its owner by a letter.

    That a proof was fresh was asked when it began. Whatever is refused, the challenge is used up.

    Raises:
        PasskeyNameInvalid: see there.
        PasskeyRefused: the device's answer is not what was asked for in this session.
        TooManyPasskeys: ten are enough.
    """
    called = checked_name(name)
    shown = _read(credential)
    challenge = await challenges.take(by.session_id, ChallengePurpose.REGISTER, now)
    verified = _verified(shown, challenge)
    passkey = Passkey(
        id=new_id(),
        person_id=by.person_id,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        transports=",".join(dict.fromkeys(shown.response.transports or ())),
        is_synced=verified.credential_backed_up,
        name=called,
        created_at=now,
    )
    async with decision() as announce:
        await _keep(passkey)
        await security_events.record(
            announce,
            EventKind.PASSKEY_ADDED,
            person_id=by.person_id,
            now=now,
            session_id=by.session_id,
            address=address,
            name=called,
        )
    return passkey


def checked_name(name: str) -> str:
    """What an owner calls their passkey.

    Raises:
        PasskeyNameInvalid: see there.
    """
    try:
        return names.display_name(name)
    except names.DisplayNameInvalid:
        raise PasskeyNameInvalid from None


async def _keep(passkey: Passkey) -> None:
    # Of two that are added at once the second one sees the first.
    await second_factors.lock(passkey.person_id)
    if await Passkey.filter(person_id=passkey.person_id).count() >= MOST:
        raise TooManyPasskeys(MOST)
    await Passkey.bulk_create([passkey], ignore_conflicts=True)
    if not await Passkey.exists(id=passkey.id):
        raise refused("it is registered already")


def _options(person: Person, challenge: bytes, owned: list[Passkey]) -> str:
    relying_party = relying_parties.installed()
    asked = webauthn.generate_registration_options(
        rp_id=relying_party.id,
        rp_name=relying_party.name,
        # Random as all our ids: whoever finds the device learns nobody's name from it.
        user_id=person.id.bytes,
        user_name=person.account_name,
        user_display_name=person.display_name,
        challenge=challenge,
        timeout=assertions.PROMPT_MILLISECONDS,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[assertions.descriptor(each) for each in owned],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json(asked)


def _read(credential: str) -> RegistrationCredential:
    if len(credential) > assertions.CREDENTIAL_MAX:
        raise refused("its JSON is too long")
    try:
        return parse_registration_credential_json(credential)
    except assertions.MALFORMED as error:
        raise refused(error) from None


def _verified(shown: RegistrationCredential, challenge: bytes) -> VerifiedRegistration:
    """A registration in which everything is as it must be."""
    relying_party = relying_parties.installed()
    try:
        if not _is_plain(shown.response.attestation_object):
            raise refused("it attests to what nobody asked for")
        verified = webauthn.verify_registration_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=relying_party.id,
            expected_origin=list(relying_party.origins),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        is_usual = _is_usual(verified.credential_public_key)
        is_framed = parse_client_data_json(shown.response.client_data_json).cross_origin
    except assertions.MALFORMED as error:
        raise refused(error) from None
    if shown.raw_id != verified.credential_id or not is_usual or is_framed:
        raise refused("its key is unusual, not its own, or was asked for in a frame")
    return verified


def _is_plain(attestation_object: bytes) -> bool:
    """Whether it is built as it must be, and names no maker.

    Looked at before the library does, which takes a number in the place of bytes for how many to
    make: a short answer could ask for all memory there is.
    """
    if len(attestation_object) > ATTESTATION_MAX:
        return False
    said = parse_cbor(attestation_object)
    if not isinstance(said, dict) or not isinstance(said.get("authData"), bytes):
        return False
    statement = said.get("attStmt")
    return said.get("fmt") in _FORMATS and isinstance(statement, dict) and "x5c" not in statement


def _is_usual(public_key: bytes) -> bool:
    """Whether it is a key that can be checked, and quickly."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(public_key))
    if isinstance(key, EllipticCurvePublicKey):
        return isinstance(key.curve, SECP256R1)
    if isinstance(key, RSAPublicKey):
        return key.key_size in RSA_BITS and key.public_numbers().e == RSA_EXPONENT
    return True

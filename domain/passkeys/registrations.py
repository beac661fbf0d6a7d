"""Registrations: what a device answers when it is asked to make a passkey, and what to believe.

The answer is a stranger's JSON until the last check is through, so its size is looked at first.
Whoever needs this imports it where it is used: the library takes a good part of a second to load.
"""

from __future__ import annotations

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

from domain.passkeys import assertions, relying_parties
from domain.passkeys.refusals import refused
from models.passkeys import Passkey
from models.people import Person

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


def options(person: Person, challenge: bytes, owned: list[Passkey]) -> str:
    """What a browser needs to let a device make a passkey (JSON), but none of those `owned`."""
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


def read(credential: str) -> RegistrationCredential:
    """A device's answer, of which nothing is believed yet.

    Raises:
        PasskeyRefused: it is too long, or none.
    """
    if len(credential) > assertions.CREDENTIAL_MAX:
        raise refused("its JSON is too long")
    try:
        return parse_registration_credential_json(credential)
    except assertions.MALFORMED as error:
        raise refused(error) from None


def verified(shown: RegistrationCredential, challenge: bytes) -> VerifiedRegistration:
    """A registration in which everything is as it must be.

    Raises:
        PasskeyRefused: for every reason there is.
    """
    relying_party = relying_parties.installed()
    try:
        if not _is_plain(shown.response.attestation_object):
            raise refused("it attests to what nobody asked for")
        registration = webauthn.verify_registration_response(
            credential=shown,
            expected_challenge=challenge,
            expected_rp_id=relying_party.id,
            expected_origin=list(relying_party.origins),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
        is_usual = _is_usual(registration.credential_public_key)
        is_framed = parse_client_data_json(shown.response.client_data_json).cross_origin
    except assertions.MALFORMED as error:
        raise refused(error) from None
    if shown.raw_id != registration.credential_id or not is_usual or is_framed:
        raise refused("its key is unusual, not its own, or was asked for in a frame")
    return registration


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

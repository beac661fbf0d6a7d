"""A device that makes passkeys and signs with them, in software: what phones do in hardware."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import RELYING_PARTY

ORIGIN: Final = RELYING_PARTY.origins[0]

USER_PRESENT: Final = 0x01
USER_VERIFIED: Final = 0x04
HAS_CREDENTIAL: Final = 0x40
HAS_EXTENSIONS: Final = 0x80

ES256: Final = -7


@dataclass
class Authenticator:
    """One device with one passkey at most, opened by its page of `origin`.

    It counts its signatures when `counts` is true. `verifies` says whether it looked at a finger
    or a face.
    """

    origin: str = ORIGIN
    rp_id: str | None = None
    counts: bool = True
    verifies: bool = True
    count: int = 0
    user_handle: bytes = b""
    extensions: bytes = b""
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, options: str, **changes: Any) -> str:
        """The answer (JSON) to being asked to make a passkey; `changes` go into its client data."""
        asked = json.loads(options)
        self.user_handle = unpadded(asked["user"]["id"])
        client = self._client("webauthn.create", asked, changes)
        attestation = {
            "fmt": "none",
            "attStmt": {},
            "authData": self.attested(self.rp_id or asked["rp"]["id"]),
        }
        return registration(self.credential_id, client, cbor2.dumps(attestation))

    def sign(self, options: str, **changes: Any) -> str:
        """The answer (JSON) to being asked to sign; `changes` go into its client data."""
        asked = json.loads(options)
        self.count += self.counts
        client = json.dumps(self._client("webauthn.get", asked, changes)).encode()
        data = self.data(self.rp_id or asked["rpId"]) + self.extensions
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": padless(client),
            "authenticatorData": padless(data),
            "signature": padless(signature),
        }
        if self.user_handle:
            response["userHandle"] = padless(self.user_handle)
        return written(self.credential_id, response)

    def data(self, rp_id: str, *, flags: int = 0) -> bytes:
        """Authenticator data: for which site, whether somebody was there, and the count."""
        seen = USER_PRESENT | (USER_VERIFIED if self.verifies else 0)
        more = HAS_EXTENSIONS if self.extensions else 0
        said = bytes([seen | flags | more]) + self.count.to_bytes(4)
        return sha256(rp_id.encode()).digest() + said

    def attested(self, rp_id: str, *, public_key: bytes | None = None) -> bytes:
        """Authenticator data with a key, ours unless another is given (COSE)."""
        return (
            self.data(rp_id, flags=HAS_CREDENTIAL)
            + bytes(16)
            + len(self.credential_id).to_bytes(2)
            + self.credential_id
            + (public_key or self.public_key)
            + self.extensions
        )

    @property
    def public_key(self) -> bytes:
        """The public half in COSE."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps(
            {1: 2, 3: ES256, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        )

    def twin(self, **changes: Any) -> Authenticator:
        """A copy of the device as it is now, which goes on by itself."""
        return replace(self, **changes)

    def _client(self, kind: str, asked: Any, changes: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": kind,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
            **changes,
        }


def registration(credential_id: bytes, client: dict[str, Any], attestation: bytes) -> str:
    """A device's answer with a key, as browsers write it."""
    response = {
        "clientDataJSON": padless(json.dumps(client).encode()),
        "attestationObject": padless(attestation),
        "transports": ["internal", "hybrid", "telepathy"],
    }
    return written(credential_id, response)


def written(credential_id: bytes, response: dict[str, Any]) -> str:
    """A credential in JSON."""
    name = padless(credential_id)
    return json.dumps(
        {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }
    )


def padless(plain: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def unpadded(text: str) -> bytes:
    """The bytes of it."""
    return base64.urlsafe_b64decode(text + "===")

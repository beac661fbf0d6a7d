"""Which keys of devices are taken: those that can be checked, and quickly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from domain import passkeys
from domain.passkeys import PasskeyRefused
from models.passkeys import Passkey
from tests import factories
from tests.authenticators import Authenticator, registration
from tests.domain.keyholders import client_data, identity
from tests.moments import NOON

Keys = Mapping[str, Callable[[], bytes]]

pytestmark = pytest.mark.usefixtures("database")


def _numbers(key: rsa.RSAPublicKey) -> tuple[int, int]:
    numbers = key.public_numbers()
    return numbers.n, numbers.e


def _rsa(bits: int, exponent: int = 65537) -> bytes:
    n, e = _numbers(rsa.generate_private_key(exponent, bits).public_key())
    return cbor2.dumps({1: 3, 3: -257, -1: n.to_bytes(bits // 8), -2: e.to_bytes(3)})


def _ed25519() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: key})


def _p384() -> bytes:
    point = ec.generate_private_key(ec.SECP384R1()).public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 2, -2: point.x.to_bytes(48), -3: point.y.to_bytes(48)})


USUAL: Final[Keys] = {
    "Ed25519": _ed25519,
    "RSA, 2048 bits": lambda: _rsa(2048),
}
UNUSUAL: Final[Keys] = {
    "RSA, 1024 bits": lambda: _rsa(1024),
    "RSA, exponent 3": lambda: _rsa(2048, 3),
    "P-384": _p384,
    "no point of its curve": lambda: cbor2.dumps(
        {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32}
    ),
    "no point at all": lambda: cbor2.dumps({1: 2, 3: -7}),
    "no algorithm of ours": lambda: cbor2.dumps({1: 2, 3: -65535}),
    "a list": lambda: cbor2.dumps([1, 2, 3]),
    "not in COSE": lambda: b"\x04" + b"x" * 64,
    "nothing": lambda: b"\xff",
}


@pytest.mark.parametrize("name", [*USUAL, *UNUSUAL])
async def test_only_keys_that_can_be_checked_quickly_are_kept(name: str) -> None:
    public_key = {**USUAL, **UNUSUAL}[name]()
    ada = await identity(await factories.person("ada"))
    device = Authenticator()
    options = await passkeys.start(by=ada, now=NOON)
    attestation = {
        "fmt": "none",
        "attStmt": {},
        "authData": device.attested("upay.test", public_key=public_key),
    }
    client = client_data(device.register(options))
    answer = registration(device.credential_id, client, cbor2.dumps(attestation))

    try:
        await passkeys.finish(by=ada, name="p", credential=answer, now=NOON)
    except PasskeyRefused:
        assert name in UNUSUAL

    assert await Passkey.all().count() == (name in USUAL)


async def test_a_device_that_says_who_made_it_was_not_asked_to() -> None:
    ada = await identity(await factories.person("ada"))
    device = Authenticator()
    client = client_data(device.register(await passkeys.start(by=ada, now=NOON)))
    attestation = {"fmt": "tpm", "attStmt": {}, "authData": device.attested("upay.test")}
    answer = registration(device.credential_id, client, cbor2.dumps(attestation))

    with pytest.raises(PasskeyRefused):
        await passkeys.finish(by=ada, name="p", credential=answer, now=NOON)

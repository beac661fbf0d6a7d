"""Whatever a stranger sends for a device's answer is refused in one way, and breaks nothing."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any, Final

import cbor2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain import passkeys
from domain.passkeys import PasskeyRefused, assertions, registrations
from models.ids import new_id
from models.passkeys import Passkey
from tests.authenticators import Authenticator, padless, registration, unpadded
from tests.conftest import RELYING_PARTY
from tests.moments import NOON

CHALLENGE: Final = b"c" * 32
PERSON_ID: Final = new_id()
DEVICE: Final = Authenticator(user_handle=PERSON_ID.bytes)
PASSKEY: Final = Passkey(
    id=new_id(),
    person_id=PERSON_ID,
    credential_id=DEVICE.credential_id,
    public_key=DEVICE.public_key,
    sign_count=0,
    is_synced=False,
    name="Phone",
    created_at=NOON,
)
OPTIONS: Final = json.dumps(
    {
        "challenge": padless(CHALLENGE),
        "rp": {"id": RELYING_PARTY.id},
        "rpId": RELYING_PARTY.id,
        "user": {"id": padless(PERSON_ID.bytes)},
    }
)
SIGNED: Final = DEVICE.sign(OPTIONS)
MADE: Final = DEVICE.register(OPTIONS)
CLIENT: Final[dict[str, Any]] = json.loads(unpadded(json.loads(MADE)["response"]["clientDataJSON"]))
DEEP: Final = "[" * 4_000

_LEAVES: Final = st.none() | st.booleans() | st.integers() | st.text(max_size=20)
_JSON: Final = st.recursive(
    _LEAVES | st.floats(allow_nan=False),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=9), inside),
    max_leaves=8,
)
_CBOR: Final = st.recursive(
    _LEAVES | st.binary(max_size=80),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(st.integers(-5, 5) | st.text(max_size=9), inside, max_size=5)
    ),
    max_leaves=8,
)
_KEYS: Final = st.dictionaries(
    st.sampled_from([1, 3, -1, -2, -3]),
    st.sampled_from([1, 2, 3, 7, -7, -8, -257, b"", b"x" * 32, b"\xff" * 256, "P-256", [], True]),
)


@pytest.fixture(autouse=True, scope="module")
def relying_party() -> Iterator[None]:
    passkeys.install(RELYING_PARTY)
    yield
    passkeys.install(None)


def is_believed(answer: str) -> bool:
    """Whether it is an assertion of the passkey; anything but a refusal is let fly."""
    try:
        assertions._checked(assertions.read(answer), PASSKEY, CHALLENGE)
    except PasskeyRefused:
        return False
    return True


def is_kept(answer: str) -> bool:
    """Whether it makes a passkey."""
    try:
        registrations.verified(registrations.read(answer), CHALLENGE)
    except PasskeyRefused:
        return False
    return True


def test_what_a_device_answers_is_believed() -> None:
    assert is_believed(SIGNED)
    assert is_kept(MADE)


@pytest.mark.parametrize(
    "answer",
    ["", "null", "[]", "{}", "NaN", "\x00", "\ud800", '"\\ud800"', DEEP, "{" * 61_440, "9" * 8_000],
)
def test_what_is_no_answer_at_all_is_refused(answer: str) -> None:
    assert not is_believed(answer)
    assert not is_kept(answer)


@given(st.text() | _JSON.map(json.dumps))
def test_any_text_is_refused(answer: str) -> None:
    assert not is_believed(answer)
    assert not is_kept(answer)


@settings(max_examples=300)
@given(st.sampled_from([SIGNED, MADE]), st.data())
def test_an_answer_with_something_else_in_one_place_breaks_nothing(
    answer: str, data: st.DataObject
) -> None:
    shown = json.loads(answer)
    part = data.draw(st.sampled_from([shown, shown["response"]]))
    part[data.draw(st.sampled_from(sorted(part)))] = data.draw(_JSON)

    is_believed(json.dumps(shown))
    is_kept(json.dumps(shown))


@settings(max_examples=300)
@given(st.sampled_from([SIGNED, MADE]), st.data())
def test_an_answer_with_other_bytes_in_one_place_breaks_nothing(
    answer: str, data: st.DataObject
) -> None:
    shown = json.loads(answer)
    names = sorted(set(shown["response"]) - {"transports"})
    name = data.draw(st.sampled_from(names))
    plain = bytearray(unpadded(shown["response"][name]))
    place = data.draw(st.integers(0, len(plain) - 1))
    plain[place : place + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    shown["response"][name] = padless(bytes(plain))

    is_believed(json.dumps(shown))
    is_kept(json.dumps(shown))


@given(_JSON)
@example(DEEP)
@example({"type": "webauthn.get", "challenge": 1, "origin": []})
@example({"type": [], "challenge": "é", "origin": {}})
def test_any_client_data_is_refused(client: Any) -> None:
    written = client.encode() if isinstance(client, str) else json.dumps(client).encode()
    for answer in (SIGNED, MADE):
        shown = json.loads(answer)
        shown["response"]["clientDataJSON"] = padless(written)

        assert not is_believed(json.dumps(shown))
        assert not is_kept(json.dumps(shown))


@settings(max_examples=300)
@given(st.sampled_from(["fmt", "attStmt", "authData"]), _CBOR)
def test_any_attestation_is_read_without_breaking(name: str, value: Any) -> None:
    attestation = {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"s"}, "authData": b"a" * 37}

    answer = registration(b"id", CLIENT, cbor2.dumps(attestation | {name: value}))

    assert not is_kept(answer)


@settings(max_examples=300)
@given(st.sampled_from(["none", "packed"]), _KEYS | _CBOR, _CBOR)
def test_any_key_is_read_without_breaking(form: str, key: Any, statement: Any) -> None:
    data = DEVICE.attested(RELYING_PARTY.id, public_key=cbor2.dumps(key))
    attestation = {"fmt": form, "attStmt": statement, "authData": data}

    is_kept(registration(DEVICE.credential_id, CLIENT, cbor2.dumps(attestation)))


@pytest.mark.parametrize("part", ["authData", "attStmt", "fmt"])
def test_a_number_in_the_place_of_bytes_costs_no_memory(part: str) -> None:
    data = DEVICE.attested(RELYING_PARTY.id)
    attestation = {"fmt": "none", "attStmt": {}, "authData": data, part: 2**30}
    answer = registration(DEVICE.credential_id, CLIENT, cbor2.dumps(attestation))

    tracemalloc.start()
    assert not is_kept(answer)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2**20


def test_what_says_too_much_is_refused_before_it_is_read() -> None:
    extended = Authenticator(
        user_handle=PERSON_ID.bytes,
        credential_id=DEVICE.credential_id,
        key=DEVICE.key,
        extensions=cbor2.dumps({"note": "x" * 480}),
    )

    assert is_believed(extended.twin(extensions=cbor2.dumps({"note": "x"})).sign(OPTIONS))
    assert not is_believed(extended.sign(OPTIONS))
    assert not is_kept(extended.twin(extensions=cbor2.dumps("x" * 2_048)).register(OPTIONS))


def test_a_bomb_of_nested_cbor_is_refused() -> None:
    for bomb in (b"\x81" * 5_000, b"\x9b" + b"\xff" * 8, b"\x5b" + b"\x7f" * 8, b"\xd8\x1c\xa0"):
        assert not is_kept(registration(DEVICE.credential_id, CLIENT, bomb))

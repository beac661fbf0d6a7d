"""The server's keys: what is signed and sealed, and stays readable when they change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag

from domain import secrets
from domain.secrets import Keyring

OLD = Keyring(current="a", keys={"a": b"a" * 32})
ROTATED = Keyring(current="b", keys={"a": b"a" * 32, "b": b"b" * 32})
FORGETFUL = Keyring(current="b", keys={"b": b"b" * 32})


@pytest.fixture(autouse=True)
def keyring() -> Iterator[None]:
    secrets.install(OLD)
    yield
    secrets.install(None)


def test_without_keys_nothing_is_signed() -> None:
    secrets.install(None)

    with pytest.raises(RuntimeError, match="No keyring"):
        secrets.mac("pin", b"message")


@pytest.mark.parametrize(
    ("current", "keys"),
    [
        ("a", {}),
        ("b", {"a": b"a" * 32}),
        ("a", {"a": b"a" * 31}),
        ("a", {"a": b"a" * 32, "b": b""}),
    ],
)
def test_a_keyring_without_its_current_key_or_with_a_short_one_is_refused(
    current: str, keys: dict[str, bytes]
) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(current=current, keys=keys)


def test_keys_are_not_shown() -> None:
    assert "aaaa" not in repr(OLD)


def test_each_purpose_has_a_key_of_its_own() -> None:
    assert len(secrets.mac("pin", b"message")) == 32
    assert secrets.mac("pin", b"message") == secrets.mac("pin", b"message")
    assert secrets.mac("pin", b"message") != secrets.mac("contact-code", b"message")
    assert secrets.mac("pin", b"message") != secrets.mac("pin", b"other message")


def test_what_was_signed_before_a_change_of_keys_can_be_checked_after_it() -> None:
    key_id, before = secrets.current_key_id(), secrets.mac("pin", b"message")

    secrets.install(ROTATED)

    assert secrets.current_key_id() == "b"
    assert secrets.mac("pin", b"message") != before
    assert secrets.mac("pin", b"message", key_id=key_id) == before


def test_what_was_sealed_before_a_change_of_keys_can_be_opened_after_it() -> None:
    sealed = secrets.seal("totp", b"secret")

    secrets.install(ROTATED)

    assert secrets.unseal("totp", sealed) == b"secret"


def test_sealing_twice_never_looks_the_same_and_never_shows_the_words() -> None:
    first, second = secrets.seal("totp", b"secret"), secrets.seal("totp", b"secret")

    assert first != second
    assert b"secret" not in first + second


def test_what_was_sealed_for_one_purpose_is_not_opened_for_another() -> None:
    sealed = secrets.seal("totp", b"secret")

    with pytest.raises(InvalidTag):
        secrets.unseal("channel", sealed)


def test_a_seal_with_any_byte_changed_is_not_opened() -> None:
    sealed = secrets.seal("totp", b"secret")

    for place in range(len(sealed)):
        tampered = bytearray(sealed)
        tampered[place] ^= 1
        with pytest.raises(InvalidTag):
            secrets.unseal("totp", bytes(tampered))


@pytest.mark.parametrize("length", [0, 1, 2, 14, 29])
def test_a_seal_cut_short_is_not_opened(length: int) -> None:
    sealed = secrets.seal("totp", b"")

    with pytest.raises(InvalidTag):
        secrets.unseal("totp", sealed[:length])


def test_a_seal_of_a_key_that_was_thrown_away_is_not_opened() -> None:
    sealed = secrets.seal("totp", b"secret")
    secrets.install(FORGETFUL)

    with pytest.raises(InvalidTag):
        secrets.unseal("totp", sealed)

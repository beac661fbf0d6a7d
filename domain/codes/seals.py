"""The seal of a code: what uPay signs at its end, and how it knows its own again."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from domain import secrets
from domain.codes import tlv
from domain.codes.refusals import QrExpired, QrForeign, QrInvalid, QrTampered

GUID: Final = "APP.UPAY"
"""uPay's name among all issuers of such codes: a domain, backwards."""

MAC_CHARS: Final = 24
"""How much of the HMAC-SHA256 a code carries: 120 bits in base32."""

OURS: Final = "26"
"""Where uPay says whom to pay."""

_PURPOSE: Final = "receive-code"
_SEAL: Final = "80"
# Ids at which any issuer may put a template of its own.
_PRIVATE: Final = frozenset(f"{id:02}" for id in (*range(26, 52), *range(80, 100)))


def closed(fields: Sequence[tuple[str, str]], *, expires_at: datetime | None) -> str:
    """The fields as the whole text of a code, signed with the current key.

    `expires_at` is kept in whole seconds; None for a code that lasts until it is replaced.

    Raises:
        ValueError: something has no room; whoever makes a code has checked it.
    """
    key_id = secrets.current_key_id()
    seal = [("00", GUID), ("01", key_id.upper())]
    if expires_at is not None:
        seal.append(("02", str(int(expires_at.timestamp()))))
    # Written with an empty place first: what is signed ends where the signature begins.
    blank = tlv.joined([*fields, (_SEAL, tlv.joined([*seal, ("03", "0" * MAC_CHARS)]))])
    signed = blank[:-MAC_CHARS]
    return tlv.closed(signed + _mac(signed, key_id))


def opened(text: str) -> dict[str, str]:
    """The fields of a text that this uPay wrote like this, whether or not its time is over.

    Whatever has too many characters is refused before it is looked at.

    Raises:
        QrInvalid: it is no payment code, or was not read whole.
        QrForeign: it is one of somebody else.
        QrTampered: it claims to be ours and is not, or is another uPay's.
    """
    try:
        fields = tlv.opened(text)
    except tlv.Unreadable:
        raise QrInvalid from None
    if not any(template(fields, id).get("00") == GUID for id in _PRIVATE & fields.keys()):
        raise QrForeign
    if not _is_genuine(text, fields):
        raise QrTampered
    return fields


def end(fields: dict[str, str], now: datetime) -> datetime | None:
    """When the code of these fields ends; None when it lasts.

    Raises:
        QrExpired: it has ended.
    """
    said = template(fields, _SEAL).get("02")
    expires_at = None if said is None else datetime.fromtimestamp(int(said), UTC)
    if expires_at is not None and expires_at <= now:
        raise QrExpired
    return expires_at


def template(fields: dict[str, str], id: str) -> dict[str, str]:
    """The fields inside a field; none when there is nothing to read, as in many foreign codes."""
    try:
        return tlv.split(fields.get(id, ""))
    except tlv.Unreadable:
        return {}


def _is_genuine(text: str, fields: dict[str, str]) -> bool:
    """Whether a key of ours signed all that comes before the signature."""
    key_id = template(fields, _SEAL).get("01", "").lower()
    if key_id not in secrets.key_ids():
        return False
    signed, shown = text[: -MAC_CHARS - tlv.CLOSING_CHARS], text[: -tlv.CLOSING_CHARS]
    return secrets.is_same(shown, signed + _mac(signed, key_id))


def _mac(signed: str, key_id: str) -> str:
    made = secrets.mac(_PURPOSE, signed.encode(), key_id=key_id)
    return base64.b32encode(made).decode()[:MAC_CHARS]

"""How a provider signs what it calls back with."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

CALLBACK_AGE_SECONDS: Final = 300
"""How far a callback's timestamp may be from our own clock, either way."""

TIMESTAMP_HEADER: Final = "Upay-Timestamp"
SIGNATURE_HEADER: Final = "Upay-Signature"


def sign_callback(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256, in hex, over the timestamp, a full stop and the body."""
    return hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify_callback(
    secret: bytes, timestamp: str, body: bytes, signature: str, now: datetime
) -> bool:
    """Whether the provider sent this callback, and lately; `timestamp` is in Unix seconds."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return False
    is_signed = hmac.compare_digest(
        sign_callback(secret, timestamp, body).encode(), signature.encode("utf-8", "replace")
    )
    return is_signed and abs(now.timestamp() - int(timestamp)) <= CALLBACK_AGE_SECONDS

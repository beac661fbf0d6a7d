"""Verifies a webhook of uPay's with nothing but Python's own library."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

TOLERANCE_SECONDS = 300


class NotVerified(Exception):
    """It is not from uPay, was changed on its way, or is too old."""


def verify(
    secret: str, headers: Mapping[str, str], body: bytes, now: float | None = None
) -> dict[str, Any]:
    """What the webhook says. `body` is the raw body, before anything has read it as JSON."""
    sent = {name.lower(): value for name, value in headers.items()}
    try:
        id, moment = sent["webhook-id"], sent["webhook-timestamp"]
        signatures = sent["webhook-signature"].split(" ")
        age = (time.time() if now is None else now) - int(moment)
    except (KeyError, ValueError):
        raise NotVerified("a header is missing") from None
    if abs(age) > TOLERANCE_SECONDS:
        raise NotVerified("it is too old, or from the future")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.digest(key, f"{id}.{moment}.".encode() + body, hashlib.sha256)
    expected = b"v1," + base64.b64encode(mac)
    # Each is compared in constant time; while a secret is rotated there are several.
    if not any(hmac.compare_digest(each.encode(), expected) for each in signatures):
        raise NotVerified("no signature fits")
    words: dict[str, Any] = json.loads(body)
    return words

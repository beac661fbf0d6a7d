"""Codes to scan: the fields EMVCo gives them, their spelling, and uPay's seal on them."""

from __future__ import annotations

from domain.codes.refusals import (
    NOT_FOLLOWED,
    QrExpired,
    QrForeign,
    QrInvalid,
    QrOfAnotherKind,
    QrTampered,
)
from domain.codes.words import is_token, token

__all__ = [
    "NOT_FOLLOWED",
    "QrExpired",
    "QrForeign",
    "QrInvalid",
    "QrOfAnotherKind",
    "QrTampered",
    "is_token",
    "token",
]

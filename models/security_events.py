"""What happened to an account that its owner should know of."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields

from models.places import Place, newest
from models.rows import Model


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN_ON_NEW_DEVICE = "signed_in_on_new_device"
    SIGN_IN_LOCKED = "sign_in_locked"
    SESSION_ENDED = "session_ended"
    DEVICE_FORGOTTEN = "device_forgotten"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind
    PASSWORD_AGEING = "password_ageing"  # noqa: S105 - a kind
    PIN_SET = "pin_set"
    PIN_CHANGED = "pin_changed"
    PIN_RESET = "pin_reset"
    TOTP_ADDED = "totp_added"
    TOTP_REMOVED = "totp_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    FACTOR_LOSS_REPORTED = "factor_loss_reported"
    FACTOR_LOSS_WITHDRAWN = "factor_loss_withdrawn"
    FACTORS_CLEARED = "factors_cleared"
    FACTOR_LOSS_REFUSED = "factor_loss_refused"
    CONTACT_ADDED = "contact_added"
    CONTACT_LEAVING = "contact_leaving"
    CONTACT_REMOVED = "contact_removed"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    LIMIT_LOWERED = "limit_lowered"
    LIMIT_RAISE_ASKED = "limit_raise_asked"
    LIMIT_RAISED = "limit_raised"
    PAYMENT_QUESTIONED = "payment_questioned"
    PAYMENT_IN_REVIEW = "payment_in_review"
    PAYMENT_RELEASED = "payment_released"
    PAYMENT_DECLINED = "payment_declined"
    PAYMENT_GIVEN_BACK = "payment_given_back"
    VERIFICATION_ASKED = "verification_asked"
    VERIFICATION_ACCEPTED = "verification_accepted"
    VERIFICATION_REFUSED = "verification_refused"
    EXPORT_ASKED = "export_asked"
    EXPORT_READY = "export_ready"
    WALLET_CLOSED = "wallet_closed"
    ACCOUNT_CLOSED = "account_closed"
    PHRASE_CHANGED = "phrase_changed"
    BANK_ACCOUNT_ADDED = "bank_account_added"
    BANK_ACCOUNT_REMOVED = "bank_account_removed"
    MERCHANT_ACCEPTED = "merchant_accepted"
    MERCHANT_REJECTED = "merchant_rejected"
    MERCHANT_SUSPENDED = "merchant_suspended"
    MERCHANT_REINSTATED = "merchant_reinstated"
    MERCHANT_CLOSED = "merchant_closed"
    MERCHANT_JOINED = "merchant_joined"
    MERCHANT_OFFERED = "merchant_offered"
    MERCHANT_KEY_MADE = "merchant_key_made"
    WEBHOOK_DISABLED = "webhook_disabled"


class SecurityEvent(Model):
    """One thing that happened; `detail` holds codes, ids and masked values, never a secret."""

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    kind = fields.CharEnumField(EventKind, max_length=32)
    session_id: UUID | None = fields.UUIDField(null=True)
    address = fields.CharField(max_length=64, default="")
    detail: dict[str, Any] = fields.JSONField(default=dict)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "security_events"


async def page(person_id: UUID, *, limit: int, after: Place | None = None) -> list[SecurityEvent]:
    """Up to `limit` events of a person that come after a place, the newest first."""
    theirs = SecurityEvent.filter(person_id=person_id)
    return await newest(theirs, "at", limit=limit, after=after)

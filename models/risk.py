"""What the rules of risk found, what somebody must decide, and what people were asked."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields

from models.rows import Model


class RiskHit(Model):
    """One rule that fits one payment; insert-only.

    `force` says whether it counted. `policy` is the digest of the rules that judged, and `place`
    is where the payer was, where that is known. Quotes are purged before hits are, so `quote_id`
    may lead nowhere; it is null for a payment that was declined before it was shown.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    quote_id: UUID | None = fields.UUIDField(null=True)
    rule = fields.CharField(max_length=48)
    outcome = fields.CharField(max_length=8)
    force = fields.CharField(max_length=8)
    place = fields.CharField(max_length=16, null=True)
    policy = fields.CharField(max_length=16)
    at: datetime = fields.DatetimeField()

    class Meta:
        table = "risk_hits"


class PersonPlace(Model):
    """Where a person paid from, and when last; the primary key is (person_id, place)."""

    person_id: UUID = fields.UUIDField(primary_key=True)
    place = fields.CharField(max_length=16)
    seen_at: datetime = fields.DatetimeField()

    class Meta:
        table = "person_places"


class RuleSnooze(Model):
    """Until when a rule does not count for a person and one device or payee of theirs.

    The primary key is (person_id, rule, subject_id).
    """

    person_id: UUID = fields.UUIDField(primary_key=True)
    rule = fields.CharField(max_length=48)
    subject_id: UUID = fields.UUIDField()
    until: datetime = fields.DatetimeField()

    class Meta:
        table = "rule_snoozes"


class CaseCause(StrEnum):
    """Why somebody must decide."""

    RULE = "rule"  # a rule wants the payment looked at; its money waits
    REPORT = "report"  # the payer says it was not them
    SILENCE = "silence"  # the payer was asked and did not answer


class CaseStatus(StrEnum):
    PENDING = "pending"
    CLOSED = "closed"


class CaseDecision(StrEnum):
    """How a case ended."""

    APPROVED = "approved"
    DECLINED = "declined"
    EXPIRED = "expired"  # nobody decided in time
    RECALLED = "recalled"  # the payer took the payment back


class CaseOutcome(StrEnum):
    """What the case turned out to be, as the agent who closed it saw it."""

    CONFIRMED_RISK = "confirmed_risk"
    FALSE_POSITIVE = "false_positive"
    VALUABLE_ALERT = "valuable_alert"


class RiskCase(Model):
    """Something an agent must decide; a movement has at most one open case.

    `movement_id` is null when what was reported never became a payment.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    movement_id: UUID | None = fields.UUIDField(null=True)
    quote_id: UUID | None = fields.UUIDField(null=True)
    cause = fields.CharEnumField(CaseCause, max_length=8)
    status = fields.CharEnumField(CaseStatus, max_length=8)
    opened_at: datetime = fields.DatetimeField()
    deadline_at: datetime = fields.DatetimeField()
    decision = fields.CharEnumField(CaseDecision, max_length=8, null=True)
    outcome = fields.CharEnumField(CaseOutcome, max_length=16, null=True)
    reason = fields.CharField(max_length=500, null=True)
    decided_by: UUID | None = fields.UUIDField(null=True)
    decided_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "risk_cases"


class InquiryStatus(StrEnum):
    """Where an inquiry stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REPORTED = "reported"
    UNANSWERED = "unanswered"


class Inquiry(Model):
    """One "was this you?" about one payment; `amount` is minor units of `currency`.

    `payee_name` is whom it was to pay, as the payer sees it; null in rows from before, whose payee
    is the person `payee_id`.

    `rules` are the names of those that asked. `subject_id` is what they snooze for once the payer
    has said yes: the device, or the payee, a person or a merchant. A person is asked once at a time
    about a subject.
    """

    id: UUID = fields.UUIDField(primary_key=True)
    person_id: UUID = fields.UUIDField()
    session_id: UUID = fields.UUIDField()
    payee_id: UUID | None = fields.UUIDField(null=True)
    payee_name = fields.CharField(max_length=128, null=True)
    subject_id: UUID = fields.UUIDField()
    quote_id: UUID | None = fields.UUIDField(null=True)
    amount: int = fields.BigIntField()
    currency = fields.CharField(max_length=3)
    address = fields.CharField(max_length=64, default="")
    place = fields.CharField(max_length=16, null=True)
    rules: list[str] = fields.JSONField()
    is_reviewed_unanswered = fields.BooleanField(default=False)
    status = fields.CharEnumField(InquiryStatus, max_length=16)
    asked_at: datetime = fields.DatetimeField()
    deadline_at: datetime = fields.DatetimeField()
    answered_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "inquiries"

"""The account: sessions and devices, contacts, proofs, limits, rules, levels, exports."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.client_versions import Platform
from models.exports import ExportStatus
from models.factors import LossEnd
from models.limits import OwnLimitKind
from models.links import LinkKind
from models.movements import MovementStatus
from models.papers import MediaType
from models.passkeys import ChallengePurpose
from models.passwords import ResetWay
from models.people import CodePurpose, GuardedFactor
from models.risk import CaseCause, CaseDecision, CaseOutcome, CaseStatus, InquiryStatus
from models.schema_operation import Schema
from models.security_events import EventKind
from models.sessions import Limit
from models.verification_requests import RequestStatus, VerificationRefusal


class Migration(migrations.Migration):
    dependencies = [("models", "0005_confirmations")]

    initial = False

    operations = [
        Schema(
            ops.CreateModel(
                name="AddressGuard",
                fields=[
                    (
                        "slot",
                        fields.IntField(
                            generated=True, primary_key=True, unique=True, db_index=True
                        ),
                    ),
                    ("wrong_tries", fields.SmallIntField()),
                    ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "address_guards",
                    "app": "models",
                    "pk_attr": "slot",
                    "table_description": "How often anybody's password was guessed wrong from the network addresses of one slot.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ClientVersion",
                fields=[
                    (
                        "platform",
                        fields.CharEnumField(
                            primary_key=True,
                            unique=True,
                            db_index=True,
                            description="IOS: ios\nANDROID: android\nWEB: web\nMINI_PROGRAM: mini-program",
                            enum_type=Platform,
                            max_length=16,
                        ),
                    ),
                    ("minimum", fields.CharField(max_length=32)),
                    ("recommended", fields.CharField(max_length=32)),
                    ("notes_zh", fields.CharField(max_length=500)),
                    ("notes_en", fields.CharField(max_length=500)),
                    ("url", fields.CharField(max_length=500)),
                    ("changed_by", fields.UUIDField()),
                    ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "client_versions",
                    "app": "models",
                    "pk_attr": "platform",
                    "table_description": "The policy of one platform; versions are dotted numbers such as `4.2.1`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Device",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("token_hash", fields.CharField(unique=True, max_length=64)),
                    ("name", fields.CharField(default="", max_length=64)),
                    ("platform", fields.CharField(default="", max_length=32)),
                    ("address", fields.CharField(default="", max_length=64)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("last_seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "forgotten_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "devices",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One device of one person; of the token it shows when it comes back only the SHA-256 (hex).",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Export",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    (
                        "status",
                        fields.CharEnumField(
                            description="ASKED: asked\nREADY: ready\nFAILED: failed",
                            enum_type=ExportStatus,
                            max_length=8,
                        ),
                    ),
                    ("progress", fields.SmallIntField(default=0)),
                    ("file_id", fields.UUIDField(null=True)),
                    ("length", fields.BigIntField(default=0)),
                    ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "expires_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "exports",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One archive of `length` bytes, `progress` percent done; `file_id` is what there is of it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="FactorLoss",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("begun_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "reported_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "decidable_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "end_kind",
                        fields.CharEnumField(
                            null=True,
                            description="WITHDRAWN: withdrawn\nCLEARED: cleared\nREFUSED: refused",
                            enum_type=LossEnd,
                            max_length=16,
                        ),
                    ),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("ended_by", fields.UUIDField(null=True)),
                ],
                options={
                    "table": "factor_losses",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Somebody says that all their second factors are lost.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Inquiry",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("session_id", fields.UUIDField()),
                    ("payee_id", fields.UUIDField()),
                    ("subject_id", fields.UUIDField()),
                    ("quote_id", fields.UUIDField(null=True)),
                    ("amount", fields.BigIntField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("address", fields.CharField(default="", max_length=64)),
                    ("place", fields.CharField(null=True, max_length=16)),
                    (
                        "rules",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("is_reviewed_unanswered", fields.BooleanField(default=False)),
                    (
                        "status",
                        fields.CharEnumField(
                            description="ASKED: asked\nCONFIRMED: confirmed\nREPORTED: reported\nUNANSWERED: unanswered",
                            enum_type=InquiryStatus,
                            max_length=16,
                        ),
                    ),
                    ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("deadline_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "answered_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "inquiries",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": 'One "was this you?" about one payment; `amount` is minor units of `currency`.',
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="LimitPolicy",
                fields=[
                    (
                        "currency",
                        fields.CharField(
                            primary_key=True, unique=True, db_index=True, max_length=3
                        ),
                    ),
                    ("level", fields.SmallIntField()),
                    ("single", fields.BigIntField(null=True)),
                    ("day", fields.BigIntField(null=True)),
                    ("month", fields.BigIntField(null=True)),
                    ("year", fields.BigIntField(null=True)),
                    ("payments_day", fields.IntField(null=True)),
                ],
                options={
                    "table": "limit_policies",
                    "app": "models",
                    "pk_attr": "currency",
                    "table_description": "What the house lets leave a wallet of one level and currency, in minor units; null: anything.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Link",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="RESET_PASSWORD: reset_password\nFREEZE: freeze\nANSWER: answer",
                            enum_type=LinkKind,
                            max_length=16,
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("subject_id", fields.UUIDField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "links",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One link of one person; `subject_id` is what it is about, such as the event of a letter.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="OwnLimitRaise",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("account_id", fields.UUIDField()),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="SINGLE: single\nDAY: day\nMONTH: month",
                            enum_type=OwnLimitKind,
                            max_length=8,
                        ),
                    ),
                    ("amount", fields.BigIntField(null=True)),
                    ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "applied_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "withdrawn_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "own_limit_raises",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A higher limit of one's own that was asked for, in minor units; `amount` null: none.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Paper",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("file_id", fields.UUIDField()),
                    ("request_id", fields.UUIDField(null=True)),
                    (
                        "media_type",
                        fields.CharEnumField(
                            description="JPEG: image/jpeg\nPNG: image/png\nPDF: application/pdf",
                            enum_type=MediaType,
                            max_length=32,
                        ),
                    ),
                    ("length", fields.IntField()),
                    ("sha256", fields.BinaryField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "papers",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One paper, of `length` bytes; `request_id` is null until a request names it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Passkey",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("credential_id", fields.BinaryField()),
                    ("public_key", fields.BinaryField()),
                    ("sign_count", fields.BigIntField(default=0)),
                    ("transports", fields.CharField(default="", max_length=100)),
                    ("is_synced", fields.BooleanField()),
                    ("name", fields.CharField(max_length=64)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "passkeys",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A key pair on somebody's device; only its public half is here.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PasskeyChallenge",
                fields=[
                    (
                        "session_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    (
                        "purpose",
                        fields.CharEnumField(
                            description="REGISTER: register\nPROVE: prove",
                            enum_type=ChallengePurpose,
                            max_length=8,
                        ),
                    ),
                    ("challenge", fields.BinaryField()),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "passkey_challenges",
                    "app": "models",
                    "pk_attr": "session_id",
                    "table_description": "What a session was asked to sign; the primary key is (session_id, purpose).",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PasswordHash",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("hash", fields.CharField(max_length=256)),
                    ("replaced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "password_hashes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A password that somebody had until `replaced_at`, as it was kept.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PasswordReset",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    (
                        "way",
                        fields.CharEnumField(
                            description="LINK: link\nCODE: code", enum_type=ResetWay, max_length=8
                        ),
                    ),
                    ("contact_mac", fields.BinaryField()),
                    ("sealed_contact", fields.BinaryField(null=True)),
                    ("address", fields.CharField(default="", max_length=64)),
                    ("person_id", fields.UUIDField(null=True)),
                    ("contact_id", fields.UUIDField(null=True)),
                    ("wrong_tries", fields.SmallIntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "password_resets",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Somebody forgot the password of whoever owns a contact.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PersonPlace",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("place", fields.CharField(max_length=16)),
                    ("seen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "person_places",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "Where a person paid from, and when last; the primary key is (person_id, place).",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Phrase",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("text", fields.CharField(max_length=40)),
                    ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "replaced_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "phrases",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One phrase of one person; the current one is that without `replaced_at`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RecoveryCode",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("mac", fields.BinaryField()),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "recovery_codes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One recovery code; the letters themselves are kept nowhere.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RecoverySet",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("sealed_secret", fields.BinaryField()),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "recovery_sets",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "Somebody's recovery codes together; `sealed_secret` is the key their MACs are made with.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RetiredName",
                fields=[
                    (
                        "mac",
                        fields.CharField(
                            primary_key=True, unique=True, db_index=True, max_length=64
                        ),
                    ),
                    ("key_id", fields.CharField(max_length=16)),
                    ("retired_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "retired_names",
                    "app": "models",
                    "pk_attr": "mac",
                    "table_description": "The account name of a closed account, as a MAC (hex) by the server's key `key_id`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RiskCase",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("movement_id", fields.UUIDField(null=True)),
                    ("quote_id", fields.UUIDField(null=True)),
                    (
                        "cause",
                        fields.CharEnumField(
                            description="RULE: rule\nREPORT: report\nSILENCE: silence",
                            enum_type=CaseCause,
                            max_length=8,
                        ),
                    ),
                    (
                        "status",
                        fields.CharEnumField(
                            description="PENDING: pending\nCLOSED: closed",
                            enum_type=CaseStatus,
                            max_length=8,
                        ),
                    ),
                    ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("deadline_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "decision",
                        fields.CharEnumField(
                            null=True,
                            description="APPROVED: approved\nDECLINED: declined\nEXPIRED: expired\nRECALLED: recalled",
                            enum_type=CaseDecision,
                            max_length=8,
                        ),
                    ),
                    (
                        "outcome",
                        fields.CharEnumField(
                            null=True,
                            description="CONFIRMED_RISK: confirmed_risk\nFALSE_POSITIVE: false_positive\nVALUABLE_ALERT: valuable_alert",
                            enum_type=CaseOutcome,
                            max_length=16,
                        ),
                    ),
                    ("reason", fields.CharField(null=True, max_length=500)),
                    ("decided_by", fields.UUIDField(null=True)),
                    (
                        "decided_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "risk_cases",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Something an agent must decide; a movement has at most one open case.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RiskHit",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("quote_id", fields.UUIDField(null=True)),
                    ("rule", fields.CharField(max_length=48)),
                    ("outcome", fields.CharField(max_length=8)),
                    ("force", fields.CharField(max_length=8)),
                    ("place", fields.CharField(null=True, max_length=16)),
                    ("policy", fields.CharField(max_length=16)),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "risk_hits",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One rule that fits one payment; insert-only.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RuleSnooze",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("rule", fields.CharField(max_length=48)),
                    ("subject_id", fields.UUIDField()),
                    ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "rule_snoozes",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "Until when a rule does not count for a person and one device or payee of theirs.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SealedFile",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("sealed_key", fields.BinaryField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "sealed_files",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One file; `sealed_key` is its own key, sealed with one of the server's.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SealedPart",
                fields=[
                    (
                        "file_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("number", fields.IntField()),
                    ("sealed", fields.BinaryField()),
                ],
                options={
                    "table": "sealed_parts",
                    "app": "models",
                    "pk_attr": "file_id",
                    "table_description": "One part of a file; the primary key is (file_id, number), and numbers begin with 0.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SecurityEvent",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="SIGNED_IN_ON_NEW_DEVICE: signed_in_on_new_device\nSIGN_IN_LOCKED: sign_in_locked\nSESSION_ENDED: session_ended\nDEVICE_FORGOTTEN: device_forgotten\nPASSWORD_CHANGED: password_changed\nPASSWORD_RESET: password_reset\nPASSWORD_AGEING: password_ageing\nPIN_SET: pin_set\nPIN_CHANGED: pin_changed\nPIN_RESET: pin_reset\nTOTP_ADDED: totp_added\nTOTP_REMOVED: totp_removed\nRECOVERY_CODES_MADE: recovery_codes_made\nRECOVERY_CODE_USED: recovery_code_used\nPASSKEY_ADDED: passkey_added\nPASSKEY_REMOVED: passkey_removed\nFACTOR_LOSS_REPORTED: factor_loss_reported\nFACTOR_LOSS_WITHDRAWN: factor_loss_withdrawn\nFACTORS_CLEARED: factors_cleared\nFACTOR_LOSS_REFUSED: factor_loss_refused\nCONTACT_ADDED: contact_added\nCONTACT_LEAVING: contact_leaving\nCONTACT_REMOVED: contact_removed\nFROZEN: frozen\nUNFROZEN: unfrozen\nLIMIT_LOWERED: limit_lowered\nLIMIT_RAISE_ASKED: limit_raise_asked\nLIMIT_RAISED: limit_raised\nPAYMENT_QUESTIONED: payment_questioned\nPAYMENT_IN_REVIEW: payment_in_review\nPAYMENT_RELEASED: payment_released\nPAYMENT_DECLINED: payment_declined\nVERIFICATION_ASKED: verification_asked\nVERIFICATION_ACCEPTED: verification_accepted\nVERIFICATION_REFUSED: verification_refused\nEXPORT_ASKED: export_asked\nEXPORT_READY: export_ready\nWALLET_CLOSED: wallet_closed\nACCOUNT_CLOSED: account_closed\nPHRASE_CHANGED: phrase_changed",
                            enum_type=EventKind,
                            max_length=32,
                        ),
                    ),
                    ("session_id", fields.UUIDField(null=True)),
                    ("address", fields.CharField(default="", max_length=64)),
                    (
                        "detail",
                        fields.JSONField(
                            default=dict,
                            encoder=functools.partial(dumps, separators=(",", ":")),
                            decoder=loads,
                        ),
                    ),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "security_events",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One thing that happened; `detail` holds codes, ids and masked values, never a secret.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SessionProof",
                fields=[
                    (
                        "session_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("factor", fields.CharField(max_length=16)),
                    ("proved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "session_proofs",
                    "app": "models",
                    "pk_attr": "session_id",
                    "table_description": "When something was last proved in a session; the primary key is (session_id, factor).",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SpentSignInChallenge",
                fields=[
                    (
                        "hash",
                        fields.CharField(
                            primary_key=True, unique=True, db_index=True, max_length=64
                        ),
                    ),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "spent_sign_in_challenges",
                    "app": "models",
                    "pk_attr": "hash",
                    "table_description": "The SHA-256 (hex) of a challenge that has opened a session.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="TotpEnrolment",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("session_id", fields.UUIDField()),
                    ("sealed_secret", fields.BinaryField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "totp_enrolments",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "An authenticator app that is being set up in one session; none of its codes counts yet.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="VerificationRequest",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("level", fields.SmallIntField()),
                    ("file_id", fields.UUIDField(null=True)),
                    (
                        "status",
                        fields.CharEnumField(
                            description="ASKED: asked\nACCEPTED: accepted\nREFUSED: refused",
                            enum_type=RequestStatus,
                            max_length=16,
                        ),
                    ),
                    (
                        "refusal",
                        fields.CharEnumField(
                            null=True,
                            description="UNREADABLE: unreadable\nEXPIRED: expired\nNAME_DIFFERS: name_differs\nOTHER: other",
                            enum_type=VerificationRefusal,
                            max_length=16,
                        ),
                    ),
                    ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "decided_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("decided_by", fields.UUIDField(null=True)),
                ],
                options={
                    "table": "verification_requests",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One request; name and number are sealed in the file `file_id`, which is null once erased.",
                },
                bases=["Model"],
            ),
            ops.AddField(
                model_name="Account",
                name="level",
                field=fields.SmallIntField(default=0),
            ),
            ops.AddField(
                model_name="Account",
                name="own_day",
                field=fields.BigIntField(null=True),
            ),
            ops.AddField(
                model_name="Account",
                name="own_month",
                field=fields.BigIntField(null=True),
            ),
            ops.AddField(
                model_name="Account",
                name="own_single",
                field=fields.BigIntField(null=True),
            ),
            ops.AddField(
                model_name="Account",
                name="payments_day",
                field=fields.IntField(default=0),
            ),
            ops.AddField(
                model_name="Account",
                name="spent_day",
                field=fields.BigIntField(default=0),
            ),
            ops.AddField(
                model_name="Account",
                name="spent_month",
                field=fields.BigIntField(default=0),
            ),
            ops.AddField(
                model_name="Account",
                name="spent_on",
                field=fields.DateField(null=True),
            ),
            ops.AddField(
                model_name="Account",
                name="spent_year",
                field=fields.BigIntField(default=0),
            ),
            ops.AddField(
                model_name="Challenge",
                name="is_strong",
                field=fields.BooleanField(default=False),
            ),
            ops.AddField(
                model_name="Contact",
                name="leaves_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Contact",
                name="removed_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Contact",
                name="usable_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="ContactCode",
                name="purpose",
                field=fields.CharEnumField(
                    default=CodePurpose.VERIFY,
                    description="VERIFY: verify\nPROVE: prove\nPAY: pay\nRESET_PASSWORD: reset_password\nREPORT_LOSS: report_loss",
                    enum_type=CodePurpose,
                    max_length=16,
                ),
            ),
            ops.AddField(
                model_name="ContactCode",
                name="subject_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AlterField(
                model_name="Movement",
                name="status",
                field=fields.CharEnumField(
                    description="PENDING: pending\nIN_REVIEW: in_review\nUNKNOWN: unknown\nCOMPLETED: completed\nFAILED: failed\nCANCELLED: cancelled",
                    enum_type=MovementStatus,
                    max_length=16,
                ),
            ),
            ops.AddField(
                model_name="Movement",
                name="counted_on",
                field=fields.DateField(null=True),
            ),
            ops.AddField(
                model_name="Person",
                name="level",
                field=fields.SmallIntField(default=0),
            ),
            ops.AddField(
                model_name="Person",
                name="password_compromised_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Person",
                name="password_set_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Pin",
                name="reset_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Quote",
                name="is_reviewed",
                field=fields.BooleanField(default=False),
            ),
            ops.AddField(
                model_name="Quote",
                name="is_slowed",
                field=fields.BooleanField(default=False),
            ),
            ops.AddField(
                model_name="Quote",
                name="session_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AddField(
                model_name="Session",
                name="device_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AddField(
                model_name="Session",
                name="last_seen_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AddField(
                model_name="Session",
                name="limited_to",
                field=fields.CharEnumField(
                    null=True,
                    description="CHANGE_PASSWORD: change_password",
                    enum_type=Limit,
                    max_length=16,
                ),
            ),
            ops.AlterModelOptions(
                name="SignInGuard",
                options={
                    "table": "sign_in_guards",
                    "app": "models",
                    "pk_attr": "subject_id",
                    "table_description": "How often a password or a code was guessed wrong.",
                },
            ),
            ops.AddField(
                model_name="SignInGuard",
                name="factor",
                field=fields.CharEnumField(
                    default=GuardedFactor.PASSWORD,
                    description="PASSWORD: password\nCODE: code",
                    enum_type=GuardedFactor,
                    max_length=8,
                ),
            ),
            ops.AddField(
                model_name="SignInGuard",
                name="person_id",
                field=fields.UUIDField(null=True),
            ),
            sql=(
                "0006_security.sql",
                "0006_sessions.sql",
                "0006_contacts.sql",
                "0006_passwords.sql",
                "0006_factors.sql",
                "0006_passkeys.sql",
                "0006_limits.sql",
                "0006_risk.sql",
                "0006_identity.sql",
                "0006_exports.sql",
            ),
        )
    ]

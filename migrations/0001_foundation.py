"""The foundation: people, accounts, the journal, movements, streams, jobs."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.freezes import FreezeOwner
from models.movements import MovementKind, MovementStatus
from models.people import ContactKind, Role
from models.postings import PostingKind
from models.schema_operation import Schema
from models.sessions import Audience, TokenKind
from models.wallets import AccountKind, Side


class Migration(migrations.Migration):
    initial = True

    operations = [
        Schema(
            ops.CreateModel(
                name="Account",
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
                            description="WALLET: wallet\nPROVIDER_CLEARING: provider_clearing\nFEES: fees\nSUSPENSE: suspense\nIN_TRANSIT: in_transit\nEQUITY: equity",
                            enum_type=AccountKind,
                            max_length=24,
                        ),
                    ),
                    (
                        "normal_side",
                        fields.CharEnumField(
                            description="DEBIT: D\nCREDIT: C", enum_type=Side, max_length=1
                        ),
                    ),
                    ("currency", fields.CharField(max_length=3)),
                    ("owner_id", fields.UUIDField(null=True)),
                    ("floor", fields.BigIntField(null=True)),
                    ("posted_debits", fields.BigIntField(default=0)),
                    ("posted_credits", fields.BigIntField(default=0)),
                    ("pending_debits", fields.BigIntField(default=0)),
                    ("pending_credits", fields.BigIntField(default=0)),
                    ("version", fields.BigIntField(default=0)),
                    ("stream_seq", fields.BigIntField(default=0)),
                    ("freeze_level", fields.SmallIntField(default=0)),
                    ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "closed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "accounts",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One ledger account with its four counters, in minor units of `currency`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="AuditRecord",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("actor_id", fields.UUIDField()),
                    ("action", fields.CharField(max_length=64)),
                    ("subject_id", fields.UUIDField(null=True)),
                    ("reason", fields.CharField(max_length=500)),
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
                    "table": "audit_records",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One act of one person; `detail` holds codes and ids, never a secret or an amount.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Challenge",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("quote_id", fields.UUIDField()),
                    ("person_id", fields.UUIDField()),
                    ("digest", fields.BinaryField()),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "challenges",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "What must be proved for exactly one quote; `digest` binds it to payer, payee and amount.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Contact",
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
                            description="EMAIL: email\nPHONE: phone",
                            enum_type=ContactKind,
                            max_length=8,
                        ),
                    ),
                    ("value", fields.CharField(max_length=254)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "verified_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "contacts",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "An e-mail address or a telephone number (E.164) somebody named as theirs.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ContactCode",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("contact_id", fields.UUIDField()),
                    ("wrong_tries", fields.SmallIntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "contact_codes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One code sent to one contact; the digits themselves are derived from `id`, never stored.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Entry",
                fields=[
                    (
                        "account_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("version", fields.BigIntField()),
                    ("posting_id", fields.UUIDField()),
                    (
                        "side",
                        fields.CharEnumField(
                            description="DEBIT: D\nCREDIT: C", enum_type=Side, max_length=1
                        ),
                    ),
                    ("posted", fields.BigIntField()),
                    ("pending", fields.BigIntField()),
                    ("balance_after", fields.BigIntField()),
                ],
                options={
                    "table": "entries",
                    "app": "models",
                    "pk_attr": "account_id",
                    "table_description": "One line of a posting on one account, in minor units.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Freeze",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    (
                        "owner",
                        fields.IntEnumField(
                            description="CUSTOMER: 1\nRULE: 2\nAGENT: 3",
                            enum_type=FreezeOwner,
                            generated=False,
                        ),
                    ),
                    ("reason", fields.CharField(max_length=500)),
                    ("frozen_by", fields.UUIDField()),
                    ("frozen_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("lifted_by", fields.UUIDField(null=True)),
                    (
                        "lifted_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("lift_reason", fields.CharField(null=True, max_length=500)),
                ],
                options={
                    "table": "freezes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One freeze of one person by one owner; a person has at most one open freeze of each owner.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Hold",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("movement_id", fields.UUIDField()),
                    ("source_id", fields.UUIDField()),
                    ("target_id", fields.UUIDField()),
                    ("amount", fields.BigIntField()),
                    ("captured", fields.BigIntField(default=0)),
                    ("released", fields.BigIntField(default=0)),
                    ("currency", fields.CharField(max_length=3)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "holds",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Money set aside for a movement; the journal's hold postings are the truth, this their sum.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="IdempotencyKey",
                fields=[
                    (
                        "owner_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("key", fields.CharField(max_length=64)),
                    ("digest", fields.BinaryField()),
                    ("movement_id", fields.UUIDField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "idempotency_keys",
                    "app": "models",
                    "pk_attr": "owner_id",
                    "table_description": "A key somebody gave for one operation, and the movement that answered it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Job",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("kind", fields.CharField(max_length=48)),
                    ("subject_id", fields.UUIDField()),
                    ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("run_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "payload",
                        fields.JSONField(
                            default=dict,
                            encoder=functools.partial(dumps, separators=(",", ":")),
                            decoder=loads,
                        ),
                    ),
                    ("attempts", fields.IntField(default=0)),
                    ("lease", fields.UUIDField(null=True)),
                    (
                        "lease_until",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "done_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "failed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("last_error", fields.CharField(null=True, max_length=500)),
                ],
                options={
                    "table": "jobs",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One piece of work; UNIQUE (kind, subject_id, due_at) keeps it from being asked for twice.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Movement",
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
                            description="TRANSFER: transfer\nTOP_UP: top_up\nADJUSTMENT: adjustment",
                            enum_type=MovementKind,
                            max_length=16,
                        ),
                    ),
                    (
                        "status",
                        fields.CharEnumField(
                            description="PENDING: pending\nUNKNOWN: unknown\nCOMPLETED: completed\nFAILED: failed\nCANCELLED: cancelled",
                            enum_type=MovementStatus,
                            max_length=16,
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("source_id", fields.UUIDField()),
                    ("target_id", fields.UUIDField()),
                    ("amount", fields.BigIntField()),
                    ("fee", fields.BigIntField(default=0)),
                    ("currency", fields.CharField(max_length=3)),
                    ("note", fields.CharField(default="", max_length=140)),
                    ("failure_code", fields.CharField(null=True, max_length=48)),
                    ("failure_missing", fields.BigIntField(null=True)),
                    ("stream_seq", fields.BigIntField(default=0)),
                    (
                        "arrives_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "settled_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "movements",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Money that moved, is moving, or did not move and why; written by `domain.ledger` alone.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Person",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("account_name", fields.CharField(unique=True, max_length=32)),
                    ("display_name", fields.CharField(max_length=64)),
                    (
                        "role",
                        fields.CharEnumField(
                            description="CUSTOMER: customer\nMERCHANT: merchant\nAGENT: agent\nSUPERVISOR: supervisor\nADMIN: admin",
                            enum_type=Role,
                            max_length=16,
                        ),
                    ),
                    ("locale", fields.CharField(max_length=16)),
                    ("time_zone", fields.CharField(max_length=64)),
                    ("password_hash", fields.CharField(max_length=256)),
                    ("freeze_level", fields.SmallIntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "closed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "people",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Anybody who can sign in.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Pin",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("mac", fields.BinaryField()),
                    ("key_id", fields.CharField(max_length=16)),
                    ("wrong_tries", fields.SmallIntField(default=0)),
                    ("lockouts", fields.SmallIntField(default=0)),
                    (
                        "locked_until",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "pins",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "A person's payment PIN as a keyed digest, and how often it was guessed wrong.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Posting",
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
                            description="MOVE: move\nHOLD: hold\nCAPTURE: capture\nRELEASE: release",
                            enum_type=PostingKind,
                            max_length=16,
                        ),
                    ),
                    ("movement_id", fields.UUIDField()),
                    ("hold_id", fields.UUIDField(null=True)),
                    ("reverses_id", fields.UUIDField(null=True, unique=True)),
                    ("currency", fields.CharField(max_length=3)),
                    ("posted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "postings",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Entries that belong together and sum to zero, in one currency.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ProviderMessage",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("provider", fields.CharField(max_length=32)),
                    ("kind", fields.CharField(max_length=16)),
                    ("movement_id", fields.UUIDField(null=True)),
                    (
                        "body",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "provider_messages",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One message from a provider, stored before it is understood; insert-only.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ProviderOrder",
                fields=[
                    (
                        "movement_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("provider", fields.CharField(max_length=32)),
                    ("reference", fields.CharField(null=True, max_length=64)),
                    ("asks", fields.IntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "provider_orders",
                    "app": "models",
                    "pk_attr": "movement_id",
                    "table_description": "A movement handed to a provider; `reference` is the provider's own number once known.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Quote",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("source_id", fields.UUIDField()),
                    ("target_id", fields.UUIDField()),
                    ("payee_id", fields.UUIDField()),
                    ("amount", fields.BigIntField()),
                    ("fee", fields.BigIntField(default=0)),
                    ("currency", fields.CharField(max_length=3)),
                    ("note", fields.CharField(default="", max_length=140)),
                    ("arrival", fields.CharField(max_length=16)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "quotes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A transfer as it was shown to the payer; never changed afterwards.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Session",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    (
                        "audience",
                        fields.CharEnumField(
                            description="PUBLIC: public\nDESK: desk",
                            enum_type=Audience,
                            max_length=8,
                        ),
                    ),
                    ("client", fields.CharField(default="", max_length=200)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("end_reason", fields.CharField(null=True, max_length=32)),
                ],
                options={
                    "table": "sessions",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One sign-in; ends at `expires_at` at the latest, or when `ended_at` is set.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SessionToken",
                fields=[
                    (
                        "hash",
                        fields.CharField(
                            primary_key=True, unique=True, db_index=True, max_length=64
                        ),
                    ),
                    ("session_id", fields.UUIDField()),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="ACCESS: access\nREFRESH: refresh",
                            enum_type=TokenKind,
                            max_length=8,
                        ),
                    ),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "spent_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "session_tokens",
                    "app": "models",
                    "pk_attr": "hash",
                    "table_description": "A token of a session; a spent refresh token is kept, to notice a second use.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SignInGuard",
                fields=[
                    (
                        "subject_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("wrong_tries", fields.SmallIntField(default=0)),
                    (
                        "locked_until",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "sign_in_guards",
                    "app": "models",
                    "pk_attr": "subject_id",
                    "table_description": "How often a password or second factor was guessed wrong.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="StreamEvent",
                fields=[
                    (
                        "stream_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("seq", fields.BigIntField()),
                    ("kind", fields.CharField(max_length=32)),
                    ("subject_id", fields.UUIDField()),
                    ("status", fields.CharField(max_length=16)),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "stream_events",
                    "app": "models",
                    "pk_attr": "stream_id",
                    "table_description": "One event; the stream is the id of its wallet or movement, the primary key (stream_id, seq).",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Totp",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("sealed_secret", fields.BinaryField()),
                    ("last_counter", fields.BigIntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "totps",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "A person's second factor; `last_counter` is the newest 30-second step that was accepted.",
                },
                bases=["Model"],
            ),
            sql=("0001_tables.sql", "0001_ledger.sql"),
        )
    ]

"""Merchants: orders, payments, refunds, webhooks, settlement, money in and out."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.bank_accounts import BankAccountKind, BankAccountStatus
from models.cases import CaseKind, CaseOutcome
from models.merchants import MemberRole, MerchantStatus
from models.money_requests import MoneyRequestStatus
from models.movements import MovementKind
from models.orders import OrderOrigin, OrderStatus
from models.people import Role
from models.quotes import Capture, QuoteKind
from models.refunds import RefundOrigin, RefundReason, RefundStatus
from models.schema_operation import Schema
from models.security_events import EventKind
from models.settlements import FeePayer
from models.statements import BookingKind, DifferenceKind
from models.wallets import AccountKind
from models.webhooks import AttemptError, DeliveryStatus, DisableCause, EndpointStatus


class Migration(migrations.Migration):
    dependencies = [("models", "0006_accounts")]

    initial = False

    operations = [
        Schema(
            ops.CreateModel(
                name="ApiKey",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("name", fields.CharField(max_length=64)),
                    ("digest", fields.CharField(unique=True, max_length=64)),
                    ("hint", fields.CharField(max_length=8)),
                    (
                        "scopes",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("made_by", fields.UUIDField()),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "last_used_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "revoked_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "api_keys",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A key of a merchant's programs; only its digest is kept, and `hint`, the end of it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="BankAccount",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField(null=True)),
                    ("merchant_id", fields.UUIDField(null=True)),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="BANK_ACCOUNT: bank_account\nCARD: card",
                            enum_type=BankAccountKind,
                            max_length=12,
                        ),
                    ),
                    ("currency", fields.CharField(max_length=3)),
                    ("country", fields.CharField(null=True, max_length=2)),
                    ("holder", fields.CharField(max_length=64)),
                    ("bank_name", fields.CharField(null=True, max_length=64)),
                    ("masked", fields.CharField(max_length=9)),
                    ("expires_on", fields.DateField(null=True)),
                    ("fingerprint", fields.CharField(max_length=64)),
                    ("file_id", fields.UUIDField(null=True)),
                    ("token", fields.CharField(null=True, max_length=64)),
                    (
                        "status",
                        fields.CharEnumField(
                            description="PENDING: pending\nAMOUNT_SENT: amount_sent\nVERIFIED: verified\nREFUSED: refused\nREMOVED: removed",
                            enum_type=BankAccountStatus,
                            max_length=12,
                        ),
                    ),
                    ("refused_for", fields.CharField(null=True, max_length=64)),
                    ("amount_tried", fields.BigIntField(null=True)),
                    ("tries_left", fields.IntField()),
                    ("added_by", fields.UUIDField()),
                    ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "usable_for_withdrawal_from",
                        fields.DatetimeField(auto_now=False, auto_now_add=False),
                    ),
                    (
                        "verified_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "bank_accounts",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A bank account or card of exactly one of `person_id` and `merchant_id`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Case",
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
                            description="REFUND_UNANSWERED: refund_unanswered\nREFUND_UNCLAIMED: refund_unclaimed\nPROVIDER_CONTRADICTION: provider_contradiction\nPROVIDER_SILENT: provider_silent\nREVERSAL_SHORT: reversal_short\nSTATEMENT_DIFFERENCE: statement_difference\nPAYOUT_FAILED: payout_failed",
                            enum_type=CaseKind,
                            max_length=32,
                        ),
                    ),
                    ("subject_id", fields.UUIDField()),
                    (
                        "detail",
                        fields.JSONField(
                            default=dict,
                            encoder=functools.partial(dumps, separators=(",", ":")),
                            decoder=loads,
                        ),
                    ),
                    ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "closed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("closed_by", fields.UUIDField(null=True)),
                    (
                        "outcome",
                        fields.CharEnumField(
                            null=True,
                            description="PUT_RIGHT: put_right\nNOTHING_WRONG: nothing_wrong\nWRITTEN_OFF: written_off",
                            enum_type=CaseOutcome,
                            max_length=16,
                        ),
                    ),
                    ("reason", fields.CharField(null=True, max_length=500)),
                ],
                options={
                    "table": "cases",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Something for the desk to look into; one open at a time of a kind and subject.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CodeGuard",
                fields=[
                    (
                        "merchant_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("wrong_tries", fields.IntField()),
                    ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "code_guards",
                    "app": "models",
                    "pk_attr": "merchant_id",
                    "table_description": "How often a merchant showed a code that is none, since `began_at`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CodePayer",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("used_on", fields.DateField(null=True)),
                    ("used", fields.IntField(default=0)),
                ],
                options={
                    "table": "code_payers",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "Somebody who lets small sums be paid with a code alone, since they proved who they are.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="FavouritePayee",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("payee_id", fields.UUIDField()),
                    ("alias", fields.CharField(max_length=32)),
                    ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "favourite_payees",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Somebody a person pays often; `alias` is what they call them, and may be empty.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Merchant",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("number", fields.CharField(unique=True, max_length=10)),
                    ("name", fields.CharField(max_length=64)),
                    ("category", fields.CharField(max_length=4)),
                    ("country", fields.CharField(max_length=2)),
                    ("city", fields.CharField(max_length=64)),
                    (
                        "status",
                        fields.CharEnumField(
                            description="APPLIED: applied\nREJECTED: rejected\nACCEPTING: accepting\nPAUSED: paused\nCLOSED: closed",
                            enum_type=MerchantStatus,
                            max_length=16,
                        ),
                    ),
                    ("owner_id", fields.UUIDField()),
                    ("applied_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "decided_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("decided_by", fields.UUIDField(null=True)),
                    ("reason", fields.CharField(null=True, max_length=500)),
                    (
                        "paused_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "suspended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("offered_to", fields.UUIDField(null=True)),
                    (
                        "closed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "merchants",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A business that takes payments; its name is never masked.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MerchantCode",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("store", fields.CharField(max_length=25)),
                    ("till", fields.CharField(max_length=25)),
                    ("token", fields.CharField(unique=True, max_length=16)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "merchant_codes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A lasting code of a merchant; unique by merchant, currency, `store` and `till`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MerchantEvent",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("type", fields.CharField(max_length=48)),
                    ("subject_id", fields.UUIDField()),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("body", fields.TextField(null=True, unique=False)),
                ],
                options={
                    "table": "merchant_events",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Something a merchant is told of; `subject_id` is what it is about.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MerchantFee",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField(null=True)),
                    ("currency", fields.CharField(max_length=3)),
                    ("fixed", fields.BigIntField()),
                    ("rate", fields.IntField()),
                    (
                        "payer",
                        fields.CharEnumField(
                            description="MERCHANT: merchant\nCUSTOMER: customer",
                            enum_type=FeePayer,
                            max_length=8,
                        ),
                    ),
                    ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("set_by", fields.UUIDField()),
                    ("set_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "merchant_fees",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A fee of `fixed` minor units and `rate` millionths of a payment; never changed.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MerchantMember",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("person_id", fields.UUIDField()),
                    (
                        "role",
                        fields.CharEnumField(
                            description="OWNER: owner\nMANAGER: manager\nCASHIER: cashier\nVIEWER: viewer",
                            enum_type=MemberRole,
                            max_length=8,
                        ),
                    ),
                    ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "merchant_members",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Somebody who works for a merchant; unique by merchant and person.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MoneyRequest",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("asker_id", fields.UUIDField()),
                    ("payer_id", fields.UUIDField()),
                    ("amount", fields.BigIntField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("note", fields.CharField(default="", max_length=140)),
                    (
                        "status",
                        fields.CharEnumField(
                            description="OPEN: open\nPAID: paid\nDECLINED: declined\nCANCELLED: cancelled\nEXPIRED: expired",
                            enum_type=MoneyRequestStatus,
                            max_length=16,
                        ),
                    ),
                    ("movement_id", fields.UUIDField(null=True, unique=True)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "money_requests",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "`asker_id` wants `amount`, minor units of `currency`, from `payer_id`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Order",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("number", fields.CharField(unique=True, max_length=16)),
                    ("merchant_id", fields.UUIDField()),
                    ("reference", fields.CharField(max_length=64)),
                    ("amount", fields.BigIntField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("description", fields.CharField(default="", max_length=140)),
                    (
                        "origin",
                        fields.CharEnumField(
                            description="API: api\nSTATIC_CODE: static_code\nPAYMENT_CODE: payment_code",
                            enum_type=OrderOrigin,
                            max_length=16,
                        ),
                    ),
                    (
                        "capture",
                        fields.CharEnumField(
                            description="NOW: now\nLATER: later", enum_type=Capture, max_length=8
                        ),
                    ),
                    (
                        "status",
                        fields.CharEnumField(
                            description="OPEN: open\nPAID: paid\nCLOSED: closed",
                            enum_type=OrderStatus,
                            max_length=8,
                        ),
                    ),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("paid_by", fields.UUIDField(null=True)),
                    (
                        "paid_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "closed_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "orders",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Something to be paid to a merchant; `amount` is minor units of `currency`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Payment",
                fields=[
                    (
                        "movement_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("order_id", fields.UUIDField()),
                    ("merchant_id", fields.UUIDField()),
                    ("stream_id", fields.UUIDField()),
                    ("stream_seq", fields.BigIntField(default=1)),
                    ("authorized", fields.BigIntField(default=0)),
                    ("captured", fields.BigIntField(default=0)),
                    ("voided", fields.BigIntField(default=0)),
                    ("refunded", fields.BigIntField(default=0)),
                    ("refund_pending", fields.BigIntField(default=0)),
                    (
                        "capture_before",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "payments",
                    "app": "models",
                    "pk_attr": "movement_id",
                    "table_description": "A movement that pays an order, with what became of it since. All in minor units.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PaymentCode",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("mac", fields.BinaryField()),
                    ("person_id", fields.UUIDField()),
                    ("session_id", fields.UUIDField()),
                    ("device_id", fields.UUIDField(null=True)),
                    ("address", fields.CharField(max_length=64)),
                    ("wallet_id", fields.UUIDField()),
                    ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("merchant_id", fields.UUIDField(null=True)),
                    ("key", fields.CharField(null=True, max_length=64)),
                    ("key_digest", fields.BinaryField(null=True)),
                    ("order_id", fields.UUIDField(null=True, unique=True)),
                    (
                        "charged_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "declined_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("stream_seq", fields.BigIntField(default=0)),
                ],
                options={
                    "table": "payment_codes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Eighteen digits that a merchant scans within a minute or two, once; only a MAC is kept.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PersonBlock",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("person_id", fields.UUIDField()),
                    ("blocked_id", fields.UUIDField()),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "person_blocks",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "`person_id` wants neither money nor requests from `blocked_id`; unique by both.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Refund",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("payment_id", fields.UUIDField()),
                    ("merchant_id", fields.UUIDField()),
                    ("amount", fields.BigIntField()),
                    ("currency", fields.CharField(max_length=3)),
                    (
                        "reason",
                        fields.CharEnumField(
                            description="CANCELLED: cancelled\nNOT_RECEIVED: not_received\nNOT_AS_DESCRIBED: not_as_described\nWRONG_AMOUNT: wrong_amount\nDUPLICATE: duplicate\nOTHER: other\nORDER_PAID_TWICE: order_paid_twice",
                            enum_type=RefundReason,
                            max_length=24,
                        ),
                    ),
                    ("note", fields.CharField(default="", max_length=140)),
                    ("answer", fields.CharField(default="", max_length=140)),
                    (
                        "origin",
                        fields.CharEnumField(
                            description="MERCHANT: merchant\nCUSTOMER: customer\nAUTOMATIC: automatic",
                            enum_type=RefundOrigin,
                            max_length=16,
                        ),
                    ),
                    (
                        "status",
                        fields.CharEnumField(
                            description="REQUESTED: requested\nREJECTED: rejected\nWITHDRAWN: withdrawn\nPENDING: pending\nSUCCEEDED: succeeded\nFAILED: failed",
                            enum_type=RefundStatus,
                            max_length=16,
                        ),
                    ),
                    ("version", fields.IntField(default=1)),
                    ("movement_id", fields.UUIDField(null=True)),
                    ("failure_code", fields.CharField(null=True, max_length=48)),
                    ("failure_missing", fields.BigIntField(null=True)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "settled_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "refunds",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "Money of a payment that goes back; `amount` is minor units of `currency`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RefundStep",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("refund_id", fields.UUIDField()),
                    ("place", fields.IntField()),
                    (
                        "status",
                        fields.CharEnumField(
                            description="REQUESTED: requested\nREJECTED: rejected\nWITHDRAWN: withdrawn\nPENDING: pending\nSUCCEEDED: succeeded\nFAILED: failed",
                            enum_type=RefundStatus,
                            max_length=16,
                        ),
                    ),
                    ("movement_id", fields.UUIDField(null=True)),
                    ("person_id", fields.UUIDField(null=True)),
                    ("api_key_id", fields.UUIDField(null=True)),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "refund_steps",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "What a refund became, the `place`-th of its steps, and who made it so.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Settlement",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("account_id", fields.UUIDField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("day", fields.DateField()),
                    ("from_version", fields.BigIntField()),
                    ("to_version", fields.BigIntField()),
                    ("opening", fields.BigIntField()),
                    ("captured", fields.BigIntField()),
                    ("refunded", fields.BigIntField()),
                    ("paid_out", fields.BigIntField()),
                    ("other", fields.BigIntField()),
                    ("fees_due", fields.BigIntField()),
                    ("fees", fields.BigIntField()),
                    ("closing", fields.BigIntField()),
                    ("payout", fields.BigIntField()),
                    ("fee_id", fields.UUIDField(null=True)),
                    ("payout_id", fields.UUIDField(null=True, unique=True)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "merchant_settlements",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A run of a merchant account's entries, (from_version, to_version], up to the end of `day`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Statement",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("provider", fields.CharField(max_length=32)),
                    ("day", fields.DateField()),
                    ("rows_read", fields.IntField()),
                    ("fetched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "statements",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One time that a provider's day was fetched; its lines are those of the last time.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="StatementDifference",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("statement_id", fields.UUIDField()),
                    ("provider", fields.CharField(max_length=32)),
                    ("day", fields.DateField()),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="MISSING: missing\nEXTRA: extra\nDOUBLED: doubled\nCHANGED: changed",
                            enum_type=DifferenceKind,
                            max_length=8,
                        ),
                    ),
                    ("reference", fields.CharField(max_length=80)),
                    ("movement_id", fields.UUIDField(null=True)),
                    ("expected", fields.CharField(max_length=200)),
                    ("found", fields.CharField(max_length=200)),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "statement_differences",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One difference of a provider's day, found once however often it is looked for.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="StatementLine",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("statement_id", fields.UUIDField()),
                    ("provider", fields.CharField(max_length=32)),
                    ("day", fields.DateField()),
                    ("reference", fields.CharField(max_length=80)),
                    ("order_id", fields.UUIDField(null=True)),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="CHARGE: charge\nPAYOUT: payout\nREVERSAL: reversal\nRETURN: return",
                            enum_type=BookingKind,
                            max_length=8,
                        ),
                    ),
                    ("amount", fields.BigIntField()),
                    ("fee", fields.BigIntField()),
                    ("currency", fields.CharField(max_length=3)),
                    ("booked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "statement_lines",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One booking of a day; `amount` and `fee` are minor units of `currency`.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SurnameGuess",
                fields=[
                    (
                        "person_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("wrong", fields.SmallIntField()),
                    ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "surname_guesses",
                    "app": "models",
                    "pk_attr": "person_id",
                    "table_description": "How often a person named a surname that was not the payee's, since when.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="TestClock",
                fields=[
                    (
                        "name",
                        fields.CharField(
                            primary_key=True, unique=True, db_index=True, max_length=8
                        ),
                    ),
                    ("ahead_seconds", fields.BigIntField()),
                ],
                options={
                    "table": "test_clock",
                    "app": "models",
                    "pk_attr": "name",
                    "table_description": "How far the time of a test server is ahead of the real one; `ahead_seconds` only grows.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="UnclaimedTransfer",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("phone", fields.CharField(null=True, max_length=16)),
                    ("masked", fields.CharField(max_length=16)),
                    ("prepared_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("movement_id", fields.UUIDField(null=True, unique=True)),
                    (
                        "claimable_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "expires_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "told_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("claimed_by", fields.UUIDField(null=True, unique=True)),
                ],
                options={
                    "table": "unclaimed_transfers",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A transfer to a telephone number that nobody has proved.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="WebhookAttempt",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("delivery_id", fields.UUIDField()),
                    ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("duration_ms", fields.IntField()),
                    ("status_code", fields.IntField(null=True)),
                    ("answer", fields.TextField(default="", unique=False)),
                    (
                        "error",
                        fields.CharEnumField(
                            null=True,
                            description="REFUSED_ADDRESS: refused_address\nUNREACHABLE: unreachable\nTLS: tls\nTIMEOUT: timeout\nBROKEN: broken\nREDIRECT: redirect\nSTATUS: status\nNO_SECRET: no_secret",
                            enum_type=AttemptError,
                            max_length=16,
                        ),
                    ),
                ],
                options={
                    "table": "webhook_attempts",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One try of a delivery; `answer` is the first kilobyte of what came back, as text.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="WebhookDelivery",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("endpoint_id", fields.UUIDField()),
                    ("event_id", fields.UUIDField()),
                    (
                        "status",
                        fields.CharEnumField(
                            description="PENDING: pending\nDELIVERED: delivered\nFAILED: failed",
                            enum_type=DeliveryStatus,
                            max_length=16,
                        ),
                    ),
                    ("round", fields.IntField(default=1)),
                    ("tries", fields.IntField(default=0)),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "next_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "ended_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "webhook_deliveries",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "One event on its way to one endpoint; unique by both.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="WebhookEndpoint",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("merchant_id", fields.UUIDField()),
                    ("url", fields.CharField(max_length=2048)),
                    ("description", fields.CharField(max_length=140)),
                    (
                        "events",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "status",
                        fields.CharEnumField(
                            description="ENABLED: enabled\nDISABLED: disabled",
                            enum_type=EndpointStatus,
                            max_length=8,
                        ),
                    ),
                    (
                        "disabled_because",
                        fields.CharEnumField(
                            null=True,
                            description="GONE: gone\nFAILING: failing",
                            enum_type=DisableCause,
                            max_length=8,
                        ),
                    ),
                    (
                        "disabled_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "failing_since",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    (
                        "resting_until",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                    ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "webhook_endpoints",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "An address of a merchant's that is told of the events its patterns in `events` fit.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="WebhookSecret",
                fields=[
                    (
                        "id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("endpoint_id", fields.UUIDField()),
                    ("sealed_secret", fields.BinaryField()),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "expires_at",
                        fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                    ),
                ],
                options={
                    "table": "webhook_secrets",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A secret that signs what is sent to an endpoint; an older one only until `expires_at`.",
                },
                bases=["Model"],
            ),
            ops.AlterField(
                model_name="Account",
                name="kind",
                field=fields.CharEnumField(
                    description="WALLET: wallet\nMERCHANT: merchant\nPROVIDER_CLEARING: provider_clearing\nFEES: fees\nSUSPENSE: suspense\nIN_TRANSIT: in_transit\nEQUITY: equity",
                    enum_type=AccountKind,
                    max_length=24,
                ),
            ),
            ops.AddField(
                model_name="Account",
                name="merchant_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AlterField(
                model_name="Inquiry",
                name="payee_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AddField(
                model_name="Inquiry",
                name="payee_name",
                field=fields.CharField(null=True, max_length=128),
            ),
            ops.AlterField(
                model_name="Movement",
                name="kind",
                field=fields.CharEnumField(
                    description="TRANSFER: transfer\nTOP_UP: top_up\nADJUSTMENT: adjustment\nMERCHANT_PAYMENT: merchant_payment\nREFUND: refund\nWITHDRAWAL: withdrawal\nRETURN: return\nREVERSAL: reversal\nPAYOUT: payout\nFEE: fee",
                    enum_type=MovementKind,
                    max_length=16,
                ),
            ),
            ops.AddField(
                model_name="Movement",
                name="origin_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AlterField(
                model_name="Person",
                name="role",
                field=fields.CharEnumField(
                    description="CUSTOMER: customer\nAGENT: agent\nSUPERVISOR: supervisor\nADMIN: admin",
                    enum_type=Role,
                    max_length=16,
                ),
            ),
            ops.AddField(
                model_name="ProviderOrder",
                name="bank_account_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AddField(
                model_name="ProviderOrder",
                name="decline_code",
                field=fields.CharField(null=True, max_length=64),
            ),
            ops.AddField(
                model_name="ProviderOrder",
                name="token",
                field=fields.CharField(null=True, max_length=64),
            ),
            ops.AddField(
                model_name="ProviderOrder",
                name="told_at",
                field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
            ),
            ops.AlterModelOptions(
                name="Quote",
                options={
                    "table": "quotes",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A movement as it was shown to the payer; never changed afterwards.",
                },
            ),
            ops.AlterField(
                model_name="Quote",
                name="payee_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AddField(
                model_name="Quote",
                name="capture",
                field=fields.CharEnumField(
                    default=Capture.NOW,
                    description="NOW: now\nLATER: later",
                    enum_type=Capture,
                    max_length=8,
                ),
            ),
            ops.AddField(
                model_name="Quote",
                name="kind",
                field=fields.CharEnumField(
                    default=QuoteKind.TRANSFER,
                    description="TRANSFER: transfer\nMERCHANT_PAYMENT: merchant_payment\nWITHDRAWAL: withdrawal",
                    enum_type=QuoteKind,
                    max_length=16,
                ),
            ),
            ops.AddField(
                model_name="Quote",
                name="subject_id",
                field=fields.UUIDField(null=True),
            ),
            ops.AlterField(
                model_name="SecurityEvent",
                name="kind",
                field=fields.CharEnumField(
                    description="SIGNED_IN_ON_NEW_DEVICE: signed_in_on_new_device\nSIGN_IN_LOCKED: sign_in_locked\nSESSION_ENDED: session_ended\nDEVICE_FORGOTTEN: device_forgotten\nPASSWORD_CHANGED: password_changed\nPASSWORD_RESET: password_reset\nPASSWORD_AGEING: password_ageing\nPIN_SET: pin_set\nPIN_CHANGED: pin_changed\nPIN_RESET: pin_reset\nTOTP_ADDED: totp_added\nTOTP_REMOVED: totp_removed\nRECOVERY_CODES_MADE: recovery_codes_made\nRECOVERY_CODE_USED: recovery_code_used\nPASSKEY_ADDED: passkey_added\nPASSKEY_REMOVED: passkey_removed\nFACTOR_LOSS_REPORTED: factor_loss_reported\nFACTOR_LOSS_WITHDRAWN: factor_loss_withdrawn\nFACTORS_CLEARED: factors_cleared\nFACTOR_LOSS_REFUSED: factor_loss_refused\nCONTACT_ADDED: contact_added\nCONTACT_LEAVING: contact_leaving\nCONTACT_REMOVED: contact_removed\nFROZEN: frozen\nUNFROZEN: unfrozen\nLIMIT_LOWERED: limit_lowered\nLIMIT_RAISE_ASKED: limit_raise_asked\nLIMIT_RAISED: limit_raised\nPAYMENT_QUESTIONED: payment_questioned\nPAYMENT_IN_REVIEW: payment_in_review\nPAYMENT_RELEASED: payment_released\nPAYMENT_DECLINED: payment_declined\nPAYMENT_GIVEN_BACK: payment_given_back\nVERIFICATION_ASKED: verification_asked\nVERIFICATION_ACCEPTED: verification_accepted\nVERIFICATION_REFUSED: verification_refused\nEXPORT_ASKED: export_asked\nEXPORT_READY: export_ready\nWALLET_CLOSED: wallet_closed\nACCOUNT_CLOSED: account_closed\nPHRASE_CHANGED: phrase_changed\nBANK_ACCOUNT_ADDED: bank_account_added\nBANK_ACCOUNT_REMOVED: bank_account_removed\nMERCHANT_ACCEPTED: merchant_accepted\nMERCHANT_REJECTED: merchant_rejected\nMERCHANT_SUSPENDED: merchant_suspended\nMERCHANT_REINSTATED: merchant_reinstated\nMERCHANT_CLOSED: merchant_closed\nMERCHANT_JOINED: merchant_joined\nMERCHANT_OFFERED: merchant_offered\nMERCHANT_KEY_MADE: merchant_key_made\nWEBHOOK_DISABLED: webhook_disabled",
                    enum_type=EventKind,
                    max_length=32,
                ),
            ),
            sql=(
                "0007_core.sql",
                "0007_cases.sql",
                "0007_refunds.sql",
                "0007_codes.sql",
                "0007_webhooks.sql",
                "0007_providers.sql",
                "0007_accounts.sql",
                "0007_settlements.sql",
                "0007_between.sql",
                "0007_sandbox.sql",
            ),
        )
    ]

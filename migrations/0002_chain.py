"""The chain: postings and audit records are numbered, and bound to all before them."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.chain import LinkKind
from models.schema_operation import Schema


class Migration(migrations.Migration):
    dependencies = [("models", "0001_foundation")]

    initial = False

    operations = [
        Schema(
            ops.CreateModel(
                name="ChainAnchor",
                fields=[
                    ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                    ("last_seq", fields.BigIntField()),
                    ("hash", fields.BinaryField()),
                    ("postings", fields.BigIntField()),
                    ("entries", fields.BigIntField()),
                    ("key_id", fields.CharField(max_length=16)),
                    ("mac", fields.BinaryField()),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "chain_anchors",
                    "app": "models",
                    "pk_attr": "day",
                    "table_description": "The chain as it stood when a day (UTC) was over, signed with a key the database never sees.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ChainLink",
                fields=[
                    (
                        "seq",
                        fields.BigIntField(
                            primary_key=True, generated=False, unique=True, db_index=True
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="POSTING: posting\nAUDIT_RECORD: audit_record",
                            enum_type=LinkKind,
                            max_length=16,
                        ),
                    ),
                    ("subject_id", fields.UUIDField(unique=True)),
                    ("entries", fields.IntField()),
                    ("hash", fields.BinaryField()),
                    ("sealed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "chain_links",
                    "app": "models",
                    "pk_attr": "seq",
                    "table_description": "One link: the subject's place in the chain, and the SHA-256 over it and all before it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Unsealed",
                fields=[
                    (
                        "subject_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="POSTING: posting\nAUDIT_RECORD: audit_record",
                            enum_type=LinkKind,
                            max_length=16,
                        ),
                    ),
                    ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "unsealed",
                    "app": "models",
                    "pk_attr": "subject_id",
                    "table_description": "Something written that waits for its link; put here by triggers, taken by the sealer.",
                },
                bases=["Model"],
            ),
            sql=("0002_chain.sql",),
        )
    ]

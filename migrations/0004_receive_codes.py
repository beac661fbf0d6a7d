"""Receive codes: a random word for each wallet, by which it is found and no other id is."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.schema_operation import Schema


class Migration(migrations.Migration):
    dependencies = [("models", "0003_house_marks")]

    initial = False

    operations = [
        Schema(
            ops.CreateModel(
                name="ReceiveToken",
                fields=[
                    (
                        "wallet_id",
                        fields.UUIDField(
                            primary_key=True, default=uuid4, unique=True, db_index=True
                        ),
                    ),
                    ("token", fields.CharField(unique=True, max_length=16)),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "receive_tokens",
                    "app": "models",
                    "pk_attr": "wallet_id",
                    "table_description": "The random word that a wallet's receive codes carry; another one makes them all void.",
                },
                bases=["Model"],
            ),
            sql=("0004_receive_codes.sql",),
        )
    ]

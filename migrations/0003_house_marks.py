"""The house's mark: which mode a database belongs to."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.schema_operation import Schema


class Migration(migrations.Migration):
    dependencies = [("models", "0002_chain")]

    initial = False

    operations = [
        Schema(
            ops.CreateModel(
                name="HouseMark",
                fields=[
                    (
                        "id",
                        fields.SmallIntField(
                            primary_key=True, generated=False, unique=True, db_index=True
                        ),
                    ),
                    ("mode", fields.CharField(max_length=8)),
                    ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "house_marks",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "The mode (demo, test or live) of the servers that may use this database; there is one row.",
                },
                bases=["Model"],
            ),
            sql=("0003_house_marks.sql",),
        )
    ]

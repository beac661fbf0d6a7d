"""Confirmations are read, and their PINs tried, in one round trip."""

from tortoise import migrations

from models.schema_operation import Schema


class Migration(migrations.Migration):
    dependencies = [("models", "0004_receive_codes")]

    initial = False

    operations = [Schema(sql=("0005_confirmations.sql",))]

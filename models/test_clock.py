"""The clock of a test server: one row, from the first time that it was moved."""

from __future__ import annotations

from tortoise import fields

from models.rows import Model


class TestClock(Model):
    """How far the time of a test server is ahead of the real one; `ahead_seconds` only grows."""

    name = fields.CharField(max_length=8, primary_key=True)
    ahead_seconds: int = fields.BigIntField()

    class Meta:
        table = "test_clock"

"""What every model is: Tortoise's, without what Tortoise would look for in its source."""

from __future__ import annotations

from typing import Any

from tortoise import models


class _Unread(models.ModelMeta):
    """Tortoise parses the file of each model for comments to describe its columns by.

    Nobody reads those here, and with eighty models they are a quarter of a second of every start.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> models.ModelMeta:
        return super().__new__(cls, name, bases, {**attrs, "_no_comments": True})


class Model(models.Model, metaclass=_Unread):
    """A row of a table; named as Tortoise's, since migrations write down each base by its name."""

    class Meta:
        abstract = True

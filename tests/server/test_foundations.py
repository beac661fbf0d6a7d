"""What a process knows of the uPay it belongs to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from server import foundations, keys
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.settings import Settings


@pytest.fixture
def urls(postgres: EmbeddedPostgres) -> Iterator[DatabaseUrls]:
    """A database of the test's own, outside of any loop: a command begins where none runs."""
    name = f"test_{uuid4().hex}"
    asyncio.run(_told(postgres, f"CREATE DATABASE {name} TEMPLATE upay STRATEGY file_copy"))
    yield postgres.database_urls(name)
    asyncio.run(_told(postgres, f"DROP DATABASE {name} WITH (FORCE)"))


async def _told(postgres: EmbeddedPostgres, statement: str) -> None:
    owner = await asyncpg.connect(postgres.database_urls("postgres").owner)
    await owner.execute(statement)
    await owner.close()


def test_a_process_that_only_works_knows_the_provider_that_the_operator_names(
    urls: DatabaseUrls, tmp_path: Path
) -> None:
    settings = Settings.read(
        {
            "UPAY_MODE": "test",
            "UPAY_DATA": str(tmp_path),
            "UPAY_SECRET_KEYS": keys.new("test-").text,
            "UPAY_DATABASE_URL": urls.application,
            "UPAY_DATABASE_OWNER_URL": urls.owner,
            "UPAY_PROVIDER_URL": "http://127.0.0.1:1",
            "UPAY_PROVIDER_SECRET": "hush",
        }
    )

    with foundations.borrowed(settings) as base:
        assert base.provider is not None
        assert (base.provider.url, base.provider.secret) == ("http://127.0.0.1:1", "hush")

"""Looks whether everything a server needs is as it should be; changes nothing it finds wrong."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

from channels.couriers import NotCarried
from domain import chain
from models.database import connected
from models.people import Pin
from realtime.bus import BusUnreachable
from realtime.redis_bus import RedisBus
from server import (
    data_folders,
    databases,
    foundations,
    house_marks,
    migrating,
    posts,
    risk_files,
    signals,
    simulators,
)
from server.data_folders import Home
from server.embedded.postgres import DatabaseUrls
from server.embedded.refusals import EmbeddedPostgresRefused
from server.migrating import DatabaseIsNewer
from server.refusals import Refused
from server.settings import Mode, Settings

LEAST_PYTHON: Final = (3, 11)
INSERT_ONLY: Final = (
    *("postings", "entries", "audit_records", "provider_messages"),
    *("chain_links", "chain_anchors", "house_marks"),
)
PATIENCE_SECONDS: Final = 3.0
UNSEALED_SECONDS: Final = 10.0

# Without these there is nothing further to look at.
_NEEDED: Final = {"database", "tables"}
_NO: Final = (Refused, EmbeddedPostgresRefused, DatabaseIsNewer, BusUnreachable)


@dataclass(frozen=True)
class Finding:
    """One thing looked at; what is wrong comes with its remedy."""

    subject: str
    is_right: bool
    sentence: str


def examine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Looks at one thing after the other, as far as the ones before it allow."""
    yield _looked("Python", _python)
    try:
        settings = Settings.read(environ)
    except Refused as refused:
        yield Finding("settings", False, str(refused))
        return
    yield Finding("settings", True, f"a {settings.mode} server on {settings.host}:{settings.port}")
    yield _waited("Redis", lambda: _redis(settings))
    yield _waited("provider", lambda: _provider(settings))
    yield _looked("risk", lambda: risk_files.said(risk_files.read(settings)))
    yield _waited("letters", lambda: _letters(settings))
    yield from _stored(settings)


def _stored(settings: Settings) -> Iterator[Finding]:
    """What is kept: the data folder, and the database in it or elsewhere."""
    try:
        folder = data_folders.embedded(settings)
        if folder is not None and not folder.exists():
            yield Finding("data", True, f"{folder} is not there yet; the first start makes it")
            return
        with foundations.reached(settings) as (home, urls):
            yield Finding("data", True, str(home.folder or "nothing is kept beside the database"))
            yield from _in_the_database(settings, home, urls)
    except _NO as refused:
        yield Finding("data", False, str(refused))


def _in_the_database(settings: Settings, home: Home, urls: DatabaseUrls) -> Iterator[Finding]:
    looks: dict[str, Callable[[], Coroutine[Any, Any, str]]] = {
        "database": lambda: _database(urls),
        "tables": lambda: _tables(urls),
        "mode": lambda: house_marks.look(urls.owner, settings.mode),
        "rights": lambda: _rights(urls),
        "keys": lambda: _keys(home, urls),
        "chain": lambda: _chain(urls),
    }
    for subject, look in looks.items():
        finding = _waited(subject, look)
        yield finding
        if subject in _NEEDED and not finding.is_right:
            return


def _looked(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except _NO as refused:
        return Finding(subject, False, str(refused))


def _waited(subject: str, look: Callable[[], Coroutine[Any, Any, str]]) -> Finding:
    return _looked(subject, lambda: signals.run(lambda _: look()))


def _python() -> str:
    if sys.version_info < LEAST_PYTHON:
        raise Refused(f"This is Python {platform.python_version()}: uPay needs 3.11 or newer.")
    return platform.python_version()


async def _redis(settings: Settings) -> str:
    if settings.redis_url is None:
        return "not set; one process needs none"
    async with RedisBus(settings.redis_url):
        return "answers"


async def _provider(settings: Settings) -> str:
    if settings.provider_url is None:
        return "not set; demo and test servers run a simulator"
    if settings.mode is Mode.LIVE:
        await simulators.refuse_at(settings.provider_url)
    parts = urlsplit(settings.provider_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError) as error:
        raise Refused(
            f"{parts.hostname}:{port} does not answer: correct UPAY_PROVIDER_URL, or ask the "
            "provider."
        ) from error
    writer.close()
    return f"{parts.hostname}:{port} answers"


async def _letters(settings: Settings) -> str:
    mail = posts.mail(settings)
    if mail is None:
        if settings.mode is Mode.LIVE:
            return "nobody carries them; they wait until UPAY_SMTP_URL is set"
        return "kept in the tray at /dev/mail"
    try:
        await mail.look()
    except NotCarried as error:
        raise Refused(
            f"The mail server does not let uPay in ({str(error).rstrip('.')}): correct "
            "UPAY_SMTP_URL, or ask whoever runs it."
        ) from error
    return f"the mail server lets uPay in; text messages {_way_of_sms(settings)}"


def _way_of_sms(settings: Settings) -> str:
    if settings.sms_url is None:
        return "are kept in the tray" if settings.mode is not Mode.LIVE else "are not sent"
    return "go to a gateway" if settings.sms_url.startswith("http") else "stay on this machine"


async def _database(urls: DatabaseUrls) -> str:
    await databases.answering(urls.owner, patience_seconds=PATIENCE_SECONDS)
    await databases.answering(urls.application, patience_seconds=PATIENCE_SECONDS)
    return f"PostgreSQL answers at {databases.place(urls.application)}"


async def _tables(urls: DatabaseUrls) -> str:
    missing = await migrating.missing_migrations(urls.owner)
    if missing:
        raise Refused(
            f"The database lacks {', '.join(missing)}: `python -m server migrate` applies them, "
            "and so does the next start."
        )
    return "as this uPay needs them"


async def _rights(urls: DatabaseUrls) -> str:
    role = databases.role(urls.application)
    connection = await asyncpg.connect(urls.application)
    try:
        changeable = await connection.fetch(
            """
            SELECT name FROM unnest($1::text[]) name
            WHERE has_table_privilege(name, 'UPDATE') OR has_table_privilege(name, 'DELETE')
            """,
            list(INSERT_ONLY),
        )
    finally:
        await connection.close()
    if changeable:
        raise Refused(
            f"The role {role} may change {', '.join(row['name'] for row in changeable)}: give uPay "
            "a role that owns nothing in UPAY_DATABASE_URL, the owner in UPAY_DATABASE_OWNER_URL, "
            "and run `python -m server migrate`."
        )
    return f"{role} can only add to the journal and the audit"


async def _keys(home: Home, urls: DatabaseUrls) -> str:
    async with connected(urls.application, pool_size=1):
        used = await Pin.all().distinct().values_list("key_id", flat=True)
    lost = sorted(set(map(str, used)) - {key.id for key in home.keys})
    if lost:
        raise Refused(
            f"PINs are kept with the key {lost[0]}, which is not among the secret keys: bring it "
            "back, or those people must choose a PIN anew."
        )
    return ", ".join(key.id for key in home.keys)


async def _chain(urls: DatabaseUrls) -> str:
    async with connected(urls.application, pool_size=1):
        seconds = await chain.lag()
    if seconds > UNSEALED_SECONDS:
        raise Refused(
            f"What was recorded {seconds:.0f} seconds ago is not sealed yet: start uPay, and if it "
            "runs look in its log for what keeps the sealer."
        )
    return "everything that was recorded is sealed"

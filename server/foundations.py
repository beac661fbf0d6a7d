"""What one uPay has once, however many processes answer: its database, its keys, its provider."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from domain import chart
from domain.limits import policies
from domain.limits.policies import Policy
from models.database import connected
from server import (
    data_folders,
    databases,
    house_marks,
    key_checks,
    limit_policies,
    migrating,
    password_policies,
    risk_files,
    signals,
    simulators,
    sockets,
)
from server.data_folders import Home
from server.embedded.postgres import DatabaseUrls
from server.keys import SecretKey
from server.risk_files import RiskFiles
from server.scrapes import Window
from server.settings import Mode, Settings
from server.simulators import ProviderAddress

CALLBACK_PATH: Final = "/providers/callback"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Foundations:
    """What a process needs to know to take part; it goes to other processes as it is.

    `public_url` is where people reach uPay: the only origin that links in letters name.
    """

    settings: Settings
    folder: Path | None
    keys: tuple[SecretKey, ...] = field(repr=False)
    database_url: str = field(repr=False)
    public_url: str
    provider: ProviderAddress | None = None
    window: Window | None = None
    risk: RiskFiles = field(default_factory=RiskFiles)


@contextmanager
def laid(settings: Settings, *, address: str) -> Iterator[Foundations]:
    """A server's: the database runs and is migrated, and so does the provider's simulator.

    `address` is where uPay can be reached from this machine. Called where no loop runs.

    Raises:
        Refused, EmbeddedPostgresRefused, DatabaseIsNewer: with what to do about it.
    """
    policy = limit_policies.read(settings)
    judges = risk_files.read(settings)
    password_policies.refuse_unusable(settings)
    home = data_folders.entered(settings)
    if settings.mode is Mode.LIVE and settings.provider_url is not None:
        provider_url = settings.provider_url
        signals.run(lambda _: simulators.refuse_at(provider_url))
    with (
        databases.opened(settings, home.folder) as urls,
        _provider(settings, home, address) as provider,
    ):
        signals.run(lambda _: prepare_for(settings.mode, urls))
        signals.run(lambda _: install(policy, urls))
        signals.run(lambda _: key_checks.refuse_lost(home.keys, urls.application))
        yield Foundations(
            settings,
            home.folder,
            home.keys,
            urls.application,
            settings.public_url or sockets.friendly(address),
            provider(),
            risk=judges,
        )


@contextmanager
def borrowed(settings: Settings) -> Iterator[Foundations]:
    """A command's: the database of the uPay that is running, else one run just for this.

    Raises:
        Refused, EmbeddedPostgresRefused, DatabaseIsNewer: with what to do about it.
    """
    with reached(settings) as (home, urls):
        signals.run(lambda _: prepare_for(settings.mode, urls))
        yield Foundations(
            settings,
            home.folder,
            home.keys,
            urls.application,
            settings.public_url or f"http://localhost:{settings.port}",
            _named_provider(settings),
            risk=risk_files.read(settings),
        )


@contextmanager
def reached(settings: Settings) -> Iterator[tuple[Home, DatabaseUrls]]:
    """The home and the database, joined when another uPay runs it; nothing is migrated."""
    folder = data_folders.embedded(settings)
    if folder is not None and databases.is_in_use(folder):
        yield data_folders.shared(folder, settings), databases.joined(folder)
    else:
        home = data_folders.entered(settings)
        with databases.opened(settings, home.folder) as urls:
            yield home, urls


async def prepare_for(mode: Mode, urls: DatabaseUrls) -> list[str]:
    """As `prepare`; the first time, the database becomes one of this mode.

    Raises:
        Refused, DatabaseIsNewer: as well when it belongs to another mode.
    """
    applied = await prepare(urls)
    await house_marks.mark(urls.owner, mode, datetime.now(UTC))
    return applied


async def prepare(urls: DatabaseUrls) -> list[str]:
    """Waits for the database and brings it up to this code; returns the migrations applied.

    Raises:
        Refused, DatabaseIsNewer: with what to do about it.
    """
    await databases.answering(urls.owner)
    await databases.refuse_powerless(urls.owner)
    applied = await migrating.migrate(urls.owner, application=databases.granted_role(urls))
    for name in applied:
        _log.info("migrated: %s", name)
    await databases.answering(urls.application)
    async with connected(urls.application, pool_size=2):
        await chart.open_accounts(datetime.now(UTC))
    return applied


async def install(policy: Policy, urls: DatabaseUrls) -> None:
    """Makes a server's limits those of its database; commands leave them as they are."""
    async with connected(urls.application, pool_size=1):
        await policies.install(policy)


@contextmanager
def _provider(
    settings: Settings, home: Home, address: str
) -> Iterator[Callable[[], ProviderAddress | None]]:
    if settings.mode is Mode.LIVE or home.folder is None or _named_provider(settings):
        yield lambda: _named_provider(settings)
    else:
        callback = f"{address}{CALLBACK_PATH}"
        with simulators.running(home.folder, callback=callback) as provider:
            yield provider


def _named_provider(settings: Settings) -> ProviderAddress | None:
    """The provider that the operator names; None where a simulator may stand in for it."""
    if settings.provider_url and settings.provider_secret:
        return ProviderAddress("provider", settings.provider_url, settings.provider_secret)
    return None

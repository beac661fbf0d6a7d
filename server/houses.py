"""A house: one process of uPay with everything open that it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from channels.providers import HttpProvider
from domain import passkeys, risk, secrets, top_ups
from jobs.handlers import Wires
from models.database import Client, connected
from realtime import bus
from realtime.redis_bus import RedisBus
from server import keys, password_policies, posts
from server.foundations import Foundations
from server.settings import Mode, Settings
from server.simulators import ProviderAddress


@dataclass(frozen=True)
class House:
    """What is open in this process, and what it knows of the server it belongs to.

    `letters` is the folder of the tray that letters end in; None where they really leave.
    """

    settings: Settings
    database: Client
    wires: Wires
    letters: Path | None
    provider: ProviderAddress | None

    def clock(self) -> datetime:
        """What time it is; below this floor time is an argument."""
        return datetime.now(UTC)

    @property
    def livemode(self) -> bool:
        """Whether people and money are real."""
        return self.settings.mode is Mode.LIVE


@asynccontextmanager
async def opened(foundations: Foundations) -> AsyncIterator[House]:
    """Opens what one process needs, in order, and closes it in the reverse order.

    Raises:
        BusUnreachable: Redis does not answer.
    """
    settings, provider = foundations.settings, foundations.provider
    async with AsyncExitStack() as ending:
        opening = connected(
            foundations.database_url, pool_size=settings.database_pool, everywhere=True
        )
        database = await ending.enter_async_context(opening)
        ending.callback(secrets.install, None)
        secrets.install(keys.keyring(foundations.keys))
        ending.callback(passkeys.install, None)
        passkeys.install(
            passkeys.RelyingParty.at(
                foundations.public_url,
                domain=settings.passkey_domain,
                allowed_origins=settings.allowed_origins,
            )
        )
        ending.enter_context(password_policies.installed(settings))
        ending.callback(bus.install, None)
        bus.install(await ending.enter_async_context(_bus(settings)))
        ending.callback(risk.install, None)
        risk.install(foundations.risk.policy, foundations.risk.places)
        ending.callback(top_ups.install, None)
        top_ups.install(provider.name if provider else None)
        letters = posts.tray(foundations)
        wires = Wires(
            public_url=foundations.public_url,
            courier=await ending.enter_async_context(posts.opened(settings, letters)),
            provider=await ending.enter_async_context(_wire(provider)) if provider else None,
        )
        yield House(settings, database, wires, letters, provider)


def _bus(settings: Settings) -> AbstractAsyncContextManager[bus.Bus]:
    return bus.MemoryBus() if settings.redis_url is None else RedisBus(settings.redis_url)


def _wire(provider: ProviderAddress) -> HttpProvider:
    return HttpProvider(provider.name, url=provider.url, secret=provider.secret)

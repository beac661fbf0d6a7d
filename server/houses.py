"""A house: one process of uPay with everything open that it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Final

from channels.providers import HttpProvider
from channels.webhooks import Sender, resolve
from domain import passkeys, provider_orders, risk, secrets, webhooks
from jobs.handlers import Wires
from models.database import Client, connected
from realtime import bus
from server import clocks, keys, magic, password_policies, posts
from server.foundations import Foundations
from server.settings import Mode, Settings
from server.simulators import ProviderAddress

_THIS_MACHINE: Final = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


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
        return clocks.now()

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
        await ending.enter_async_context(clocks.following(settings.mode, provider))
        ending.callback(risk.install, None)
        risk.install(await _policy(foundations), foundations.risk.places)
        ending.callback(provider_orders.install, None)
        provider_orders.install(provider.name if provider else None)
        ending.callback(webhooks.install, None)
        webhooks.install(webhooks.Neighbourhood(_networks(settings), resolve))
        letters = posts.tray(foundations)
        wires = Wires(
            public_url=foundations.public_url,
            courier=await ending.enter_async_context(posts.opened(settings, letters)),
            provider=await ending.enter_async_context(_wire(provider)) if provider else None,
            sender=Sender(),
            livemode=settings.mode is Mode.LIVE,
        )
        yield House(settings, database, wires, letters, provider)


async def _policy(foundations: Foundations) -> risk.Policy:
    policy, is_test = foundations.risk.policy, foundations.settings.mode is Mode.TEST
    return await magic.ruled(policy) if is_test else policy


def _networks(settings: Settings) -> tuple[webhooks.Network, ...]:
    """Networks that webhooks may go to besides public ones: in demo and test, this machine."""
    here = () if settings.mode is Mode.LIVE else _THIS_MACHINE
    return (*map(ip_network, settings.webhook_networks), *here)


def _bus(settings: Settings) -> AbstractAsyncContextManager[bus.Bus]:
    if settings.redis_url is None:
        return bus.MemoryBus()
    from realtime.redis_bus import RedisBus  # One process needs no Redis, nor its library.

    return RedisBus(settings.redis_url)


def _wire(provider: ProviderAddress) -> HttpProvider:
    return HttpProvider(provider.name, url=provider.url, secret=provider.secret)

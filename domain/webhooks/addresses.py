"""Where webhooks may go: what their addresses look like, and whom they never reach.

Whoever may name an address that uPay calls could otherwise have it call what only uPay can reach:
its neighbours, the machine itself, the address where a cloud tells its machines their secrets.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final, Self, TypeAlias
from urllib.parse import urlsplit, urlunsplit

from domain.refusals import Refusal

URL_MAX: Final = 2_048
Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network
Resolve: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Every address of a name, in numbers; none when it has none, or nobody knew in time."""

_PUBLIC_PORTS: Final = frozenset({443, 8443})
_FIRST_FREE_PORT: Final = 1_024
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# What some programs take for a number of an IPv4 address: 127, 0177, 0x7f.
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


class WebhookUrlInvalid(Refusal):
    """No address that a webhook can be sent to: not https, with a password, on another port."""

    def __init__(self) -> None:
        super().__init__("This is no address that webhooks can be sent to.")


class WebhookUrlRefused(Refusal):
    """The address leads nowhere, or into a network that is not public; which, is not said.

    It would tell a stranger which names and machines there are around uPay.
    """

    def __init__(self) -> None:
        super().__init__("uPay sends no webhooks to this address.")


@dataclass(frozen=True, slots=True)
class Target:
    """An address in the one spelling it is kept in, taken apart; `host` is ASCII."""

    url: str
    host: str
    port: int
    is_secure: bool

    @classmethod
    def read(cls, url: str) -> Self:
        """The target that `url` names.

        Raises:
            WebhookUrlInvalid: it names none.
        """
        if len(url) > URL_MAX or not url.isprintable() or set(url) & set(" \\#"):
            raise WebhookUrlInvalid
        try:
            parts = urlsplit(url)
            is_bracketed = "[" in parts.netloc
            host, port = _host(parts.hostname or "", is_bracketed=is_bracketed), parts.port
        except ValueError:
            raise WebhookUrlInvalid from None
        is_secure = parts.scheme == "https"
        if parts.scheme not in {"http", "https"} or "@" in parts.netloc or port == 0:
            raise WebhookUrlInvalid
        if not (parts.path + parts.query).isascii():
            raise WebhookUrlInvalid
        usual = 443 if is_secure else 80
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        kept = urlunsplit((parts.scheme, place, parts.path or "/", parts.query, ""))
        if len(kept) > URL_MAX:
            raise WebhookUrlInvalid
        return cls(kept, host, port or usual, is_secure)

    @property
    def literal(self) -> Address | None:
        """The address that the host already is; None when it is a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Which networks may be called besides public ones, and who knows the addresses of names.

    In `networks` plain http and any port from 1024 are good as well: the operator knows them.
    """

    networks: tuple[Network, ...] = ()
    resolve: Resolve | None = None

    async def destinations(self, target: Target) -> list[str]:
        """Where to connect to for the target, in numbers; at least one.

        Every address of a name must be good, not one of them: which of them is connected to is
        chance. To keep what was looked at, connect to these and ask for the name no more.

        Raises:
            WebhookUrlRefused: there are none, or not all of them may be called.
        """
        found = await self._found(target)
        if not found or not all(self._may_call(each, target) for each in found):
            raise WebhookUrlRefused
        return [str(each) for each in found]

    async def _found(self, target: Target) -> list[Address]:
        literal = target.literal
        if literal is not None:
            return [_unwrapped(literal)]
        if self.resolve is None:
            return []
        try:
            found = [ipaddress.ip_address(each) for each in await self.resolve(target.host)]
        except ValueError:
            return []
        return [_unwrapped(each) for each in found]

    def _may_call(self, address: Address, target: Target) -> bool:
        if any(address in network for network in self.networks):
            return target.port in {80, 443} or target.port >= _FIRST_FREE_PORT
        return target.is_secure and target.port in _PUBLIC_PORTS and is_public(address)


_neighbourhood = Neighbourhood()


def install(neighbourhood: Neighbourhood | None) -> None:
    """Makes this the neighbourhood of the process; None lets it call public addresses only."""
    global _neighbourhood
    _neighbourhood = neighbourhood or Neighbourhood()


async def destinations(url: str) -> list[str]:
    """Where to connect to for a webhook's url, in numbers, by the neighbourhood of this process.

    Raises:
        WebhookUrlInvalid, WebhookUrlRefused: nowhere.
    """
    return await _neighbourhood.destinations(Target.read(url))


# Everything else of IPv6 is not handed out, or is an IPv4 address in disguise.
_GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")
_NEVER: Final = tuple(
    map(
        ipaddress.ip_network,
        (
            *("192.88.99.0/24", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4"),
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)


def is_public(address: Address) -> bool:
    """Whether it is a machine's own on the public internet, reached there and only there."""
    if address.version == 6 and address not in _GLOBAL_V6:
        return False
    if any(address in network for network in _NEVER if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast


def _unwrapped(address: Address) -> Address:
    """An IPv4 address that is written as an IPv6 one, as what it is."""
    return getattr(address, "ipv4_mapped", None) or address


def _host(text: str, *, is_bracketed: bool) -> str:
    """The host in ASCII and small letters; a ValueError when it is none."""
    if "%" in text:
        raise ValueError("an address of one machine's own network")
    if is_bracketed:
        return str(IPv6Address(text))
    with suppress(ValueError):
        return str(IPv4Address(text))
    name = text.encode("idna").decode("ascii").lower().removesuffix(".")
    labels = name.split(".")
    is_name = len(name) <= 253 and all(map(_LABEL.fullmatch, labels))
    # A name of one word would be looked for in the operator's own network.
    is_whole = len(labels) > 1 or name == "localhost"
    if not is_name or not is_whole or _NUMBER.fullmatch(labels[-1]):
        raise ValueError("no host")
    return name

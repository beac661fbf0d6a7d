"""Where a network address is, as far as the operator's list says."""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

PLACE_MAX: Final = 16
_NETWORKS_MAX: Final = 2_000_000
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class PlacesInvalid(ValueError):
    """A line of the list is not a network and a place."""


@dataclass(frozen=True, slots=True)
class Places:
    """Networks by version and prefix length; a look-up tries the longest prefix first."""

    networks: Mapping[tuple[int, int], Mapping[int, str]] = field(default_factory=dict)

    def of(self, address: str) -> str | None:
        """The place of the smallest network that holds the address; None where there is none."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return None
        mapped = getattr(found, "ipv4_mapped", None)
        found = mapped or found
        for (version, length), places in self.networks.items():
            if version == found.version:
                place = places.get(int(found) >> (found.max_prefixlen - length))
                if place is not None:
                    return place
        return None


NOWHERE: Final = Places()


def parsed(lines: Iterable[str]) -> Places:
    """The places in lines of `network,place`, such as `203.0.113.0/24,CN-SH`; # begins a comment.

    Raises:
        PlacesInvalid: a line says something else, or there are too many.
    """
    found: dict[tuple[int, int], dict[int, str]] = {}
    told = (line for line in lines if line.strip() and not line.lstrip().startswith("#"))
    for number, row in enumerate(csv.reader(told, strict=True), 1):
        if number > _NETWORKS_MAX:
            raise PlacesInvalid(f"there are more than {_NETWORKS_MAX} networks")
        network, place = _line(row)
        prefix = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        found.setdefault((network.version, network.prefixlen), {})[prefix] = place
    return Places(dict(sorted(found.items(), key=lambda each: -each[0][1])))


def _line(row: list[str]) -> tuple[_Network, str]:
    try:
        network, place = (word.strip() for word in row)
        if not 0 < len(place) <= PLACE_MAX or not place.isprintable():
            raise PlacesInvalid(f"{place!r} must be a place of 1 to {PLACE_MAX} characters")
        return ipaddress.ip_network(network), place
    except ValueError as error:
        if isinstance(error, PlacesInvalid):
            raise
        raise PlacesInvalid(f"{','.join(row)!r} must be network,place ({error})") from None

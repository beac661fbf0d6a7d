"""What uPay tells the person who started it."""

from __future__ import annotations

from server.foundations import Foundations
from server.seeding import FILE as PEOPLE_FILE
from server.settings import Mode, Settings

_HOSTS_OF_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def ready(foundations: Foundations, address: str) -> None:
    """Says where everything is, once callers are let in."""
    settings = foundations.settings
    print(f"uPay answers ({settings.mode}). Ctrl-C stops it.")
    for name, value in _places(foundations, address):
        print(f"  {name:<9}{value}")
    if settings.mode is Mode.DEMO and settings.host not in _HOSTS_OF_THIS_MACHINE:
        print("Other machines can reach this demo, and its passwords are known to everybody.")
    print(end="", flush=True)


def _places(foundations: Foundations, address: str) -> list[tuple[str, str]]:
    settings = foundations.settings
    places = [
        ("API", f"{address}/graphql"),
        ("desk", f"{address}/desk/graphql"),
    ]
    if settings.mode is not Mode.LIVE:
        places.append(("mail", f"{address}/dev/mail"))
    if foundations.folder is not None:
        places.append(("data", str(foundations.folder)))
    if settings.mode is Mode.DEMO and foundations.folder is not None:
        places.append(("people", f"{foundations.folder / PEOPLE_FILE}"))
    places.append(("Redis", _redis(settings)))
    return places


def _redis(settings: Settings) -> str:
    if settings.redis_url is None:
        return "none: one process, which hears itself"
    if settings.workers == 1:
        return "all servers that share it hear each other"
    return f"{settings.workers} processes hear each other"

"""How each kind of setting is read from its text; a ValueError says what it must be."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from email.headerregistry import Address
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

Word = TypeVar("Word", bound=str)

# Wider than any network that is somebody's own.
_NARROWEST: Final = {4: 8, 6: 7}
_HOST: Final = re.compile(r"[A-Za-z0-9:._%-]+")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def text(value: str) -> str:
    return value


def whole(least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number within bounds."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            raise ValueError(f"it must be a whole number from {least} to {most}")
        return int(value)

    return read


def one_of(words: Iterable[Word]) -> Callable[[str], Word]:
    """Reads one of a few words."""
    known = {str(word): word for word in words}

    def read(value: str) -> Word:
        if value not in known:
            raise ValueError(f"it must be one of {', '.join(known)}")
        return known[value]

    return read


def host(value: str) -> str:
    if not _HOST.fullmatch(value):
        raise ValueError("it must be a name or an address, such as 127.0.0.1 or 0.0.0.0")
    return value


def domain(value: str) -> str:
    labels = value.split(".")
    if len(value) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise ValueError("it must be a domain in small letters, such as pay.example")
    return value


def address(value: str) -> tuple[str, int]:
    """Reads host:port, an IPv6 address in brackets."""
    parts = urlsplit(f"//{value}")
    is_whole = parts.hostname and _has_sane_port(f"//{value}") and parts.netloc == value
    if not is_whole or "@" in value or parts.hostname is None or parts.port is None:
        raise ValueError("it must be host:port, such as 127.0.0.1:9464")
    return host(parts.hostname), parts.port


def folder(value: str) -> Path:
    return Path(value).expanduser()


def file(value: str) -> Path:
    return Path(value).expanduser()


def database_url(value: str) -> str:
    parts = urlsplit(value)
    is_postgres = parts.scheme in {"postgres", "postgresql"}
    if not (is_postgres and parts.hostname and parts.path.strip("/") and _has_sane_port(value)):
        raise ValueError("it must be postgres://user:password@host:port/database")
    if parts.query or parts.fragment:
        # They would be passed over in silence, and sslmode is nothing to be silent about.
        raise ValueError(
            "it must end with the name of the database; for TLS set PGSSLMODE and PGSSLROOTCERT"
        )
    return value


def redis_url(value: str) -> str:
    parts = urlsplit(value)
    is_reachable = parts.path if parts.scheme == "unix" else parts.hostname
    if parts.scheme not in {"redis", "rediss", "unix"} or not is_reachable:
        raise ValueError("it must be redis://[user:password@]host:port/number")
    return value


def web_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _has_sane_port(value):
        raise ValueError("it must be http://host[:port][/path] or https://…")
    return value.rstrip("/")


def origin(value: str) -> str:
    return _origin(value.rstrip("/"), "it")


def smtp_url(value: str) -> str:
    parts = urlsplit(value)
    is_bare = not (parts.path.strip("/") or parts.query or parts.fragment)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or not is_bare:
        raise ValueError("it must be smtp://[user:password@]host[:port] or smtps://…")
    if not _has_sane_port(value) or bool(parts.username) != bool(parts.password):
        raise ValueError("it must be smtp://[user:password@]host[:port] or smtps://…")
    return value


def mailbox(value: str) -> str:
    """Reads a sender: an address alone, or a name and the address in angle brackets."""
    name, bracket, rest = value.partition("<")
    spec = rest.removesuffix(">") if bracket else value
    try:
        sender = Address(display_name=name.strip(), addr_spec=spec.strip())
    except (ValueError, IndexError):
        raise ValueError("it must be an address, such as uPay <letters@pay.example>") from None
    if "." not in sender.domain or not value.isprintable():
        raise ValueError("it must be an address, such as uPay <letters@pay.example>")
    return str(sender)


def sms_url(value: str) -> str:
    parts = urlsplit(value)
    is_place = parts.scheme == "file" and parts.path.startswith("/") and not parts.netloc
    if value == "console:" or is_place:
        return value
    is_safe = parts.scheme == "https" or is_this_machine(value)
    is_bare = parts.hostname and "@" not in parts.netloc and _has_sane_port(value)
    if parts.scheme in {"http", "https"} and is_bare and is_safe:
        return value
    raise ValueError("it must be https://…, file:/path or console:")


def is_this_machine(url: str) -> bool:
    """Whether a URL names this machine itself, so that nobody is on the way."""
    return urlsplit(url).hostname in {"localhost", "127.0.0.1", "::1"}


def origins(value: str) -> tuple[str, ...]:
    return tuple(_origin(part) for part in _parts(value))


def proxies(value: str) -> tuple[str, ...]:
    for part in _parts(value):
        try:
            network = ipaddress.ip_network(part)
        except ValueError:
            # A star would let every caller forge the address it comes from.
            raise ValueError(
                f"{part!r} in it must be an address or a network, such as 10.0.0.0/8"
            ) from None
        if network.prefixlen < _NARROWEST[network.version]:
            raise ValueError(
                f"{part!r} in it would let everybody forge the address they come from; name the "
                "proxies, such as 10.0.0.0/8"
            )
    return _parts(value)


def networks(value: str) -> tuple[str, ...]:
    for part in _parts(value):
        try:
            ipaddress.ip_network(part)
        except ValueError:
            raise ValueError(f"{part!r} in it must be a network, such as 10.1.2.0/24") from None
    return _parts(value)


def _origin(part: str, what: str | None = None) -> str:
    parts = urlsplit(part)
    if (
        parts.scheme not in {"http", "https"}
        or part != f"{parts.scheme}://{parts.netloc}"
        or not parts.hostname
        or "@" in parts.netloc
        or "*" in parts.netloc
    ):
        where = what or f"{part!r} in it"
        raise ValueError(f"{where} must be an origin, such as https://shop.example")
    return part


def _parts(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _has_sane_port(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False

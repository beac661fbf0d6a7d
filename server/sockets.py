"""The address uPay listens on, taken before anything else is started."""

from __future__ import annotations

import errno
import socket
from typing import Final

from server.refusals import Refused
from server.settings import Settings

BACKLOG: Final = 2048

_EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not listened on here.


def taken(settings: Settings) -> socket.socket:
    """The address of these settings, ours from here on; nobody is let in before `open_to_all`.

    Raises:
        Refused: somebody else has it, or this machine has no such address.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _refused(settings, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise _refused(settings, error) from error
    return listener


def open_to_all(listener: socket.socket, settings: Settings) -> None:
    """Lets callers in; whoever came earlier was turned away.

    Raises:
        Refused: another uPay that was starting at the same time was faster.
    """
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        raise _refused(settings, error) from error


def address(listener: socket.socket) -> str:
    """Where a program on this machine reaches it, such as http://127.0.0.1:8000."""
    host, port = listener.getsockname()[:2]
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def friendly(address: str) -> str:
    """The same address as a person types it."""
    return address.replace("//127.0.0.1:", "//localhost:").replace("//[::1]:", "//localhost:")


def _refused(settings: Settings, error: OSError) -> Refused:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return Refused(
            f"Port {settings.port} is taken on {settings.host}: stop what listens there, or set "
            "UPAY_PORT to another port."
        )
    if error.errno == errno.EACCES:
        return Refused(f"Only root may listen on {where}: set UPAY_PORT to 1024 or more.")
    return Refused(
        f"uPay cannot listen on {where} ({error.strerror}): set UPAY_HOST to an address of this "
        "machine."
    )

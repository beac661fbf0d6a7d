"""The explorer's own files, read once and served from memory: no path can lead out of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent / "static"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True)
class Asset:
    """One file; its tag changes when its bytes do."""

    content: bytes
    content_type: str
    tag: str


@cache
def all_of_them(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """Every file of a folder, the explorer's own unless another is named, by its name."""
    return MappingProxyType(
        {path.name: _read(path) for path in folder.iterdir() if path.suffix in _TYPES}
    )


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _TYPES[path.suffix], f'"{sha256(content).hexdigest()[:20]}"')

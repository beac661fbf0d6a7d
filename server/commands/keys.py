"""The server's secret keys."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from server import keys


def run(_: Namespace, __: Mapping[str, str]) -> int:
    print(keys.new().text)
    return 0

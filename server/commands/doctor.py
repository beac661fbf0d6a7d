"""Looks whether everything is as it should be, a line for each thing."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from server import doctor, logs


def run(_: Namespace, environ: Mapping[str, str]) -> int:
    logs.begin("warning")
    is_well = True
    for finding in doctor.examine(environ):
        is_well = is_well and finding.is_right
        print(
            f"{'ok' if finding.is_right else 'NOT OK':<7} {finding.subject:<9} {finding.sentence}"
        )
    return 0 if is_well else 1

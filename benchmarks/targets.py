"""What uPay wants to be beside the others, as ratios, and whether it is today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks import tables
from benchmarks.rounds import Measured
from benchmarks.tables import OURS
from benchmarks.transfers import COLD, ORDINARY, POSTGRAPHILE

ByName = Mapping[str, Measured]
Found = Mapping[str, Mapping[int, ByName]]
"""The medians of each case by how many asked at once; what was not measured is not there."""


@dataclass(frozen=True)
class _Target:
    words: str
    reached: float
    wanted: float
    is_at_most: bool = False

    @property
    def is_met(self) -> bool:
        if self.is_at_most:
            return self.reached <= self.wanted
        return self.reached >= self.wanted

    @property
    def row(self) -> tuple[str, str, str, str]:
        sign = "≤" if self.is_at_most else "≥"
        return (
            self.words,
            f"{sign} {self.wanted:.2f}",
            f"{self.reached:.2f}",
            "yes" if self.is_met else "no",
        )


def table(found: Found) -> str:
    """One row for each target of which everything needed was measured; the busiest case counts."""
    busiest = {case: rows[max(rows)] for case, rows in found.items()}
    targets = [
        *_of_transfers(busiest.get("transfers", {})),
        *_of_one_merchant(busiest.get("hot", {})),
        *_of_history(busiest.get("history", {})),
    ]
    return tables.markdown(("what", "wanted", "measured", "met"), [each.row for each in targets])


def _of_transfers(by_name: ByName) -> list[_Target]:
    targets = []
    if POSTGRAPHILE in by_name:
        cpu = by_name[OURS].cpu_us / by_name[POSTGRAPHILE].cpu_us
        words = "CPU of a confirmed transfer, of PostGraphile's for the posting alone"
        targets.append(_Target(words, cpu, 2 / 3, is_at_most=True))
    if ORDINARY in by_name:
        rate = by_name[OURS].rate / by_name[ORDINARY].rate
        targets.append(_Target("confirmed transfers a second, of the ordinary way's", rate, 5))
    return targets


def _of_one_merchant(by_name: ByName) -> list[_Target]:
    if COLD not in by_name:
        return []
    rate = by_name[OURS].rate / by_name[COLD].rate
    return [_Target("transfers a second to one merchant, of those between any two", rate, 0.8)]


def _of_history(by_name: ByName) -> list[_Target]:
    if not by_name:
        return []
    short, *long = by_name.values()
    growth = max(one.cpu_us for one in long) / short.cpu_us
    words = "CPU of a page of the longest history, of the shortest's"
    return [_Target(words, growth, 1.25, is_at_most=True)]

"""Where uPay's processor time goes: `python -m benchmarks.sampling FILE serve`.

The server as `python -m server` runs it, looked at after every four milliseconds of its own
processor time. cProfile would multiply the cost of small functions and of none of the large ones.
"""

from __future__ import annotations

import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final

EVERY_SECONDS: Final = 0.004
_OWN_TOP, _WITHIN_TOP = 25, 90
_ROOT: Final = f"{Path(__file__).parents[1]}/"
_SITE: Final = "site-packages/"


class Samples:
    """What was running each time somebody looked."""

    def __init__(self) -> None:
        self.own: Counter[str] = Counter()
        self.within: Counter[str] = Counter()
        self.packages: Counter[str] = Counter()

    def look(self, _: int, frame: FrameType | None) -> None:
        names = [_name(each) for each in _outwards(frame)]
        # The start is not what is measured.
        if not names or any("importlib" in name for name in names):
            return
        self.own[names[0]] += 1
        self.within.update(set(names))
        self.packages[_package(names)] += 1

    def write(self, file: Path) -> None:
        count = max(1, self.own.total())
        parts = [
            f"{count} samples of {EVERY_SECONDS * 1000:.0f} ms of processor time each.",
            _table(
                "own time by package, standard library counted to its caller", self.packages, 30
            ),
            _table("own time", self.own, _OWN_TOP),
            _table("time within, callees included", self.within, _WITHIN_TOP),
        ]
        file.write_text("\n\n".join(parts) + "\n")


def main() -> None:
    file, samples = Path(sys.argv.pop(1)), Samples()
    from server.__main__ import main as serve

    signal.signal(signal.SIGPROF, samples.look)
    signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
    try:
        serve()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        samples.write(file)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _name(frame: FrameType) -> str:
    code = frame.f_code
    file = code.co_filename
    short = file.partition(_SITE)[2] or file.removeprefix(_ROOT)
    return f"{short}:{code.co_qualname}"


def _package(names: list[str]) -> str:
    """The innermost package that is not Python's own."""
    for name in names:
        if not name.startswith(("/", "<")):
            return name.partition(":")[0].partition("/")[0]
    return "Python"


def _table(title: str, counter: Counter[str], top: int) -> str:
    count = max(1, counter.total() if title.startswith("own") else counter.most_common(1)[0][1])
    lines = [f"{seen / count:6.1%}  {name}" for name, seen in counter.most_common(top)]
    return "\n".join([f"{title[0].upper()}{title[1:]}:", *lines])


if __name__ == "__main__":
    main()

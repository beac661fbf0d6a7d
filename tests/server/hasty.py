"""uPay with a beat of a second: `python -m tests.server.hasty serve`."""

from __future__ import annotations

import sys

from domain import streams
from server.__main__ import main

# The real fifteen seconds would only be waited for.
streams.BEAT_SECONDS = 1  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(main())

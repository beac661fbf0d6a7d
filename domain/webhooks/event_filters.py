"""Which events an endpoint is told of: patterns such as payment.*, or * for everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from domain.merchant_events import EventType
from domain.refusals import Refusal

PATTERNS_MAX: Final = 32
_FIRST_WORDS: Final = frozenset(each.partition(".")[0] for each in EventType)
KNOWN: Final = frozenset({"*", *EventType, *(f"{word}.*" for word in _FIRST_WORDS)})


class WebhookEventsInvalid(Refusal):
    """No pattern at all, too many, or one that no event fits."""

    def __init__(self) -> None:
        super().__init__("These are no events that webhooks tell of.")


def checked(patterns: Sequence[str]) -> list[str]:
    """The patterns, each once.

    Raises:
        WebhookEventsInvalid: they cannot be used.
    """
    if not 1 <= len(patterns) <= PATTERNS_MAX or not KNOWN.issuperset(patterns):
        raise WebhookEventsInvalid
    return list(dict.fromkeys(patterns))


def fits(type: str, patterns: Sequence[str]) -> bool:
    """Whether an event of this type is among those of the patterns."""
    return not {"*", type, f"{type.partition('.')[0]}.*"}.isdisjoint(patterns)

"""What a server is for."""

from enum import StrEnum


class Mode(StrEnum):
    """People, keys and money of one mode are never those of another."""

    DEMO = "demo"  # a seeded town to look around in; nothing is real
    TEST = "test"  # a developer's sandbox; nothing is real
    LIVE = "live"

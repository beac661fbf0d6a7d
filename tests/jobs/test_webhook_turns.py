"""A slow endpoint waits for itself, and nobody else waits for it."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

from jobs.webhook_turns import AT_ONCE, FIRST_GUESS_SECONDS, LONGEST_WAIT, Turns
from models.ids import new_id
from tests.moments import NOON

SLOW, QUICK = new_id(), new_id()


def busy(turns: Turns) -> ExitStack:
    """All the room that the slow endpoint has is taken until the stack is closed."""
    stack = ExitStack()
    for _ in range(AT_ONCE):
        assert turns.wait_until(SLOW, NOON) is None
        stack.enter_context(turns.taken(SLOW))
    return stack


def test_there_is_room_for_a_few_at_a_time_at_each_endpoint() -> None:
    turns = Turns()

    with busy(turns):
        assert turns.wait_until(SLOW, NOON) is not None
        assert turns.wait_until(QUICK, NOON) is None

    assert turns.wait_until(SLOW, NOON) is None


def test_those_who_wait_come_back_one_after_another_at_the_endpoints_own_pace() -> None:
    turns = Turns()
    with busy(turns):
        guessed = turns.wait_until(SLOW, NOON)
        turns.took(SLOW, 8.0)
        times = [turns.wait_until(SLOW, NOON) for _ in range(3)]

    first = NOON + timedelta(seconds=FIRST_GUESS_SECONDS / AT_ONCE)
    apart = timedelta(seconds=8.0 / AT_ONCE)
    assert guessed == first
    assert times == [first + apart, first + 2 * apart, first + 3 * apart]


def test_nobody_waits_longer_than_a_few_minutes_before_it_is_looked_at_again() -> None:
    turns = Turns()
    with busy(turns):
        turns.took(SLOW, 10.0)
        times = [turns.wait_until(SLOW, NOON) for _ in range(1_000)]

    assert times[-1] == NOON + LONGEST_WAIT


def test_of_an_endpoint_with_nothing_under_way_nothing_is_remembered() -> None:
    turns = Turns()
    with busy(turns):
        turns.took(SLOW, 10.0)
        turns.wait_until(SLOW, NOON)

    assert (turns._seconds, turns._given_until, dict(turns._under_way)) == ({}, {}, {})

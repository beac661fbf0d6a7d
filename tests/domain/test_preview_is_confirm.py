"""What is shown is what happens: preparing says before a confirmation what it would say after."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain import provider_orders
from domain.preparing import Shown
from domain.refusals import Refusal
from models.movements import Movement, MovementStatus
from models.quotes import Quote
from models.sessions import Audience
from models.wallets import Account
from schema import catalogue
from schema.problems.base import named
from schema.texts import Language
from server import api
from server.embedded.postgres import DatabaseUrls
from tests.domain import books, errands
from tests.domain.errands import Errand, World
from tests.domain.payers_turns import Turn
from tests.domain.turns import KEPT, NAMED_OTHERWISE, TURNS

assert api, "whatever refuses has a code once the schema is there"

Said = tuple[str | None, int]
"""The code of a no, and by how much something is short; None for a yes."""

YES: Said = (None, 0)


@pytest.mark.slow
@pytest.mark.parametrize("errand", list(Errand))
@settings(
    max_examples=2,
    deadline=None,
    derandomize=True,
    # Each try goes on in the database of the one before: making one small would find another.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(number=st.integers(0, 2**32))
async def test_a_confirmation_says_what_a_look_at_that_moment_would(
    database: DatabaseUrls, errand: Errand, number: int
) -> None:
    """Each time one thing happens in between, in a world of which preparing said yes."""
    del database
    dice = random.Random(number)
    for turn in TURNS[errand]:
        world = await errands.begun(errand, dice)
        shown = await world.prepares()
        await turn(world, dice)
        target = await Account.get(id=shown.quote.target_id)
        before = await world.money(target)

        look = await _look(world)
        said, movement = await _confirmed(world, shown)

        _compare(turn, said, look)
        after = await world.money(target)
        assert after == _expected(before, shown.quote, movement), turn.__name__
    await books.assert_sound()
    provider_orders.install(None)


async def _look(world: World) -> Said:
    """What preparing the same says now."""
    try:
        await world.prepares()
    except Refusal as refusal:
        return _of(refusal)
    return YES


async def _confirmed(world: World, shown: Shown) -> tuple[Said, Movement | None]:
    """What confirming says, and what it made."""
    try:
        movement = await world.confirms(shown)
    except Refusal as refusal:
        return _of(refusal), None
    if movement.failed_for is None:
        return YES, movement
    code = catalogue.failure(movement.failed_for, Audience.PUBLIC).code
    return (code, movement.failure_missing or 0), movement


def _of(refusal: Refusal) -> Said:
    code: str = named(refusal, Language.EN).code.value
    return code, getattr(refusal, "missing", 0)


def _compare(turn: Turn, said: Said, look: Said) -> None:
    if turn in KEPT:
        assert said == YES, (turn.__name__, said)
    elif turn in NAMED_OTHERWISE:
        assert (said == YES) == (look == YES), (turn.__name__, said, look)
    else:
        assert said == look, turn.__name__


def _expected(
    before: tuple[int, int, int], quote: Quote, movement: Movement | None
) -> tuple[int, int, int]:
    """Where the money is when it was done as the quote says, or not at all."""
    balance, held, other = before
    total = quote.amount + quote.fee
    match movement and movement.status:
        case MovementStatus.COMPLETED:
            return balance - total, held, other + quote.amount
        case MovementStatus.PENDING:
            return balance, held + total, other
        case _:
            return before

"""A policy file says everything, or the server does not start."""

from __future__ import annotations

from typing import Final

import pytest

from domain.limits import policies
from domain.limits.policies import Allowance, PolicyInvalid
from domain.money import EXPONENTS
from models.limits import LimitPolicy
from server import limit_policies

SHIPPED: Final = limit_policies.SHIPPED.read_text("utf-8")
LAST: Final = SHIPPED[SHIPPED.index("[level.3.USD]") :]


def test_the_shipped_policy_has_every_level_and_currency_in_its_minor_units() -> None:
    policy = policies.parse(SHIPPED)

    assert set(policy) == {(level, currency) for level in range(4) for currency in EXPONENTS}
    assert policy[0, "CNY"] == Allowance(
        single=500_000, day=1_000_000, month=2_000_000, year=10_000_000, payments_per_day=200
    )
    assert policy[0, "JPY"].single == 100_000
    assert policy[0, "KWD"].single == 200_000
    assert policy[3, "CNY"] == Allowance(single=20_000_000, day=50_000_000)


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[level.0.CNY]", "[level.0.XXX]", "level.0 has 'XXX', and knows only CNY, EUR, GBP"),
        ("[level.3.USD]", "[level.4.USD]", "level has '4', and knows only 0, 1, 2, 3"),
        ("[level.0.CNY]", "[levels.0.CNY]", "the file has 'levels', and knows only level"),
        (LAST, "", "level.3 has nothing for USD"),
        (LAST, "[level.3]\nUSD = 5\n", "[level.3.USD] is not a table"),
        (LAST, f"{LAST}[level.3.USD.deep]\n", "level.3.USD has 'deep', and knows only day"),
        ("single = 500_000", "singel = 500_000", "level.0.CNY has 'singel', and knows only day"),
        ("single = 500_000", "single = 5_000.00", "level.0.CNY.single must be a whole number"),
        ("single = 500_000", "single = -1", "level.0.CNY.single must be a whole number from 0"),
        ("single = 500_000", "single = true", "level.0.CNY.single must be a whole number"),
        ("single = 500_000", 'single = "500"', "level.0.CNY.single must be a whole number"),
        ("single = 500_000", f"single = {2**53}", "level.0.CNY.single must be a whole number"),
        ("single = 500_000", "single = 1_000_001", "level.0.CNY.single is more than its day"),
        ("month = 2_000_000\n", "", "level.1.CNY.month allows less than level 0"),
        ("single = 500_000", "single = 500_000 CNY", "it is not TOML"),
        ("# How much", "x" * 70_000 + "# How much", "it is longer than 65536 characters"),
    ],
)
def test_a_policy_with_a_mistake_is_refused_in_one_sentence(
    before: str, after: str, says: str
) -> None:
    assert before in SHIPPED
    text = SHIPPED.replace(before, after, 1)

    with pytest.raises(PolicyInvalid) as refused:
        policies.parse(text)

    assert says in str(refused.value)


def test_a_currency_without_any_limit_still_has_a_table() -> None:
    free = SHIPPED.replace("single = 20_000_000\nday = 50_000_000\n", "", 1)

    assert policies.parse(free)[3, "CNY"] == Allowance()


@pytest.mark.usefixtures("database")
async def test_a_policy_is_in_force_once_it_is_installed_and_again_changes_nothing() -> None:
    policy = dict(policies.parse(SHIPPED))
    policy[0, "CNY"] = Allowance(single=7, payments_per_day=1)

    await policies.install(policy)
    await policies.install(policy)

    row = await LimitPolicy.get(level=0, currency="CNY")
    assert (row.single, row.day, row.payments_day) == (7, None, 1)
    assert await LimitPolicy.all().count() == len(policy)

"""Amounts as people read them."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency
from hypothesis import example, given
from hypothesis import strategies as st

from domain.money import EXPONENTS
from schema.money import display
from schema.texts import Language

AMOUNTS = st.integers(-(2**53) + 1, 2**53 - 1)


@given(AMOUNTS, st.sampled_from(sorted(EXPONENTS)), st.sampled_from(list(Language)))
@example(0, "CNY", Language.EN)
@example(-1, "KWD", Language.ZH_CN)
@example(-1, "JPY", Language.EN)
@example(999, "CNY", Language.EN)
@example(100_000, "JPY", Language.ZH_CN)
def test_an_amount_is_written_as_its_language_writes_it(
    amount: int, currency: str, language: Language
) -> None:
    value = Decimal(amount).scaleb(-EXPONENTS[currency])

    written = format_currency(value, currency, locale=language.value.replace("-", "_"))

    assert display(amount, currency, language) == written

"""A provider's JSON in our words; whatever makes no sense is an answer that was lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from channels.providers.accounts import AccountAnswer, AccountStatus
from channels.providers.orders import (
    AnswerLost,
    AnswerStatus,
    OrderKind,
    ProviderAnswer,
    Unreachable,
)
from channels.providers.statements import BookedKind, StatementLine

NO_SUCH_ORDER: Final = "no_such_order"
MAINTENANCE: Final = "maintenance"
"""The error by which a provider says that it takes nothing at present, and took nothing."""

_LONGEST_WORD: Final = 64

T = TypeVar("T")


def answer(order_id: UUID, status: int, raw: str) -> ProviderAnswer | None:
    """What became of an order; None for a provider that says it never heard of it.

    Raises:
        Unreachable: the provider says that it is down for maintenance.
        AnswerLost: anything else that is no answer about this order.
    """
    words = _object(raw)
    if status == 404 and words.get("error") == NO_SUCH_ORDER:
        return None
    _expect_success(status, words, raw)
    if words.get("order_id") != str(order_id):
        raise AnswerLost("The provider's answer names another order.", raw)
    return _sensible(raw, lambda: _answer(words, raw))


def account(account_id: UUID, status: int, raw: str) -> AccountAnswer:
    """What the provider says of a bank account; raises as `answer` does."""
    words = _object(raw)
    _expect_success(status, words, raw)
    if words.get("account_id") != str(account_id):
        raise AnswerLost("The provider's answer names another account.", raw)
    return _sensible(raw, lambda: _account(words, raw))


def page(on: date, status: int, raw: str) -> tuple[list[StatementLine], str | None]:
    """Lines of the statement of one day, and after which reference to go on; None at the end.

    Raises as `answer` does.
    """
    words = _object(raw)
    _expect_success(status, words, raw)
    if words.get("on") != on.isoformat():
        raise AnswerLost("The provider's statement is of another day.", raw)
    return _sensible(
        raw, lambda: ([_line(each) for each in words["lines"]], _word(words.get("next")))
    )


def _answer(words: dict[str, Any], raw: str) -> ProviderAnswer:
    return ProviderAnswer(
        status=AnswerStatus(words["status"]),
        amount_minor=_whole(words["amount_minor"]),
        currency=str(words["currency"]),
        reference=_word(words.get("reference")),
        decline_code=_word(words.get("decline_code")),
        raw=raw,
        # Providers that only ever charged did not say so.
        kind=OrderKind(words.get("kind", OrderKind.CHARGE)),
    )


def _account(words: dict[str, Any], raw: str) -> AccountAnswer:
    tries_left = words.get("tries_left")
    return AccountAnswer(
        status=AccountStatus(words["status"]),
        token=_word(words.get("token")),
        decline_code=_word(words.get("decline_code")),
        tries_left=None if tries_left is None else _whole(tries_left),
        raw=raw,
    )


def _line(words: dict[str, Any]) -> StatementLine:
    reference, order_id = _word(words["reference"]), words.get("order_id")
    booked_at = datetime.fromisoformat(words["booked_at"])
    amount_minor, fee_minor = _whole(words["amount_minor"]), _whole(words.get("fee_minor", 0))
    if reference is None or booked_at.tzinfo is None or min(amount_minor, fee_minor) < 0:
        raise ValueError("no booking")
    return StatementLine(
        reference=reference,
        order_id=None if order_id is None else UUID(order_id),
        kind=BookedKind(words["kind"]),
        amount_minor=amount_minor,
        fee_minor=fee_minor,
        currency=str(words["currency"]),
        booked_at=booked_at,
    )


def _expect_success(status: int, words: dict[str, Any], raw: str) -> None:
    if status == 503 and words.get("error") == MAINTENANCE:
        raise Unreachable("The provider is down for maintenance.")
    if status != 200:
        raise AnswerLost(f"The provider answered with status {status}.", raw)


def _sensible(raw: str, read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise AnswerLost("The provider's answer makes no sense.", raw) from error


def _object(raw: str) -> dict[str, Any]:
    try:
        words = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}


def _whole(value: object) -> int:
    if type(value) is not int:
        raise ValueError("not a whole number")
    return value


def _word(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and 1 <= len(value) <= _LONGEST_WORD and value.isprintable():
        return value
    raise ValueError("not a word")

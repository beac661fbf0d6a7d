"""What a payer was shown: for five minutes, and done as it was shown or not at all."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from domain import keys
from domain.refusals import Refusal
from models.quotes import Quote

LIVES: Final = timedelta(minutes=5)


class QuoteExpired(Refusal):
    def __init__(self) -> None:
        super().__init__("This quote has expired.")


class IntentChanged(Refusal):
    """The challenge is of another quote: what was proved is not what would be done."""

    def __init__(self) -> None:
        super().__init__("This confirmation belongs to another payment.")


def intent(quote: Quote) -> bytes:
    """What the payer agrees to: whoever, whatever and how much is in it cannot change any more."""
    return keys.digest(
        quote.kind.value,
        quote.person_id,
        quote.source_id,
        quote.target_id,
        quote.subject_id,
        quote.amount,
        quote.fee,
        quote.currency,
        quote.capture.value,
        quote.arrival,
        quote.expires_at.isoformat(),
    )

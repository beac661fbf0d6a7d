"""What a transfer was shown to do: for five minutes, and as it was shown or not at all."""

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


def intent(quote: Quote) -> bytes:
    """What the payer agrees to: whoever, whatever and how much is in it cannot change any more."""
    return keys.digest(
        "transfer",
        quote.person_id,
        quote.source_id,
        quote.target_id,
        quote.amount,
        quote.fee,
        quote.currency,
        quote.arrival,
        quote.expires_at.isoformat(),
    )

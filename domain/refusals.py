"""A no that a person can act on; each verb says which of them it may answer."""

from __future__ import annotations


class Refusal(Exception):
    """An expected no: a plain English sentence, and the facts as attributes."""


class NotFound(Exception):
    """No such thing, or not for this person; the two look the same from outside."""


class Busy(Refusal):
    """Too many postings are waiting; nothing was recorded, the same key may be tried again."""

    def __init__(self) -> None:
        super().__init__("uPay is busy just now.")


class OutcomeUnknown(Refusal):
    """The database did not answer in time: it may or may not have been recorded.

    The same key, asked again, gives the true answer.
    """

    def __init__(self) -> None:
        super().__init__("It is not yet known whether this was recorded.")


class KeyReused(Refusal):
    """The idempotency key came before, for something else; nothing was recorded."""

    def __init__(self) -> None:
        super().__init__("This key was already used for something else.")

"""Bank accounts and cards, as a provider is told of them and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class AccountStatus(StrEnum):
    """What a provider says of a card or bank account."""

    CONFIRMED = "confirmed"  # it is there, and is its holder's
    AMOUNT_SENT = "amount_sent"  # a small amount went to it: whoever knows which can see into it
    REFUSED = "refused"  # it is not there, is closed, or is somebody else's


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetails:
    """A card or bank account that a provider is told of, once for each id.

    A bank account has a `number`; of a card there is only the `token` that the provider gave out.
    """

    id: UUID
    holder: str = field(repr=False)
    currency: str
    number: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """What the provider says of it; `token` names it in orders, `tries_left` after a wrong amount.

    `raw` is the answer as it came; it never holds the number.
    """

    status: AccountStatus
    token: str | None
    decline_code: str | None
    tries_left: int | None
    raw: str

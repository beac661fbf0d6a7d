"""What a provider's no means: its own code, by who says it and which way the money was to go."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from domain.provider_orders.sayings import Direction

DECLINED: Final = "PROVIDER_DECLINED"
DOWN: Final = "PROVIDER_DOWN"
CARD_FUNDS: Final = "CARD_FUNDS"
CARD_EXPIRED: Final = "CARD_EXPIRED"
CARD_LIMIT: Final = "CARD_LIMIT"
CONTACT_BANK: Final = "CONTACT_BANK"
ACCOUNT_INVALID: Final = "BANK_ACCOUNT_INVALID"

FAILURE_CODES: Final = (
    DECLINED,
    DOWN,
    CARD_FUNDS,
    CARD_EXPIRED,
    CARD_LIMIT,
    CONTACT_BANK,
    ACCOUNT_INVALID,
)
"""Every reason for which a movement fails that a provider gave."""

_log = logging.getLogger(__name__)


_ANY: Final = "*"
_TABLE: Final[Mapping[tuple[str, str, Direction], str]] = {
    (_ANY, "insufficient_funds", Direction.IN): CARD_FUNDS,
    # Of a payout: what we keep with the provider is used up, which is no fault of the payee's.
    (_ANY, "insufficient_funds", Direction.OUT): DOWN,
    **{
        (_ANY, raw, direction): code
        for direction in Direction
        for raw, code in {
            "expired_card": CARD_EXPIRED,
            "card_limit": CARD_LIMIT,
            "contact_bank": CONTACT_BANK,
            "account_closed": ACCOUNT_INVALID,
            "account_invalid": ACCOUNT_INVALID,
            "holder_differs": ACCOUNT_INVALID,
            "provider_down": DOWN,
            "maintenance": DOWN,
            # A bank that says no more than that; and what would warn a thief.
            "do_not_honor": DECLINED,
            "lost_card": DECLINED,
            "stolen_card": DECLINED,
            "suspected_fraud": DECLINED,
        }.items()
    },
}
_OUR_OWN_MATTER: Final = frozenset({("insufficient_funds", Direction.OUT)})


def failure_code(provider: str, raw: str | None, direction: Direction) -> str:
    """The code that a movement fails with; what is in no table, or is ours to mend, is an alert."""
    word = raw or ""
    code = _TABLE.get((provider, word, direction)) or _TABLE.get((_ANY, word, direction))
    if code is None:
        _log.error("The provider %s declines with %r, which is in no table.", provider, raw)
        return DECLINED
    if (word, direction) in _OUR_OWN_MATTER:
        _log.error("The provider %s declines payouts with %r: see to it.", provider, raw)
    return code

"""What may be done for a merchant, and who of its people may do it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from models.merchants import MemberRole


class Scope(StrEnum):
    """One sort of thing that is done for a merchant; an API key has those it was made with."""

    READ = "read"  # orders, payments, refunds, events
    ORDERS = "orders"  # make and close orders, show codes
    PAYMENTS = "payments"  # capture and void, scan a customer's code
    REFUNDS = "refunds"
    WEBHOOKS = "webhooks"  # endpoints and their deliveries
    SETTLEMENTS = "settlements"  # what was settled, and its files
    SANDBOX = "sandbox"  # the clock of a test server
    MANAGE = "manage"  # people, keys, the bank account, pausing; never a key's


KEY_SCOPES: Final = frozenset(Scope) - {Scope.MANAGE}

_OF: Final = {
    MemberRole.OWNER: frozenset(Scope),
    MemberRole.MANAGER: frozenset(Scope),
    MemberRole.CASHIER: frozenset({Scope.READ, Scope.ORDERS, Scope.PAYMENTS}),
    MemberRole.VIEWER: frozenset({Scope.READ, Scope.SETTLEMENTS}),
}


def scopes_of(role: MemberRole) -> frozenset[Scope]:
    """What somebody with this role may do."""
    return _OF[role]

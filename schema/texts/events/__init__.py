"""What is said of everything that happens to an account, in letters and in the app's own list."""

from __future__ import annotations

from typing import Final

from models.security_events import EventKind
from schema.texts.events.accounts import ACCOUNTS
from schema.texts.events.bank_accounts import BANK_ACCOUNTS
from schema.texts.events.contacts import CONTACTS
from schema.texts.events.factors import FACTORS
from schema.texts.events.merchants import MERCHANTS
from schema.texts.events.parts import EventText
from schema.texts.events.payments import PAYMENTS
from schema.texts.events.signing_in import SIGNING_IN
from schema.texts.events.webhooks import WEBHOOKS

EVENTS: Final[dict[EventKind, EventText]] = {
    **SIGNING_IN,
    **FACTORS,
    **CONTACTS,
    **PAYMENTS,
    **ACCOUNTS,
    **BANK_ACCOUNTS,
    **MERCHANTS,
    **WEBHOOKS,
}
"""One entry for each kind there is; a test holds it complete."""

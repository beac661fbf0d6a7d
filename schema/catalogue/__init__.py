"""Every code that uPay can say, and everything there is to say about it, in one place.

The enums of the schema, the words for people and docs/reference/errors.md are all made from it.
"""

from __future__ import annotations

from typing import Final

from models.sessions import Audience
from schema.catalogue.acquaintances import ACQUAINTANCES
from schema.catalogue.bank_accounts import BANK_ACCOUNTS
from schema.catalogue.cases import CASES
from schema.catalogue.client_versions import CLIENT_VERSIONS
from schema.catalogue.closings import CLOSINGS
from schema.catalogue.contacts import CONTACTS
from schema.catalogue.desk import DESK
from schema.catalogue.documents import DOCUMENTS
from schema.catalogue.entries import Disclosure, Entry, Place
from schema.catalogue.exports import EXPORTS
from schema.catalogue.factors import FACTORS
from schema.catalogue.limits import LIMITS
from schema.catalogue.merchant_codes import MERCHANT_CODES
from schema.catalogue.merchants import MERCHANTS
from schema.catalogue.notices import NOTICES
from schema.catalogue.orders import MERCHANT_MAY_KNOW, ORDERS, TOLD_TO_MERCHANT
from schema.catalogue.passkeys import PASSKEYS
from schema.catalogue.passwords import PASSWORDS
from schema.catalogue.payees import PAYEES
from schema.catalogue.payments import PAYMENTS
from schema.catalogue.people import PEOPLE
from schema.catalogue.proofs import PROOFS
from schema.catalogue.providers import PROVIDERS
from schema.catalogue.receipts import RECEIPTS
from schema.catalogue.receive_codes import RECEIVE_CODES
from schema.catalogue.refunds import REFUNDS
from schema.catalogue.requests import REQUESTS
from schema.catalogue.risk import RISK
from schema.catalogue.sessions import SESSIONS
from schema.catalogue.settlements import SETTLEMENTS
from schema.catalogue.test_clock import TEST_CLOCK
from schema.catalogue.unclaimed import UNCLAIMED
from schema.catalogue.verification_requests import VERIFICATION_REQUESTS
from schema.catalogue.wallets import WALLETS
from schema.catalogue.webhooks import WEBHOOKS
from schema.catalogue.wires import WIRES

GROUPS: Final[dict[str, tuple[Entry, ...]]] = {
    "Any request": REQUESTS,
    "Payments": PAYMENTS,
    "Orders": ORDERS,
    "Money in and out": PROVIDERS,
    "Payees": PAYEES,
    "Unclaimed transfers": UNCLAIMED,
    "Between people": ACQUAINTANCES,
    "Before and meanwhile": NOTICES,
    "Codes to scan": RECEIVE_CODES,
    "Merchants' codes": MERCHANT_CODES,
    "Refunds": REFUNDS,
    "Receipts": RECEIPTS,
    "Wallets": WALLETS,
    "Bank accounts": BANK_ACCOUNTS,
    "Closing": CLOSINGS,
    "Limits": LIMITS,
    "Risk": RISK,
    "Proofs": PROOFS,
    "Passkeys": PASSKEYS,
    "People": PEOPLE,
    "Passwords": PASSWORDS,
    "Contacts": CONTACTS,
    "Sessions": SESSIONS,
    "Second factors": FACTORS,
    "Versions of apps": CLIENT_VERSIONS,
    "Verification": VERIFICATION_REQUESTS,
    "Exports": EXPORTS,
    "Merchants": MERCHANTS,
    "Settlements": SETTLEMENTS,
    "Cases": CASES,
    "Webhooks": WEBHOOKS,
    "The desk": DESK,
    "The test clock": TEST_CLOCK,
    "Documents": DOCUMENTS,
    "The wire": WIRES,
}
"""The entries by what they are about, in the order of the enums."""

ENTRIES: Final = {entry.code: entry for group in GROUPS.values() for entry in group}
_RECORDED: Final = {word: entry for entry in ENTRIES.values() for word in entry.recorded_as}


def at(place: Place) -> tuple[Entry, ...]:
    """The entries that come out at one place."""
    return tuple(entry for entry in ENTRIES.values() if place in entry.places)


def problem(code: str) -> Entry:
    """What a problem says."""
    return _entry(code, Place.PROBLEM)


def failure(recorded: str, audience: Audience) -> Entry:
    """What the reason that a movement was recorded to fail for says to one of the two APIs."""
    entry = _RECORDED.get(recorded) or _entry(recorded, Place.FAILURE)
    if entry.disclosure is Disclosure.HIDDEN and audience is not Audience.DESK:
        assert entry.told_as is not None, "a hidden entry names the one that takes its place"
        return _entry(entry.told_as, Place.FAILURE)
    return entry


def failure_for_merchant(recorded: str) -> Entry:
    """What a merchant hears: the reason, or that it is the payer's own."""
    known = recorded if recorded in MERCHANT_MAY_KNOW else TOLD_TO_MERCHANT
    return _entry(known, Place.FAILURE)


def notice(code: str) -> Entry:
    """What is to be known of a payment that is not done yet."""
    return _entry(code, Place.NOTICE)


def top_level(code: str) -> Entry:
    """What a top-level error says, and with which HTTP status."""
    return _entry(code, Place.TOP_LEVEL)


def _entry(code: str, place: Place) -> Entry:
    entry = ENTRIES[code]
    assert place in entry.places, f"{code} is no {place.value}"
    return entry

"""Every code that uPay can say, and everything there is to say about it, in one place.

The enums of the schema, the words for people and docs/reference/errors.md are all made from it.
"""

from __future__ import annotations

from typing import Final

from models.sessions import Audience
from schema.catalogue.client_versions import CLIENT_VERSIONS
from schema.catalogue.closings import CLOSINGS
from schema.catalogue.contacts import CONTACTS
from schema.catalogue.desk import DESK
from schema.catalogue.documents import DOCUMENTS
from schema.catalogue.entries import Disclosure, Entry, Place
from schema.catalogue.exports import EXPORTS
from schema.catalogue.factors import FACTORS
from schema.catalogue.limits import LIMITS
from schema.catalogue.passkeys import PASSKEYS
from schema.catalogue.passwords import PASSWORDS
from schema.catalogue.payees import PAYEES
from schema.catalogue.payments import PAYMENTS
from schema.catalogue.people import PEOPLE
from schema.catalogue.proofs import PROOFS
from schema.catalogue.receipts import RECEIPTS
from schema.catalogue.receive_codes import RECEIVE_CODES
from schema.catalogue.requests import REQUESTS
from schema.catalogue.risk import RISK
from schema.catalogue.sessions import SESSIONS
from schema.catalogue.verification_requests import VERIFICATION_REQUESTS
from schema.catalogue.wallets import WALLETS
from schema.catalogue.wires import WIRES

GROUPS: Final[dict[str, tuple[Entry, ...]]] = {
    "Any request": REQUESTS,
    "Payments": PAYMENTS,
    "Payees": PAYEES,
    "Codes to scan": RECEIVE_CODES,
    "Receipts": RECEIPTS,
    "Wallets": WALLETS,
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
    "The desk": DESK,
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


def top_level(code: str) -> Entry:
    """What a top-level error says, and with which HTTP status."""
    return _entry(code, Place.TOP_LEVEL)


def _entry(code: str, place: Place) -> Entry:
    entry = ENTRIES[code]
    assert place in entry.places, f"{code} is no {place.value}"
    return entry
